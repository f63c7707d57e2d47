using System.Text.Json;
using Gir.Imaging;
using Gir.Models.Backbones;
using Gir.Models.Backbones.HiNet;
using Gir.Models.Backbones.NafNet;
using Gir.Models.Backbones.RrdbNet;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Generative.UgpNet;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tests.Backbones;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Generative;

/// <summary>UGPNet against the authors' code: its parts, the whole, published sizes, published files.</summary>
public sealed class UgpNetTests
{
    [Test]
    public void The_synthesis_module_in_both_modes()
    {
        ModelGolden golden = ModelGolden.Load("synthesis", "ugpnet");
        SynthesisModule module = Synthesis(golden);
        using (Tape.NoGradient())
        {
            (Tensor code, Tensor latents) = module.Encode(golden.Read("input"));
            golden.AssertOutput(code, "basecode");
            golden.AssertOutput(latents, "latents");
            (Tensor image, Tensor feature) = module.Synthesize(golden.Read("input"));
            golden.AssertOutput(image, "output");
            int channels = feature.Shape[1];
            Tensor mean = feature.Mean([0, 2, 3], keepDimensions: false);
            Tensor deviation = feature.Variance([0, 2, 3], keepDimensions: false).Sqrt();
            golden.AssertOutput(TensorOps.Stack(0, mean, deviation), "feature_moments");
            Assert.That(channels, Is.EqualTo(8));
        }

        SetTraining(module);
        Tensor output = module.Synthesize(golden.Read("input2")).Image;
        golden.AssertOutput(output, "output2");
        (output.Square().Sum() * 0.5f).Backward();
        UgpNetGoldens.AssertGradients(golden, module);
        foreach ((string key, Tensor value) in module.StateDictionary().Where(e => golden.Data.Contains("after." + e.Key)))
            Assert.That(golden.Error(value, "after." + key), Is.LessThanOrEqualTo(golden.Tolerance), key);
    }

    [Test]
    public void What_the_base_code_replaces_is_named()
    {
        ModelGolden golden = ModelGolden.Load("synthesis", "ugpnet");
        string[] unused = [.. JsonDocument.Parse(golden.Data.Metadata["unused"]).RootElement.EnumerateArray().Select(e => e.GetString()!["generator.".Length..]).Order()];
        IEnumerable<string> found = Synthesis(golden).Generator.NamedParameters().Select(p => p.Key).Where(k => StyleGan2Generator.IsUnusedFrom(16, k));
        Assert.That(found.Order(), Is.EqualTo(unused));
    }

    [Test]
    public void The_residual_form_on_HINet()
    {
        ModelGolden golden = ModelGolden.Load("restoration_hinet", "ugpnet");
        var options = new HiNetOptions { Width = 4, Depth = 3, FirstNormalizedLevel = 1, LastNormalizedLevel = 2, SharesStart = true };
        var module = new ResidualRegression(new RestorationNetwork("HINet", new HiNet(options)), 10, 0);
        module.LoadState(golden.State());
        Tensor input = golden.Read("input");
        input.RequiresGradient = true;
        (Tensor image, Tensor feature) = module.Regress(input);
        golden.AssertOutput(image, "x_reg");
        golden.AssertOutput(feature, "feature");
        ((image * golden.Read("w")).Sum() + (feature * golden.Read("w.1")).Sum()).Backward();
        UgpNetGoldens.AssertGradients(golden, module, ("input", input));
    }

