using Gir.Imaging;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>The restorer: the whole pipeline against PyTorch, seeds, sizes, tiles, progress, cancellation.</summary>
public sealed class LatentDiffusionRestorerTests
{
    private static readonly Tensor s_text = CldmGolden.Load("pipeline").Read("in.context");

    [Test]
    public void The_pipeline_from_image_to_image()
    {
        CldmGolden golden = CldmGolden.Load("pipeline");
        Tensor noise = golden.Read("in.noise");
        LatentDiffusionRestorer Restorer(ColorFix fix) => new(Networks(), null, new LatentDiffusionOptions { Steps = 5, Text = s_text, ColorFix = fix })
        {
            Noise = step => step < 0 ? golden.Read("in.x_T") : noise.Narrow(0, step, 1).Reshape(1, 4, 8, 8),
        };
        ImageBuffer image = Image(golden.Read("in.image"));
        LatentDiffusionParts parts = Restorer(ColorFix.Wavelet).Parts(image);
        golden.AssertOutput((FromImage(parts.Sampled) * 2) - 1, "decoded");
        golden.AssertOutput(FromImage(parts.Restored), "clamped");
        Tensor statistics = FromImage(Restorer(ColorFix.Statistics).Restore(image));
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        golden.AssertOutput(ColorFixes.Wavelet(FromImage(parts.Sampled), golden.Read("in.image")), "fixed");
        golden.AssertOutput(ColorFixes.Statistics(FromImage(parts.Sampled), golden.Read("in.image")), "adain");
        Assert.That(statistics.ToArray(), Is.EqualTo(ColorFixes.Statistics(FromImage(parts.Sampled), golden.Read("in.image")).Clamp(0, 1).ToArray()));
        golden.AssertOutput(FromImage(Restorer(ColorFix.None).RoundTrip(image)), "round_trip");
        Assert.That(FromImage(Restorer(ColorFix.None).Predictions(image)[^1]).ToArray(), Is.EqualTo(FromImage(parts.Sampled).ToArray()), "the last step's prediction is the result");
    }

