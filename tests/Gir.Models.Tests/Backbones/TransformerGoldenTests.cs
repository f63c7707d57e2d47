using Gir.Models.Backbones.Hat;
using Gir.Models.Backbones.Restormer;
using Gir.Models.Backbones.SwinIr;
using Gir.Models.Backbones.Uformer;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tests.Zoo;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Backbones;

/// <summary>SwinIR, Restormer, Uformer and HAT against their authors' code.</summary>
public sealed class TransformerGoldenTests
{
    private static readonly string[] s_cheapFull = ["full_swinir_light_x2", "full_restormer_biasfree"];

    public static IEnumerable<string> Small => Files("swinir_*", "restormer_*", "uformer_*", "hat_*");

    public static IEnumerable<string> Full => Files("full_swinir_*", "full_restormer_*", "full_uformer_*", "full_hat_*").Except(s_cheapFull);

    [TestCaseSource(nameof(Small))]
    public void A_small_network_gives_the_official_outputs_and_gradients(string name)
    {
        ModelGolden golden = ModelGolden.Load(name);
        RestorationNetwork network = Load(golden);
        Tensor input = golden.Read("input");
        input.RequiresGradient = true;
        Tensor output = Run(network, input);
        golden.AssertOutput(output, "output64");
        output.Backward(golden.Read("w"));
        Dictionary<string, Tensor> leaves = network.Module.NamedParameters().ToDictionary(p => p.Key, p => p.Value);
        leaves["input"] = input;
        string[] expected = [.. golden.Data.Names.Where(n => n.StartsWith("grad.", StringComparison.Ordinal))];
        Assert.That(expected, Is.Not.Empty);
        foreach (string key in expected)
            Assert.That(golden.Error(leaves[key["grad.".Length..]].Gradient!, key), Is.LessThanOrEqualTo(golden.GradientTolerance), $"{name}: {key}");
    }

    // Without gradients, attention runs in a kernel of its own.
    [TestCaseSource(nameof(Small))]
    public void Inference_gives_the_official_outputs_at_both_sizes(string name)
    {
        ModelGolden golden = ModelGolden.Load(name);
        AssertInference(golden, Load(golden));
    }

    [TestCaseSource(nameof(s_cheapFull))]
    public void A_network_of_published_size_gives_the_official_output(string name) => AssertFull(name);

    [Explicit("Takes seconds each; the small configurations cover the same code.")]
    [TestCaseSource(nameof(Full))]
    public void Every_network_of_published_size_gives_the_official_output(string name) => AssertFull(name);

    [TestCaseSource(nameof(Small))]
    public void Keys_and_shapes_alone_tell_the_architecture_and_every_tensor(string name)
    {
        ModelGolden golden = ModelGolden.Load(name);
        Dictionary<string, Tensor> state = State(golden);
        Dictionary<string, TensorShape> shapes = state.ToDictionary(e => e.Key, e => e.Value.Shape);
        ArchitectureDescriptor descriptor = Architectures.All.Single(d => d.Matches(shapes));
        RestorationNetwork fromShapes = descriptor.Create(shapes, HyperParameters.None);
        RestorationNetwork fromBoth = descriptor.Create(shapes, golden.Hyper);
        RestorationNetwork fromArguments = descriptor.Create(golden.Hyper);
        Assert.Multiple(() =>
        {
            Assert.That(Keys(fromShapes), Is.EquivalentTo(Keys(fromArguments)));
            Assert.That(fromBoth.Configuration, Is.EqualTo(fromArguments.Configuration));
            Assert.That(fromShapes with { Module = fromBoth.Module, Configuration = "" }, Is.EqualTo(fromArguments with { Module = fromBoth.Module, Configuration = "" }));
            // Index tables and masks follow from the configuration: loading accepts them.
            Assert.That(() => fromShapes.Module.LoadState(state), Throws.Nothing);
        });
    }

    [Test]
    [OnePass]
    public void Published_configurations_have_the_published_numbers_of_parameters()
    {
        using IDisposable loading = Initializer.ForLoading(long.MaxValue);
        Assert.Multiple(() =>
        {
            Assert.That(new SwinIr().ParameterCount(), Is.EqualTo(11_504_163));
            Assert.That(new Restormer().ParameterCount(), Is.EqualTo(26_126_644));
            Assert.That(new Restormer(new RestormerOptions { NormBias = false }).ParameterCount(), Is.EqualTo(26_111_668));
            Assert.That(new Uformer().ParameterCount(), Is.EqualTo(50_880_946), "B");
            Assert.That(new Uformer(new UformerOptions { Depths = [2, 2, 2, 2, 2, 2, 2, 2, 2] }).ParameterCount(), Is.EqualTo(20_751_197), "S");
            Assert.That(new Uformer(new UformerOptions { Width = 16, Depths = [2, 2, 2, 2, 2, 2, 2, 2, 2] }).ParameterCount(), Is.EqualTo(5_291_853), "T");
            Assert.That(new Hat().ParameterCount(), Is.EqualTo(20_772_507), "x4");
            Assert.That(new Hat(new HatOptions { Scale = 1 }).ParameterCount(), Is.EqualTo(20_477_083), "x1");
        });
    }

