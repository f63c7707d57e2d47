using Gir.Imaging;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Tests.Restoration;
using Gir.Models.Tests.Tensors;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Zoo;

/// <summary>Weights that stay in 16 bits: the same results bit for bit, half of the memory, for inference alone.</summary>
[NonParallelizable]
public sealed class CompactWeightsTests
{
    private const string NafNet = """{"width": 8, "enc_blk_nums": [1, 1], "middle_blk_num": 1, "dec_blk_nums": [1, 1]}""";

    [TestCase("DnCNN", """{"in_nc": 3, "nc": 8, "nb": 4, "act_mode": "BR"}""")]
    [TestCase("UNet", """{"dim": 8}""")]
    [TestCase("NAFNet", NafNet)]
    [TestCase("HINet", """{"wf": 8, "depth": 3, "relu_slope": 0.1, "hin_position_left": 1, "hin_position_right": 2}""")]
    [TestCase("DASR", """{"scale": 1, "n_groups": 1, "n_blocks": 1, "n_feats": 8, "encoder_widths": [4, 4, 8], "queue": 8, "momentum": 0.5, "temperature": 0.1, "shifts_mean": false}""")]
    [TestCase("SRCNN", """{"channels": 3, "features": [4, 3], "kernels": [9, 5, 5]}""")]
    [TestCase("SRResNet", """{"num_feat": 16, "num_block": 1, "upscale": 1}""")]
    [TestCase("EDSR", """{"num_feat": 4, "num_block": 1, "upscale": 1}""")]
    [TestCase("RRDBNet", """{"num_feat": 8, "num_block": 1, "num_grow_ch": 4, "scale": 1}""")]
    [TestCase("SRVGGNetCompact", """{"num_feat": 4, "num_conv": 2, "upscale": 1, "act_type": "leakyrelu"}""")]
    [TestCase("FFDNet", """{"in_nc": 3, "nc": 4, "nb": 4}""")]
    [TestCase("DRUNet", """{"in_nc": 4, "nc": [4, 4, 4, 4], "nb": 1}""")]
    [TestCase("SwinIR", """{"upscale": 1, "window_size": 4, "depths": [2], "embed_dim": 8, "num_heads": [2], "mlp_ratio": 2, "upsampler": "", "img_range": 1}""")]
    [TestCase("Restormer", """{"dim": 8, "num_blocks": [1, 1, 1, 1], "num_refinement_blocks": 1, "heads": [1, 1, 1, 1], "LayerNorm_type": "WithBias"}""")]
    [TestCase("Uformer", """{"img_size": 32, "embed_dim": 4, "win_size": 2, "depths": [1, 1, 1, 1, 1, 1, 1, 1, 1], "num_heads": [1, 1, 1, 1, 1, 1, 1, 1, 1]}""")]
    [TestCase("HAT", """{"upscale": 2, "window_size": 4, "depths": [1], "embed_dim": 12, "num_heads": [2], "compress_ratio": 3, "squeeze_factor": 6, "overlap_ratio": 0.5}""")]
    [TestCase("GirNet", """{"nc": [8, 8, 8, 8], "nb": 1}""")]
    public void Networks_of_every_kind_restore_the_same_bits(string name, string hyper)
    {
        string path = Saved(name, hyper);
        float[] expected = Restored(path, compact: false, threads: 1);
        Assert.That(Restored(path, compact: true, threads: 1), Is.EqualTo(expected));
        Assert.That(Restored(path, compact: true, threads: 3), Is.EqualTo(expected), "threads");
    }

    [Test]
    public void Every_kind_is_among_them()
    {
        string[] tried = [.. typeof(CompactWeightsTests).GetMethod(nameof(Networks_of_every_kind_restore_the_same_bits))!.GetCustomAttributes(typeof(TestCaseAttribute), false).Select(a => (string)((TestCaseAttribute)a).Arguments[0]!)];
        Assert.That(tried, Is.SupersetOf(ModelZoo.Names));
    }

    [Test]
    public void Latent_diffusion_restores_the_same_bits_with_guidance_through_the_autoencoder()
    {
        using var folder = new TemporaryFolder();
        (DiffusionUNet network, ControlBranch control) = Generative.Diffusion.CldmGolden.TinyNetworks();
        SaveLatentDiffusion(folder["all.safetensors"], Generative.Diffusion.CldmGolden.TinyAutoencoder(), network, control, new LatentDiffusionSettings { Groups = 4, HeadChannels = 8 });
        var options = new LatentDiffusionOptions
        {
            Steps = 3, Text = Tensor.Full([1, 5, network.Options.ContextFeatures!.Value], 0.3f), Guidance = new RestorationGuidanceOptions { Scale = 0.002, InPixels = true },
        };
        float[] Run(bool compact) => LatentDiffusionRestorer.Load([folder["all.safetensors"]], null, options, compactWeights: compact).Restore(Images.Gradient(24, 32)).Samples.ToArray();
        Assert.That(Run(true), Is.EqualTo(Run(false)));
    }

