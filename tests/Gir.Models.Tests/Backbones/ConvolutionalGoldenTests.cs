using Gir.Models.Backbones.FfdNet;
using Gir.Models.Backbones.HiNet;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tests.Zoo;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Backbones;

/// <summary>The convolutional backbones against their authors' code: recognized from keys alone, outputs and gradients at the manifest's tolerance.</summary>
public sealed class ConvolutionalGoldenTests
{
    private static readonly (string Golden, string Architecture)[] s_small =
    [
        ("srcnn_915_rgb", "SRCNN"), ("srcnn_915_rgb_full", "SRCNN"), ("srcnn_955_rgb", "SRCNN"), ("srcnn_955_y", "SRCNN"),
        ("srresnet_x1", "SRResNet"), ("msrresnet_x2", "SRResNet"), ("msrresnet_x3", "SRResNet"), ("msrresnet_x4", "SRResNet"),
        ("edsr_x2", "EDSR"), ("edsr_x3", "EDSR"), ("edsr_x4", "EDSR"),
        ("rrdbnet_x1", "RRDBNet"), ("rrdbnet_x2", "RRDBNet"), ("rrdbnet_x4", "RRDBNet"), ("rrdbnet_noup_x1", "RRDBNet"),
        ("rrdbnet_mid_x4", "RRDBNet"), ("rrdbnet_old_x2", "RRDBNet"), ("rrdbnet_old_x4", "RRDBNet"),
        ("srvgg_prelu_x1", "SRVGGNetCompact"), ("srvgg_prelu_x4", "SRVGGNetCompact"), ("srvgg_leaky_x2", "SRVGGNetCompact"),
        ("dncnn_r_gray", "DnCNN"), ("dncnn_r_color", "DnCNN"), ("dncnn_br_gray", "DnCNN"), ("ircnn_gray", "IRCNN"), ("fdncnn_gray", "FDnCNN"),
        ("ffdnet_gray", "FFDNet"), ("ffdnet_color", "FFDNet"), ("drunet_color", "DRUNet"), ("drunet_gray_bias", "DRUNet"),
        ("unet_uformer_repo", "UNet"), ("nafnet", "NAFNet"), ("nafnet_deep", "NAFNet"), ("nafnet_local_tlc", "NAFNet"),
        ("hinet", "HINet"), ("hinet_allhin", "HINet"), ("dasr_x1", "DASR"), ("dasr_x2", "DASR"), ("dasr_x3", "DASR"), ("dasr_x4", "DASR"),
    ];

    public static IEnumerable<TestCaseData> Small =>
        s_small.Select(e => new TestCaseData(e.Golden, e.Architecture).SetArgDisplayNames(e.Golden));

    [TestCaseSource(nameof(Small))]
    public void Keys_alone_tell_the_architecture(string name, string architecture)
    {
        Dictionary<string, TensorShape> keys = ModelGolden.Load(name).State().ToDictionary(e => e.Key, e => e.Value.Shape);
        ArchitectureDescriptor[] matches = [.. Architectures.All.Where(d => d.Matches(keys))];
        Assert.That(matches, Has.Length.EqualTo(1), string.Join(", ", matches.Select(m => m.Name)));
        RestorationNetwork network = matches[0].Create(keys, HyperParameters.None);
        Assert.That(network.Architecture, Is.EqualTo(architecture));
        Assert.That(network.Module.StateDictionary().ToDictionary(e => e.Key, e => e.Value.Shape), Is.EquivalentTo(keys));
    }

    [TestCaseSource(nameof(Small))]
    public void Outputs_equal_the_authors(string name, string architecture)
    {
        ModelGolden golden = ModelGolden.Load(name);
        RestorationNetwork network = Load(golden);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        AssertOutputs(golden, network.Module, "input", "output64");
        if (golden.Data.Contains("input2"))
            AssertOutputs(golden, network.Module, "input2", "output642");
        int[] input = golden.Data.Shape("input");
        int[] output = golden.Data.Shape("output");
        Assert.That(output[2], Is.EqualTo(input[2] * network.Scale), "The scale.");
        Assert.That(input[2] % network.Size.Multiple + (input[3] % network.Size.Multiple), Is.Zero, "The size multiple.");
        Assert.That(output[1], Is.EqualTo(network.OutputChannels), "The channels.");
        Assert.That(network.Architecture, Is.EqualTo(architecture));
    }

    [TestCaseSource(nameof(Small))]
    public void Gradients_equal_the_authors(string name, string architecture)
    {
        ModelGolden golden = ModelGolden.Load(name);
        string[] expected = [.. golden.Data.Names.Where(n => n.StartsWith("grad.", StringComparison.Ordinal))];
        if (expected.Length == 0)
        {
            Assert.That(golden.Data.Metadata["loss"], Is.EqualTo("none"), architecture);
            return;
        }

        Module module = Load(golden).Module;
        Dictionary<string, Tensor> leaves = module.NamedParameters().ToDictionary(p => p.Key, p => p.Value);
        Tensor[] outputs = Run(golden, module, "input", leaves);
        Tensor? loss = null;
        for (int i = 0; i < outputs.Length; i++)
        {
            Tensor part = (outputs[i] * golden.Read("w" + Suffix(i))).Sum();
            loss = loss is null ? part : loss + part;
        }

        loss!.Backward();
        foreach (string key in expected)
        {
            Tensor? gradient = leaves[key["grad.".Length..]].Gradient;
            Assert.That(gradient, Is.Not.Null, key);
            Assert.That(golden.Error(gradient!, key), Is.LessThanOrEqualTo(golden.GradientTolerance), $"{name}: {key}");
        }
    }

    internal static RestorationNetwork Load(ModelGolden golden) => LoadedNetwork.Of(golden.State(), golden.Hyper);

    private static void AssertOutputs(ModelGolden golden, Module module, string input, string reference)
    {
        Tensor[] outputs = Run(golden, module, input, []);
        for (int i = 0; i < outputs.Length; i++)
            golden.AssertOutput(outputs[i], reference + Suffix(i));
        Assert.That(golden.Data.Contains(reference + Suffix(outputs.Length)), Is.False, "The golden has more outputs.");
    }

    private static Tensor[] Run(ModelGolden golden, Module module, string input, Dictionary<string, Tensor> leaves)
    {
        Tensor x = golden.Read(input);
        x.RequiresGradient = true;
        leaves[input] = x;
        if (module is HiNet stages)
        {
            (Tensor first, Tensor second) = stages.Stages(x);
            return [first, second];
        }

        if (module is FfdNet denoiser)
        {
            Tensor sigma = golden.Read(input + ".1");
            sigma.RequiresGradient = true;
            leaves[input + ".1"] = sigma;
            return [denoiser.Call(x, sigma)];
        }

        return [module.Call(x)];
    }

    private static string Suffix(int index) => index == 0 ? "" : "." + index;
}