    [TestCase("ugpnet_nafnet")]
    [TestCase("ugpnet_rrdb_x8")]
    public void The_whole_network(string name)
    {
        ModelGolden golden = ModelGolden.Load(name, "ugpnet");
        using var folder = new TemporaryFolder();
        string path = folder["ugpnet.safetensors"];
        SafeTensorsFile.Write(path, golden.State());
        UgpNetwork network = UgpNetFile.Load([path]);
        Tensor input = golden.Read("input");
        input.RequiresGradient = true;
        if (name == "ugpnet_nafnet")
        {
            foreach ((string key, Tensor parameter) in network.NamedParameters())
                parameter.RequiresGradient = key.StartsWith("fusmodule.", StringComparison.Ordinal);
        }

        (Tensor regressed, Tensor synthesized, Tensor fused) = network.Parts(input);
        golden.AssertOutput(regressed, "x_reg");
        golden.AssertOutput(synthesized, "x_syn");
        golden.AssertOutput(fused, "x_hat");
        (fused.Square().Sum() * 0.5f).Backward();
        UgpNetGoldens.AssertGradients(golden, network, ("input", input));
    }

    [Test]
    public void The_authors_three_files()
    {
        ModelGolden golden = ModelGolden.Load("checkpoints", "ugpnet");
        string[] files = [.. new[] { "resmodule", "synmodule", "fusmodule" }.Select(f => TestData.Golden("ugpnet", "files", f + ".pth"))];
        var restorer = UgpNetRestorer.Load(files[0], files[1], files[2]);
        var image = new ImageBuffer(3, 64, 64, golden.Data.Floats("input"));
        UgpNetParts parts = restorer.Parts(image);
        golden.AssertOutput(Tensor.From(parts.Synthesized.Samples, [1, 3, 64, 64]), "x_syn");
        golden.AssertOutput(Tensor.From(parts.Fused.Samples, [1, 3, 64, 64]), "x_hat");
        Assert.That(restorer.Restore(image).Samples.ToArray(), Is.EqualTo(parts.Fused.Samples.ToArray()));
        Assert.That(restorer.Info.Description, Is.EqualTo("UGPNet on NAFNet for 64 x 64"));

        // The discriminator is beside it, for training.
        Dictionary<string, CheckpointTensor> state = Checkpoint.Load(files[1]).NamedTensors.Where(t => t.Path[0] == "discriminator").ToDictionary(t => string.Join('.', t.Path[1..]), t => t.Tensor);
        var discriminator = new StyleGan2Discriminator(StyleGan2Options.OfDiscriminator(state.ToDictionary(t => t.Key, t => t.Value.Shape)));
        discriminator.LoadState(state.ToDictionary(t => t.Key, t => t.Value.ToTensor()));
        golden.AssertOutput(discriminator.Call(Tensor.From(parts.Synthesized.Samples, [1, 3, 64, 64])), "scores");
    }