    [Test]
    [OnePass]
    public void A_diffusion_network_takes_half_of_the_memory()
    {
        using var folder = new TemporaryFolder();
        var autoencoder = new AutoencoderKl(new AutoencoderKlOptions { Channels = 32, Multipliers = [1, 2], Blocks = 1, Groups = 8 });
        var options = new DiffusionUNetOptions { Channels = 64, Multipliers = [1, 2], Blocks = 1, AttentionFactors = [1, 2], Attention = DiffusionAttention.Linear, HeadChannels = 32, Groups = 8 };
        var network = new DiffusionUNet(options);
        SaveLatentDiffusion(folder["all.safetensors"], autoencoder, network, new ControlBranch(options), new LatentDiffusionSettings { Groups = 8, HeadChannels = 32 });
        (long Bytes, LatentDiffusionNetworks Networks) Held(bool compact)
        {
            using var engine = new EngineInUse();
            LatentDiffusionNetworks loaded = LatentDiffusionFile.Load([folder["all.safetensors"]], compact: compact);
            return (engine.Memory.BytesInUse, loaded);
        }

        (long wide, LatentDiffusionNetworks first) = Held(false);
        (long narrow, LatentDiffusionNetworks second) = Held(true);
        TestContext.Out.WriteLine($"{wide} bytes, compact {narrow}: {(double)narrow / wide:F3}");
        Assert.That((double)narrow / wide, Is.InRange(0.48, 0.56));
        foreach (((string key, Tensor a), (_, Tensor b)) in first.State.Zip(second.State))
            Assert.That(b.ToArray(), Is.EqualTo(a.ToArray()), key);
    }