    [Test]
    public void What_shapes_cannot_say_is_asked_for()
    {
        Dictionary<string, TensorShape> shapes = ModelGolden.Load("uformer_nomodulator_clamped").State().ToDictionary(e => e.Key, e => e.Value.Shape);
        Assert.That(
            () => new UformerDescriptor().Create(shapes, HyperParameters.Parse("{\"img_size\": 128}")),
            Throws.ArgumentException.With.Message.Contains("img_size"));
        shapes["skip_conv.weight"] = [8, 4, 1, 1];
        Assert.That(() => new RestormerDescriptor().Create(shapes, HyperParameters.None), Throws.ArgumentException.With.Message.Contains("dual-pixel"));
    }

    [Test]
    public void Sizes_that_do_not_fit_are_refused_by_name()
    {
        var restormer = new Restormer(new RestormerOptions { Width = 4, Blocks = [1, 1, 1, 1], RefinementBlocks = 1 });
        var hat = new Hat(new HatOptions { Width = 12, Depths = [1], Heads = [2], WindowSize = 4, SqueezeFactor = 4 });
        Assert.Multiple(() =>
        {
            Assert.That(() => restormer.Call(Tensor.Zeros([1, 3, 12, 16])), Throws.TypeOf<TensorShapeException>().With.Message.Contains("multiples of 8"));
            Assert.That(() => hat.Call(Tensor.Zeros([1, 3, 8, 6])), Throws.TypeOf<TensorShapeException>().With.Message.Contains("multiples of 4"));
            Assert.That(() => new SwinIr(new SwinIrOptions { Heads = [7, 6, 6, 6, 6, 6] }), Throws.ArgumentException);
            Assert.That(() => new SwinIr(new SwinIrOptions { Scale = 2 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    private static Dictionary<string, TensorShape> Keys(RestorationNetwork network) => network.Module.StateDictionary().ToDictionary(e => e.Key, e => e.Value.Shape);

    // One file has no weights of its own: it repeats another's network on a padded image.
    private static Dictionary<string, Tensor> State(ModelGolden golden) =>
        (golden.Name == "restormer_odd_padded" ? ModelGolden.Load("restormer_biasfree") : golden).State();

    private static RestorationNetwork Load(ModelGolden golden) => LoadedNetwork.Of(State(golden), golden.Hyper);

    private static void AssertFull(string name)
    {
        ModelGolden golden = ModelGolden.Load(name);
        RestorationNetwork network;
        using (Initializer.ForLoading(long.MaxValue))
            network = Architectures.Find(golden.Data.Metadata["architecture"]).Create(golden.Hyper);
        Assert.That(network.Module.ParameterCount(), Is.EqualTo(golden.Entry.GetProperty("parameters").GetInt64()));
        network.Module.LoadState(golden.ComputedState(network.Module));
        AssertInference(golden, network);
    }

    private static void AssertInference(ModelGolden golden, RestorationNetwork network)
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        // The largest output is stored in float32 alone, whose own error is a twentieth of the tolerance.
        golden.AssertOutput(Run(network, golden.Input("input")), golden.Data.Contains("output64") ? "output64" : "output");
        if (golden.Data.Contains("output642"))
            golden.AssertOutput(Run(network, golden.Input("input2")), "output642");
    }

    // As the authors' test scripts: reflected at the right and bottom up to whole windows or levels, and cropped.
    private static Tensor Run(RestorationNetwork network, Tensor x)
    {
        (int h, int w, int multiple) = (x.Shape[2], x.Shape[3], network.Size.Multiple);
        Tensor padded = x.Pad2d(network.Size.Padding, 0, (multiple - (w % multiple)) % multiple, 0, (multiple - (h % multiple)) % multiple);
        return network.Module.Call(padded).Narrow(2, 0, h * network.Scale).Narrow(3, 0, w * network.Scale);
    }

    private static IEnumerable<string> Files(params string[] patterns) => patterns
        .SelectMany(pattern => Directory.EnumerateFiles(TestData.Golden("models"), pattern + ".safetensors"))
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);
}