    [Test]
    public void Saved_and_loaded_it_is_the_same_and_other_sizes_are_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder["tiny.safetensors"];
        UgpNetwork network = Tiny(Architectures.Find("UNet").Create(HyperParameters.Parse("""{ "dim": 4 }""")));
        UgpNetFile.Save(path, network);
        var restorer = UgpNetRestorer.Load(path);
        Assert.That(restorer.Identity, Is.EqualTo(new UgpNetRestorer(network).Identity));
        Assert.That(restorer.Size, Is.EqualTo(64));
        Assert.That(() => restorer.Restore(new ImageBuffer(3, 64, 65)), Throws.ArgumentException.With.Message.Contains("64 x 64"));
        Assert.That(restorer.Restore(new ImageBuffer(1, 64, 64)).Channels, Is.EqualTo(1));
        SafeTensorsFile.Write(path, network.StateDictionary().Where(e => e.Key != "fusmodule.last.bias"));
        Assert.That(() => UgpNetRestorer.Load(path), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("fusmodule.last.bias").And.Message.Contains("tiny.safetensors"));
    }

    [Test]
    public void Any_network_of_the_zoo_regresses()
    {
        foreach (RestorationNetwork regression in TinyRegressions())
        {
            UgpNetwork network = Tiny(regression);
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            Assert.That(network.Call(Tensor.Full([1, 3, 64, 64], 0.5f)).Shape.Sizes.ToArray(), Is.EqualTo(new[] { 1, 3, 64, 64 }), regression.Architecture);
        }
    }

    [Test]
    public void The_last_feature_makes_the_networks_own_image()
    {
        foreach (RestorationNetwork network in TinyRegressions().Where(n => n.Module is ILastFeature))
        {
            var seam = (ILastFeature)network.Module;
            Tensor x = Tensor.From([.. Enumerable.Range(0, 3 * 32 * 32).Select(i => (i * 37 % 101) / 100f)], [1, 3, 32, 32]);
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            Tensor feature = seam.Feature(x);
            Assert.That(feature.Shape[1], Is.EqualTo(seam.FeatureChannels));
            Assert.That(seam.ToImage(feature, x).ToArray(), Is.EqualTo(network.Module.Call(x).ToArray()), network.Architecture);
        }
    }

    [TestCase("full_synthesis_512")]
    [TestCase("full_synthesis_church_256")]
    [OnePass]
    public void The_synthesis_module_of_published_size(string name)
    {
        ModelGolden golden = ModelGolden.Load(name, "ugpnet");
        int size = name.EndsWith("256", StringComparison.Ordinal) ? 256 : 512;
        var options = new UgpNetOptions
        {
            Generator = new StyleGan2Options { Channels = StyleGan2Options.Widths(size, 2) },
            EncoderChannels = size == 512 ? [16, 32, 64, 128, 256, 512] : [32, 64, 128, 256, 512],
        };
        SynthesisModule module;
        using (Initializer.ForLoading(long.MaxValue))
            module = new SynthesisModule(options);
        Assert.That(module.ParameterCount(), Is.EqualTo(golden.Entry.GetProperty("parameters").GetInt64()));
        Assert.That(module.Generator.ParameterCount(), Is.EqualTo(size == 512 ? 30_276_583 : 30_034_338));
        module.LoadState(golden.ComputedState(module));
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        (Tensor code, Tensor latents) = module.Encode(golden.Input("input"));
        (Tensor image, Tensor feature) = module.Generator.FromBaseCode(code, latents);
        AssertSlices(golden, (image + 1) * 0.5f, latents, code, feature);
    }

    [Test]
    public void The_residual_encoder_of_published_size()
    {
        Machine.RequireVectors();
        ModelGolden golden = ModelGolden.Load("full_residual_encoder_32", "ugpnet");
        var regression = new NafNet(new NafNetOptions { Width = 32, EncoderBlocks = [1], DecoderBlocks = [1], MiddleBlocks = 1 });
        var module = new ResidualRegression(new RestorationNetwork("NAFNet", regression), 64, 0);
        Assert.That(module.ParameterCount() - regression.ParameterCount(), Is.EqualTo(golden.Entry.GetProperty("parameters").GetInt64()));
        module.LoadState(golden.ComputedState(module).ToDictionary(e => "encoder." + e.Key, e => e.Value).Concat(module.StateDictionary().Where(e => e.Key.StartsWith("regression.", StringComparison.Ordinal))).ToDictionary());
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        (Tensor image, Tensor feature) = module.Merge(golden.Input("input"), golden.Input("input.1"));
        AssertSlices(golden, image, feature);
    }

    [Test]
    public void The_fusion_of_published_size()
    {
        Machine.RequireVectors();
        ModelGolden golden = ModelGolden.Load("full_fusion_64", "ugpnet");
        var module = new FusionModule(64, 64, 8, new LayerFactory(0));
        Assert.That(module.ParameterCount(), Is.EqualTo(golden.Entry.GetProperty("parameters").GetInt64()).And.EqualTo(629_507));
        Assert.That(new FusionModule(128, 64, 8, new LayerFactory(0)).ParameterCount(), Is.EqualTo(666_371));
        module.LoadState(golden.ComputedState(module));
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        AssertSlices(golden, module.Fuse(golden.Input("input"), golden.Input("input.1")));
    }

    [Test]
    [OnePass]
    public void The_discriminator_of_published_size()
    {
        ModelGolden golden = ModelGolden.Load("full_discriminator_512_cm1", "ugpnet");
        StyleGan2Discriminator module;
        using (Initializer.ForLoading(long.MaxValue))
            module = new StyleGan2Discriminator(new StyleGan2Options { Channels = StyleGan2Options.Widths(512, 1) });
        module.LoadState(golden.ComputedState(module));
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        golden.AssertOutput(module.Call(golden.Input("input")), "output64");
    }

    [TestCase("NAFNet", """{ "width": 32, "enc_blk_nums": [1, 1, 1, 28], "middle_blk_num": 1, "dec_blk_nums": [1, 1, 1, 1] }""", 17_336_166)]
    [TestCase("NAFNet", """{ "width": 32 }""", 29_383_974)]
    [TestCase("HINet", """{ "wf": 64 }""", 88_967_753)]
    [TestCase("HINet", """{ "wf": 32, "hin_position_left": 0 }""", 22_400_777)]
    [TestCase("RRDBNet", """{ "scale": 4, "num_upconv": 3 }""", 16_734_915)]
    public void The_published_restoration_modules_have_the_published_numbers_of_parameters(string architecture, string hyper, long count)
    {
        using IDisposable loading = Initializer.ForLoading(long.MaxValue);
        RestorationNetwork network = Architectures.Find(architecture).Create(HyperParameters.Parse(hyper));
        Assert.That(RegressionModule.Of(network, 64).ParameterCount(), Is.EqualTo(count));
    }

    internal static UgpNetOptions TinyOptions => new()
    {
        Generator = new StyleGan2Options { Channels = [4, 4, 4, 4, 3], StyleFeatures = 6, MappingLayers = 1 },
        EncoderChannels = [2, 3, 4],
        FeatureChannels = 6,
        FusionBlocks = 1,
    };

    internal static UgpNetwork Tiny(RestorationNetwork regression) => new(regression, TinyOptions);

    private static IEnumerable<RestorationNetwork> TinyRegressions()
    {
        (string Name, string Hyper)[] tiny =
        [
            ("UNet", """{ "dim": 4 }"""), ("NAFNet", """{ "width": 4, "enc_blk_nums": [1], "middle_blk_num": 1, "dec_blk_nums": [1] }"""), ("HINet", """{ "wf": 4, "depth": 3 }"""),
            ("RRDBNet", """{ "scale": 4, "num_upconv": 0, "num_block": 1, "num_feat": 6, "num_grow_ch": 2 }"""), ("SRCNN", "{}"),
        ];
        return tiny.Select(t => Architectures.Find(t.Name).Create(HyperParameters.Parse(t.Hyper)));
    }

    private static SynthesisModule Synthesis(ModelGolden golden)
    {
        var module = new SynthesisModule(new UgpNetOptions
        {
            Generator = new StyleGan2Options { Channels = StyleGan2Options.Widths(64, 2, 1 / 64.0), StyleFeatures = 16, MappingLayers = 2 },
            EncoderChannels = [4, 6, 8],
        });
        module.LoadState(golden.State());
        return module;
    }

    private static void SetTraining(Module module)
    {
        foreach (BatchNorm2d normalization in module.Modules().OfType<BatchNorm2d>())
            normalization.IsTraining = true;
    }

    private static void AssertSlices(ModelGolden golden, params Tensor[] outputs)
    {
        JsonElement slices = JsonDocument.Parse(golden.Data.Metadata["slices"]).RootElement;
        for (int i = 0; i < outputs.Length; i++)
        {
            string key = "output64" + (i == 0 ? "" : "." + i);
            Tensor part = outputs[i];
            if (slices.GetProperty(key) is { ValueKind: JsonValueKind.Array } slice)
            {
                int[][] ranges = [.. slice.EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetInt32()).ToArray())];
                int[] starts = [.. ranges.Select(r => r[0])];
                int[] steps = [.. ranges.Select(r => r.Length > 2 ? r[2] : 1)];
                int[] counts = [.. ranges.Select((r, d) => (Math.Min(r[1], part.Shape[d]) - r[0] + steps[d] - 1) / steps[d])];
                part = part.Slice(starts, counts, steps);
            }

            golden.AssertOutput(part, key);
        }
    }
}