    [Test]
    public void What_does_not_fit_into_16_bits_stays_as_it_is()
    {
        using var engine = new EngineInUse();
        float[] halves = [0, -0.0f, 1.5f, -65504, 5.9604645e-8f, float.PositiveInfinity];
        float[] upper = [1e30f, 0.00390625f, -3, 0];
        upper[0] = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(upper[0]) & 0xFFFF0000);
        float[] singles = [.. Enumerable.Range(0, 3000).Select(i => i / 4f), 1 / 3f];
        foreach ((float[] values, int words) in new[] { (halves, 3), (upper, 2), (singles, 3001), (Array.Empty<float>(), 0) })
        {
            long before = engine.Memory.BytesInUse;
            TensorStorage storage = engine.Engine.AllocateCompact(values.Length);
            Assert.That(engine.Memory.BytesInUse, Is.EqualTo(before), "nothing before something is written");
            float[] read = new float[values.Length];
            storage.Read(read);
            Assert.That(read, Has.All.EqualTo(0));
            storage.Write(values);
            storage.Read(read);
            Assert.That(Array.ConvertAll(read, BitConverter.SingleToUInt32Bits), Is.EqualTo(Array.ConvertAll(values, BitConverter.SingleToUInt32Bits)));
            long held = engine.Memory.BytesInUse - before;
            HostStorage same = engine.Memory.Allocate(words);
            Assert.That(held, Is.EqualTo(engine.Memory.BytesInUse - before - held), $"{values.Length} values");
            same.Release();
            storage.Release();
            Assert.That(engine.Memory.BytesInUse, Is.EqualTo(before));
            Assert.That(() => storage.Read(read), Throws.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void All_patterns_of_16_bits_are_widened_exactly()
    {
        ushort[] bits = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];
        var halves = new float[bits.Length];
        var upper = new float[bits.Length];
        SixteenBits.WidenHalves(bits, halves);
        SixteenBits.WidenUpper(bits, upper);
        for (int i = 0; i < bits.Length; i++)
        {
            float half = (float)BitConverter.UInt16BitsToHalf(bits[i]);
            if (!float.IsNaN(half) && BitConverter.SingleToUInt32Bits(half) != BitConverter.SingleToUInt32Bits(halves[i]))
                Assert.Fail($"{bits[i]:X4} became {halves[i]:R}; expected {half:R}.");
            if (BitConverter.SingleToUInt32Bits(upper[i]) != (uint)i << 16)
                Assert.Fail($"{bits[i]:X4} became {upper[i]:R}.");
        }

        var again = new ushort[bits.Length];
        float[] finite = [.. halves.Where(v => !float.IsNaN(v))];
        Assert.That(SixteenBits.TryHalves(finite, again), Is.True);
        Assert.That(again[..finite.Length], Is.EqualTo(bits.Where(b => !Half.IsNaN(BitConverter.UInt16BitsToHalf(b)))));
        Assert.That(SixteenBits.TryUpper(upper, again), Is.True);
        Assert.That(again, Is.EqualTo(bits));
    }

    [Test]
    public void Gradients_of_inputs_pass_and_those_of_weights_are_refused()
    {
        string path = Saved("NAFNet", NafNet);
        RestorationNetwork wide = ModelZoo.LoadNetwork(path);
        RestorationNetwork compact = ModelZoo.LoadNetwork(path, new ModelZooOptions { CompactWeights = true });
        float[] Gradient(RestorationNetwork network)
        {
            Tensor x = Tensor.From(Images.Gradient(16, 16).Samples, [1, 3, 16, 16]);
            x.RequiresGradient = true;
            network.Module.Call(x).Square().Mean().Backward();
            return x.Gradient!.ToArray();
        }

        Assert.That(Gradient(compact), Is.EqualTo(Gradient(wide)));
        Tensor weight = compact.Module.Parameters().First(p => p.Rank == 4);
        Assert.That(() => new Adam(compact.Module.Parameters(), 1e-3), Throws.ArgumentException.With.Message.Contains("without CompactWeights"));
        Assert.That(() => weight.RequiresGradient = true, Throws.InvalidOperationException.With.Message.Contains("without CompactWeights"));
        Assert.That(() => weight + 1, Throws.TypeOf<NotSupportedException>().With.Message.Contains("without CompactWeights"));
        Assert.That(new Adam(wide.Module.Parameters(), 1e-3).Parameters, Is.Not.Empty);
    }

    [Test]
    [OnePass]
    public void An_image_is_divided_into_the_same_tiles()
    {
        string path = Saved("UNet", """{"dim": 32}""");
        int Tiles(bool compact) => ModelZoo.Load(path, new ModelZooOptions { CompactWeights = compact, Restoration = new NetworkRestorerOptions { MemoryBudget = 40_000_000 } }).CountTiles(800, 800);
        Assert.That(Tiles(true), Is.EqualTo(Tiles(false)).And.GreaterThan(1));
    }

    [Test]
    public void Weights_are_compact_where_that_pays_or_is_asked_for()
    {
        CheckpointTensor Values(CheckpointDataType type, int millions) => new(type, [millions, 1_000_000], default);
        CheckpointTensor[] large = [Values(CheckpointDataType.Float16, 40), Values(CheckpointDataType.BFloat16, 20), Values(CheckpointDataType.Float32, 50)];
        Assert.That(CompactWeights.Pay(null, large), Is.True);
        Assert.That(CompactWeights.Pay(false, large), Is.False);
        Assert.That(CompactWeights.Pay(null, [.. large, Values(CheckpointDataType.Float32, 20)]), Is.False, "most of it is not in 16 bits");
        Assert.That(CompactWeights.Pay(null, large[..1]), Is.False, "too small");
        Assert.That(CompactWeights.Pay(true, large[2..]), Is.True);
        string path = Saved("NAFNet", NafNet);
        bool IsCompact(RestorationNetwork network) => network.Module.Parameters().Any(p => p.Storage.IsCompact);
        Assert.That(IsCompact(ModelZoo.Load(path).Network), Is.False);
        Assert.That(IsCompact(ModelZoo.Load(path, new ModelZooOptions { CompactWeights = true }).Network), Is.True);
        Assert.That(IsCompact(ModelZoo.LoadNetwork(path)), Is.False);
    }

    private static string Saved(string name, string hyper)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"compact-{name}.safetensors");
        ModelZoo.Save(path, ModelZoo.CreateNetwork(name, HyperParameters.Parse(hyper)), type: CheckpointDataType.Float16);
        return path;
    }

    private static float[] Restored(string path, bool compact, int threads)
    {
        using var engine = new EngineInUse(threads);
        NetworkRestorer restorer = ModelZoo.Load(path, new ModelZooOptions { CompactWeights = compact, Restoration = new NetworkRestorerOptions { NoiseLevel = 10 } });
        Assert.That(restorer.Network.Module.Parameters().Any(p => p.Storage.IsCompact), Is.EqualTo(compact));
        return restorer.Restore(Images.Gradient(40, 48)).Samples.ToArray();
    }

    private static void SaveLatentDiffusion(string path, AutoencoderKl autoencoder, DiffusionUNet network, ControlBranch control, LatentDiffusionSettings settings) => SafeTensorsFile.Write(
        path, new LatentDiffusionNetworks(autoencoder, network, control, settings).State,
        new Dictionary<string, string> { ["architecture"] = "LatentDiffusion", ["hyper"] = settings.ToJson() }, CheckpointDataType.Float16);
}
