using Gir.Models.Backbones.Hat;
using Gir.Models.Backbones.Restormer;
using Gir.Models.Backbones.SwinIr;
using Gir.Models.Backbones.Uformer;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Backbones.Transformers;

/// <summary>The window and channel transformers against the official PyTorch networks.</summary>
public sealed class TransformerGoldenTests
{
    private static readonly ArchitectureDescriptor[] s_descriptors = [new SwinIrDescriptor(), new RestormerDescriptor(), new UformerDescriptor(), new HatDescriptor()];

    private static readonly string[] s_cheapFull = ["full_swinir_light_x2", "full_restormer_biasfree"];

    public static IEnumerable<string> Small => Files("swinir_*", "restormer_*", "uformer_*", "hat_*");

    public static IEnumerable<string> Full => Files("full_swinir_*", "full_restormer_*", "full_uformer_*", "full_hat_*").Except(s_cheapFull);

    [TestCaseSource(nameof(Small))]
    public void A_small_network_gives_the_official_outputs_and_gradients(string name)
    {
        var golden = new TransformerGolden(name);
        RestorationNetwork network = Load(golden, golden.Hyper);
        Tensor input = golden.Tensor("input");
        input.RequiresGradient = true;
        Tensor output = Run(network, input);
        Assert.That(golden.Error(output, "output64"), Is.LessThanOrEqualTo(golden.Tolerance), "output");
        output.Backward(golden.Tensor("w"));
        Dictionary<string, Tensor> parameters = network.Module.NamedParameters().ToDictionary(p => p.Key, p => p.Value);
        Assert.Multiple(() =>
        {
            Assert.That(golden.Error(input.Gradient!, "grad.input"), Is.LessThanOrEqualTo(golden.GradientTolerance!.Value), "input's gradient");
            foreach (string key in golden.GradientKeys)
                Assert.That(golden.Error(parameters[key].Gradient!, "grad." + key), Is.LessThanOrEqualTo(golden.GradientTolerance!.Value), key);
        });
    }

    // Without gradients, attention runs in a kernel of its own.
    [TestCaseSource(nameof(Small))]
    public void Inference_gives_the_official_outputs_at_both_sizes(string name) => AssertInference(new TransformerGolden(name));

    [TestCaseSource(nameof(s_cheapFull))]
    public void A_network_of_published_size_gives_the_official_output(string name) => AssertInference(new TransformerGolden(name));

    [Explicit("Takes seconds each; the small configurations cover the same code.")]
    [TestCaseSource(nameof(Full))]
    public void Every_network_of_published_size_gives_the_official_output(string name) => AssertInference(new TransformerGolden(name));

    [TestCaseSource(nameof(Small))]
    public void Keys_and_shapes_alone_tell_the_architecture_and_every_tensor(string name)
    {
        var golden = new TransformerGolden(name);
        ArchitectureDescriptor descriptor = s_descriptors.Single(d => d.Matches(golden.Shapes));
        RestorationNetwork fromShapes = descriptor.Create(golden.Shapes, HyperParameters.None);
        RestorationNetwork fromBoth = descriptor.Create(golden.Shapes, golden.Hyper);
        RestorationNetwork fromArguments = descriptor.Create(golden.Hyper);
        Dictionary<string, TensorShape> expected = Keys(fromArguments);
        Assert.Multiple(() =>
        {
            Assert.That(Keys(fromShapes), Is.EquivalentTo(expected));
            Assert.That(fromBoth.Configuration, Is.EqualTo(fromArguments.Configuration));
            Assert.That(fromShapes with { Module = fromBoth.Module, Configuration = "" }, Is.EqualTo(fromArguments with { Module = fromBoth.Module, Configuration = "" }));
        });
        Assert.That(() => fromShapes.Module.LoadState(golden.State), Throws.Nothing);
    }

    private static Dictionary<string, TensorShape> Keys(RestorationNetwork network) => network.Module.StateDictionary().ToDictionary(e => e.Key, e => e.Value.Shape);

    private static void AssertInference(TransformerGolden golden)
    {
        RestorationNetwork network = Load(golden, golden.Hyper);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        Assert.That(golden.Error(Run(network, golden.Tensor("input")), "output64"), Is.LessThanOrEqualTo(golden.Tolerance), "output");
        if (golden.Has("input2"))
            Assert.That(golden.Error(Run(network, golden.Tensor("input2")), "output642"), Is.LessThanOrEqualTo(golden.Tolerance), "second output");
    }

    private static RestorationNetwork Load(TransformerGolden golden, HyperParameters hyper)
    {
        RestorationNetwork network = s_descriptors.Single(d => d.Matches(golden.Shapes)).Create(golden.Shapes, hyper);
        network.Module.LoadState(golden.State);
        return network;
    }

    // As the authors' test scripts: reflected at the right and bottom up to whole windows or levels, and cropped.
    private static Tensor Run(RestorationNetwork network, Tensor x)
    {
        (int h, int w, int multiple) = (x.Shape[2], x.Shape[3], network.SizeMultiple);
        Tensor padded = x.Pad2d(network.PaddingMode, 0, (multiple - (w % multiple)) % multiple, 0, (multiple - (h % multiple)) % multiple);
        return network.Module.Call(padded).Narrow(2, 0, h * network.Scale).Narrow(3, 0, w * network.Scale);
    }

    private static IEnumerable<string> Files(params string[] patterns) => patterns
        .SelectMany(pattern => Directory.EnumerateFiles(TestData.Golden("models"), pattern + ".safetensors"))
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);
}