    [Test]
    public void The_same_seed_gives_the_same_bits_for_any_number_of_threads_and_another_seed_others()
    {
        ImageBuffer image = Images.Gradient(17, 30);
        float[] Run(int threads, ulong seed)
        {
            using TensorBackend.EngineScope engine = TensorBackend.Use(new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = threads }));
            return Restorer(new() { Seed = seed, Steps = 3, Start = DiffusionStart.Condition }).Restore(image).Samples.ToArray();
        }

        float[] once = Run(1, 5);
        Assert.That(Run(2, 5), Is.EqualTo(once));
        Assert.That(Run(1, 6), Is.Not.EqualTo(once));
        Assert.That(once, Has.All.InRange(0, 1));
    }

    [TestCase(1, 1)]
    [TestCase(9, 40)]
    [TestCase(33, 16)]
    public void Images_of_any_size_gray_and_color_come_back_in_their_size(int height, int width)
    {
        ImageBuffer color = Images.Gradient(height, width);
        var gray = new ImageBuffer(1, height, width, color.Plane(0).ToArray());
        LatentDiffusionRestorer restorer = Restorer(new() { Steps = 2, Sampler = DiffusionSampler.Ddim });
        foreach (ImageBuffer image in new[] { color, gray })
        {
            float[] before = image.Samples.ToArray();
            ImageBuffer restored = restorer.Restore(image);
            Assert.That((restored.Channels, restored.Height, restored.Width), Is.EqualTo((image.Channels, height, width)));
            Assert.That(image.Samples.ToArray(), Is.EqualTo(before));
            ImageBuffer trip = restorer.RoundTrip(image);
            Assert.That((trip.Channels, trip.Height, trip.Width), Is.EqualTo((image.Channels, height, width)));
        }
    }

    [Test]
    public void Tiles_change_little_and_small_images_nothing()
    {
        LatentDiffusionOptions options = new() { Steps = 1, Start = DiffusionStart.Condition, StartTimestep = 10, Text = s_text };
        LatentDiffusionOptions tiled = options with { TileSize = 8, TileStride = 4 };
        ImageBuffer small = Images.Gradient(32, 32);
        Assert.That(Restorer(tiled).Restore(small).Samples.ToArray(), Is.EqualTo(Restorer(options).Restore(small).Samples.ToArray()));
        ImageBuffer large = Images.Gradient(64, 48);
        float[] whole = Restorer(options).Parts(large).Sampled.Samples.ToArray();
        float[] parts = Restorer(tiled).Parts(large).Sampled.Samples.ToArray();
        Assert.That(parts, Is.Not.EqualTo(whole));
        Assert.That(parts.Zip(whole, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(0.5f * (whole.Max() - whole.Min())));
    }

    [Test]
    [Explicit("Takes a minute.")]
    public void A_photograph_in_tiles_stays_within_four_gigabytes()
    {
        var backend = new CpuBackend();
        using TensorBackend.EngineScope engine = TensorBackend.Use(backend);
        var options = new LatentDiffusionTrainingOptions();
        var networks = new LatentDiffusionNetworks(new AutoencoderKl(options.Autoencoder), new(options.Network), new(options.Network), options.Settings(0.4));
        var restorer = new LatentDiffusionRestorer(networks, null, new LatentDiffusionOptions { Steps = 2, TileSize = 64, AutoencoderTileSize = 256 });
        var watch = System.Diagnostics.Stopwatch.StartNew();
        ImageBuffer restored = restorer.Restore(Images.Gradient(768, 1024));
        TestContext.Out.WriteLine($"{backend.Memory.PeakBytesInUse / 1e6:F0} MB in tensors, {System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB in the process, {watch.Elapsed.TotalSeconds:F0} s");
        Assert.That((restored.Height, restored.Width), Is.EqualTo((768, 1024)));
        Assert.That(backend.Memory.PeakBytesInUse, Is.LessThan(4L << 30));
    }

    [Test]
    public void Guidance_draws_the_sample_towards_the_image()
    {
        ImageBuffer image = Images.Gradient(32, 32);
        double Distance(RestorationGuidanceOptions? guidance)
        {
            float[] sampled = Restorer(new() { Steps = 4, Guidance = guidance }).Parts(image).Sampled.Samples.ToArray();
            float[] best = Restorer(new()).RoundTrip(image).Samples.ToArray();
            return sampled.Zip(best, (a, b) => (double)(a - b) * (a - b)).Sum();
        }

        double free = Distance(null);
        Assert.That(Distance(new() { Scale = 0.04 }), Is.LessThan(free / 2));
        Assert.That(Distance(new() { Scale = 0.002, InPixels = true, Weighted = true }), Is.Not.EqualTo(free));
    }

    [Test]
    public void Progress_is_told_after_encoding_each_step_and_decoding()
    {
        var told = new List<RestorationProgress>();
        ((IRestorer)Restorer(new() { Steps = 3 })).Restore(Images.Gradient(16, 16), new Told<RestorationProgress>(told.Add));
        Assert.That(told, Is.EqualTo(new RestorationProgress[] { new(1, 5), new(2, 5), new(3, 5), new(4, 5), new(5, 5) }));
    }

    [Test]
    public void A_token_stops_it_between_steps()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<RestorationProgress>();
        IRestorer restorer = Restorer(new() { Steps = 20 });
        Assert.That(() => restorer.Restore(Images.Gradient(16, 16), new Told<RestorationProgress>(p => Tell(p)), stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(told, Has.Count.EqualTo(3));
        void Tell(RestorationProgress progress)
        {
            told.Add(progress);
            if (progress.Done == 3)
                stop.Cancel();
        }
    }

    [Test]
    public void The_initial_restorer_makes_the_condition()
    {
        ImageBuffer image = Images.Gradient(16, 16);
        var initial = new MedianRestorer();
        var restorer = new LatentDiffusionRestorer(Networks(), initial, new LatentDiffusionOptions { Steps = 1, Text = s_text });
        Assert.That(restorer.Parts(image).Initial.Samples.ToArray(), Is.EqualTo(initial.Restore(image).Samples.ToArray()));
        Assert.That(restorer.Info.Description, Does.Contain(initial.Info.Name).And.Contain("seed 0"));
        LatentDiffusionRestorer alone = Restorer(new() { Steps = 1 });
        Assert.That(restorer.Identity, Is.Not.EqualTo(alone.Identity));
        Assert.That(Restorer(new() { Steps = 1 }).Identity, Is.EqualTo(alone.Identity));
        Assert.That(alone.With(new() { Steps = 1, Seed = 4, Text = s_text }).Identity, Is.Not.EqualTo(alone.Identity));
    }

    [Test]
    public void What_contradicts_is_refused()
    {
        Assert.That(() => Restorer(new() { Steps = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Restorer(new() { Sampler = DiffusionSampler.Ddim, Guidance = new() }), Throws.ArgumentException.With.Message.Contains("spaced"));
        Assert.That(() => Restorer(new() { StartTimestep = 400 }), Throws.ArgumentException.With.Message.Contains("timestep 400"));
        Assert.That(() => Restorer(new() { TextGuidance = 4 }), Throws.ArgumentException.With.Message.Contains("no negative text"));
        Assert.That(() => Restorer(new() { TileSize = 7 }), Throws.ArgumentException.With.Message.Contains("multiple of 2"));
        Assert.That(() => Restorer(new() { Guidance = new() { Weighted = true } }), Throws.ArgumentException.With.Message.Contains("InPixels"));
        Assert.That(() => new LatentDiffusionRestorer(Networks(), null), Throws.ArgumentException.With.Message.Contains("ask for a text"));
        Assert.That(() => Restorer(new()).Restore(new ImageBuffer(2, 8, 8)), Throws.ArgumentException.With.Message.Contains("2 x 8 x 8"));
        var levels = new ImageBuffer(3, 8, 8);
        levels.Samples.Fill(200);
        Assert.That(() => Restorer(new()).Restore(levels), Throws.ArgumentException.With.Message.Contains("255"));
    }

    private static LatentDiffusionRestorer Restorer(LatentDiffusionOptions options) => new(Networks(), null, options with { Text = Tensor.From(s_text.ToArray(), s_text.Shape) });

    private static LatentDiffusionNetworks Networks()
    {
        (DiffusionUNet network, ControlBranch control) = CldmGolden.TinyNetworks();
        return new(CldmGolden.TinyAutoencoder(), network, control, new LatentDiffusionSettings { Groups = 4, HeadChannels = 8 });
    }

    private static ImageBuffer Image(Tensor tensor) => new(3, tensor.Shape[2], tensor.Shape[3], tensor.ToArray());

    private static Tensor FromImage(ImageBuffer image) => Tensor.From(image.Samples, [1, image.Channels, image.Height, image.Width]);
}
