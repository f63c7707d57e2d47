using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Serialization;

/// <summary>What trainers keep beside the weights is no hindrance, and is never made: the weights load as if they were alone.</summary>
public sealed class OpaqueValueTests
{
    private static readonly KeyValuePair<string, Tensor>[] Weights = [.. TinyNetworks.Srcnn().Module.StateDictionary()];

    public static IEnumerable<TestCaseData> Values
    {
        get
        {
            yield return Case("a counter", p => p.Global("collections", "Counter").Raw("}").Integer(1).Integer(2).Raw("s").Raw(0x85).Raw("R"));
            yield return Case("an enum", p => p.Global("my.module", "Phase").Integer(1).Raw(0x85).Raw("R"));
            yield return Case("a date", p => p.Global("datetime", "datetime").Raw("C").Raw(3, 1, 2, 3).Raw(0x85).Raw("R"));
            yield return Case("a dataclass", p => p.Global("my.module", "Options").Raw(")").Raw(0x81).Raw("}").Text("lr").Integer(1).Raw("sb"));
            yield return Case("an object with keyword arguments", p => p.Global("my.module", "Options").Raw(")}").Raw(0x92));
            yield return Case("a state that is no dictionary", p => p.Global("numpy", "dtype").Raw(")R").Integer(3).Raw(0x85).Raw("b"));
            yield return Case("a dictionary of its own class", p => p.Global("easydict", "EasyDict").Raw(")").Raw(0x81).Raw("(").Text("a").Integer(1).Raw("u"));
            yield return Case("a list of its own class", p => p.Global("my.module", "Items").Raw(")").Raw(0x81).Raw("(").Integer(1).Integer(2).Raw("e"));
            yield return Case("a set", p => p.Raw(0x8F).Raw("(").Integer(1).Raw(0x90));
            yield return Case("a frozen set", p => p.Raw("(").Integer(1).Raw(0x91));
            yield return Case("bytes", p => p.Raw("B").Raw(2, 0, 0, 0, 7, 8));
            yield return Case("many bytes", p => p.Raw(0x8E, 2, 0, 0, 0, 0, 0, 0, 0, 7, 8));
            yield return Case("a byte array", p => p.Raw(0x96, 2, 0, 0, 0, 0, 0, 0, 0, 7, 8));
            yield return Case("a long text", p => p.Raw(0x8D, 2, 0, 0, 0, 0, 0, 0, 0, 65, 66));
            yield return Case("a text of Python 2", p => p.Raw("T").Raw(2, 0, 0, 0, 0xFF, 0x80));
            yield return Case("half a surrogate", p => p.Raw("X").Raw(3, 0, 0, 0, 0xED, 0xA0, 0x80));
            yield return Case("a large number", p => p.Raw(0x8B, 9, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
            yield return Case("an extension", p => p.Raw(0x82, 5));
            yield return Case("numbers as text", p => p.Raw("(I7\nI01\nL12345678901234567890L\nF0.5\nS'x'\nVy\nt"));
            yield return Case("a list and a dictionary as text", p => p.Raw("(I1\nl(Va\nI1\ndp3\n0g3\n0"));
            yield return Case("an instance", p => p.Raw("(I1\nios\nsystem\n"));
            yield return Case("an old object", p => p.Raw("(").Global("os", "system").Raw("I1\no"));
            yield return Case("a call", p => p.Global("os", "system").Text("echo never").Raw(0x85).Raw("R"));
            yield return Case("a call of what a call made", p => p.Global("functools", "partial").Global("os", "system").Raw(0x85).Raw("R").Text("x").Raw(0x85).Raw("R"));
            yield return Case("a class", p => p.Global("torch", "float32"));
            yield return Case("a duplicate", p => p.Integer(1).Raw("20"));
            yield return Case("what is thrown away", p => p.Integer(1).Raw("(I2\n1"));
            yield return Case("a size", p => p.Global("torch", "Size").Integer(1).Integer(2).Raw(0x86, 0x85).Raw("R"));
            yield return Case("a default dictionary", p => p.Global("collections", "defaultdict").Global("builtins", "list").Raw(0x85).Raw("R"));
            yield return Case("complex numbers", p => p.View(p.Storage([1, 2, 3]), [3], "ComplexFloatStorage"));
            yield return Case("numbers of a type to come", p => p.View(p.Storage([1, 2, 3]), [3], "Float4Storage"));
            yield return Case("a parameter of such", p => Parameter(p, "_rebuild_parameter", ")"));
            yield return Case("a foreign reference", p => p.Text("somewhere").Raw("Q"));
            yield return Case("dictionaries forty deep", p => Nested(p, 40));
        }
    }

    [TestCaseSource(nameof(Values))]
    public void A_value_beside_the_weights_is_passed_over(Func<TorchPickle, TorchPickle> value)
    {
        TorchPickle pickle = new TorchPickle().Raw("}(").Text("before");
        value(pickle).Text("state_dict").State(Weights).Text("after");
        AssertLoads(value(pickle).Raw("u").ToFile());
    }

    [TestCaseSource(nameof(Values))]
    public void A_value_among_the_weights_is_passed_over(Func<TorchPickle, TorchPickle> value)
    {
        TorchPickle pickle = new TorchPickle().Raw("}(").Text("version");
        AssertLoads(value(pickle).Items(Weights).Raw("u").ToFile());
    }

    public static IEnumerable<TestCaseData> Keys
    {
        get
        {
            yield return Case("None", p => p.Raw("N"));
            yield return Case("a tuple", p => p.Integer(1).Integer(2).Raw(0x86));
            yield return Case("a list", p => p.Raw("]"));
            yield return Case("an object", p => p.Global("my.module", "Key").Raw(")").Raw(0x81));
            yield return Case("bytes", p => p.Raw("C").Raw(1, 7));
            yield return Case("a number", p => p.Integer(3));
            yield return Case("true", p => p.Raw(0x88));
            yield return Case("a text of 5000 letters", p => p.Text(new string('k', 5000)));
        }
    }

    [TestCaseSource(nameof(Keys))]
    public void A_key_that_names_no_tensor_is_passed_over(Func<TorchPickle, TorchPickle> key)
    {
        TorchPickle pickle = new TorchPickle().Raw("}(");
        AssertLoads(key(pickle).Integer(1).Text("state_dict").State(Weights).Raw("u").ToFile());
    }

    [Test]
    public void A_state_dict_may_be_of_any_class_of_dictionary()
    {
        foreach ((string module, string name) in new[] { ("collections", "OrderedDict"), ("collections", "defaultdict"), ("my.module", "StateDict") })
            AssertLoads(new TorchPickle().Global(module, name).Raw(")R(").Items(Weights).Raw("u").ToFile());
        AssertLoads(new TorchPickle().Global("builtins", "dict").State(Weights).Raw(0x85).Raw("R").ToFile());
        AssertLoads(new TorchPickle().State(Weights).Integer(7).Raw(0x86).ToFile());
    }

    [Test]
    public void Parameters_and_tensors_of_their_own_class_are_tensors()
    {
        TorchPickle pickle = new TorchPickle().Raw("}(");
        foreach ((string key, Tensor tensor) in Weights)
        {
            // _rebuild_parameter_with_state(data, requires_grad, hooks, state); the bias as _rebuild_from_type_v2(function, type, arguments, state).
            pickle.Text(key);
            if (tensor.Rank > 1)
                pickle.Global("torch._utils", "_rebuild_parameter_with_state").Raw("(").View(pickle.Storage(tensor.ToArray()), tensor.Shape.Sizes).Raw(0x88).Raw("}}tR");
            else
                pickle.Global("torch._tensor", "_rebuild_from_type_v2").Raw("(").Global("torch._utils", "_rebuild_parameter").Global("my.module", "Weight")
                    .Raw("(").View(pickle.Storage(tensor.ToArray()), tensor.Shape.Sizes).Raw(0x88).Raw("}t}tR");
        }

        AssertLoads(pickle.Raw("u").ToFile());
    }

    [Test]
    public void A_weight_that_only_a_program_could_make_is_named()
    {
        TorchPickle pickle = new TorchPickle().Raw("}(").Items(Weights.Where(w => w.Key != "conv2.bias"))
            .Text("conv2.bias").Global("numpy.core.multiarray", "_reconstruct").Raw(")R").Raw("u");
        Assert.That(
            () => Load(pickle.ToFile()),
            Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("'conv2.bias' (numpy.core.multiarray._reconstruct)"));
    }

    [Test]
    public void A_pickled_module_is_said_to_be_none() => Assert.That(
        () => Load(new TorchPickle().Global("my.models", "Net").Raw(")").Raw(0x81).State(Weights).Raw("b").ToFile()),
        Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("'my.models.Net'").And.Message.Contains("save its state_dict"));

    [TestCase(new byte[] { 0x8F }, TestName = "What_one_file_puts_into_a_set_is_not_in_the_next_file's")]
    [TestCase(new byte[] { (byte)'(', 0x91 }, TestName = "What_one_file_puts_into_a_frozen_set_is_not_in_the_next_file's")]
    [TestCase(new byte[] { (byte)'C', 0 }, TestName = "What_one_file_puts_into_bytes_is_not_in_the_next_file's")]
    public void What_one_file_puts_into_a_value_is_not_in_the_next_files(byte[] value)
    {
        AssertLoads(new TorchPickle().Raw(value).Raw("(").Items(Weights).Raw("u").ToFile());
        Assert.That(
            () => Checkpoint.Read(new TorchPickle().Raw(value).ToFile(), "made.pth"),
            Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("not one tensor"));
    }

    [TestCase(1)]
    [TestCase(70_000)]
    public void What_follows_the_end_of_the_archive_is_passed_over(int bytes)
    {
        byte[] file = new TorchPickle().State(Weights).ToFile();
        AssertLoads([.. file, .. new byte[bytes]]);
        // What follows may look like another end.
        AssertLoads([.. file, .. "PK\u0005\u0006"u8, .. new byte[bytes]]);
    }

    private static void AssertLoads(byte[] file)
    {
        RestorationNetwork network = Load(file);
        foreach ((string key, Tensor tensor) in Weights)
            Assert.That(network.Module.StateDictionary().Single(e => e.Key == key).Value.ToArray(), Is.EqualTo(tensor.ToArray()), key);
    }

    private static RestorationNetwork Load(byte[] file) => ModelZoo.Network(Checkpoint.Read(file, "made.pth"), "made.pth", new ModelZooOptions());

    private static TorchPickle Parameter(TorchPickle pickle, string function, string hooks) =>
        pickle.Global("torch._utils", function).Raw("(").View(pickle.Storage([1, 2]), [1], "ComplexFloatStorage").Raw(0x88).Raw(hooks).Raw("tR");

    private static TorchPickle Nested(TorchPickle pickle, int depth)
    {
        for (int i = 0; i < depth; i++)
            pickle.Raw("}").Text("in");
        pickle.Integer(1);
        for (int i = 0; i < depth; i++)
            pickle.Raw("s");
        return pickle;
    }

    private static TestCaseData Case(string name, Func<TorchPickle, TorchPickle> write) => new TestCaseData(write).SetArgDisplayNames(name);
}
