using System.Globalization;
using Gir.Imaging;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>What the parts of latent diffusion are worth: the autoencoder, many timesteps, the start, the latents themselves.</summary>
internal static class SamplingExperiments
{
    private const int ShownScenes = 6;
    private const float Magnified = 4;

    private static readonly int[] s_starts = [100, 250, 500, 750, 999];

    /// <summary>What autoencoders of different sizes leave of scenes, and of which bands of frequency.</summary>
    public static StudyResult Ceiling(StudyContext study)
    {
        StudyCase[] cases = study.Bench.Cases("", study.CancellationToken);
        StudyProgress progress = study.Progress("ceiling", StudyNetworks.Autoencoders.Count + 1);
        var rows = new List<StudyRow>();
        StudySample whole = Measure("autoencoder of the training", (c, _) => study.Networks.Diffusion.RoundTrip(c.Clean), new(4, 4));
        foreach (StudyAutoencoder size in StudyNetworks.Autoencoders)
        {
            AutoencoderKl autoencoder = study.Networks.Load(size);
            Measure(size.Name, (c, _) => RoundTrip(autoencoder, c.Clean), size);
        }

        study.SaveSheet("ceiling.png", [.. Enumerable.Range(0, Math.Min(ShownScenes, cases.Length)).Select(i => (IReadOnlyList<ImageBuffer>)[cases[i].Clean, whole.Images[i], Lost(cases[i].Clean, whole.Images[i])])]);
        return study.Result(
            "ceiling", rows, "band1 to band4: energy of the round trip as a share of the scene's, in rings of frequency from the coarsest to the finest, each a quarter of the way to the edge of the spectrum.",
            $"ceiling.png, from left: scene, round trip of the training's own autoencoder, {Magnified} times what is lost, around gray. f4-z4 and the others were trained for {study.Options.CeilingSteps} steps each.");

        StudySample Measure(string name, Func<StudyCase, ulong, ImageBuffer> restore, StudyAutoencoder size)
        {
            StudySample sample = study.Bench.Measure(new StudySystem(name, restore), cases, progress);
            double[][] scenes = [.. cases.Select(c => SpectralBands.Of(c.Clean))];
            double[][] trips = [.. sample.Images.Select(SpectralBands.Of)];
            StudyRow row = StudyContext.With(study.Bench.Row(name, string.Create(CultureInfo.InvariantCulture, $"factor {size.Factor}, {size.Channels} channels"), size.Share, sample), ("factor", size.Factor), ("channels", size.Channels));
            var values = new Dictionary<string, Metrics.Analysis.Estimate>(row.Values, StringComparer.Ordinal);
            for (int band = 0; band < SpectralBands.Count; band++)
                values[string.Create(CultureInfo.InvariantCulture, $"band{band + 1}")] = study.Bench.Of(scenes, trips, (s, t) => t.Sum(x => x[band]) / s.Sum(x => x[band]));
            rows.Add(row with { Values = values });
            return sample;
        }
    }

    /// <summary>What each step predicts, and what number of steps, sampler, start and parametrization are worth.</summary>
    public static StudyResult Steps(StudyContext study)
    {
        LatentDiffusionRestorer diffusion = study.Networks.Diffusion;
        LatentDiffusionRestorer velocity = study.Networks.Variant("short-velocity", DiffusionPrediction.Velocity);
        LatentDiffusionRestorer noise = study.Networks.Variant("short-noise", DiffusionPrediction.Noise);
        int steps = study.Options.Steps;
        StudyCase[] cases = study.Bench.Cases(QualityExperiments.Mixed, study.CancellationToken);
        int[] counts = [.. study.Options.StepCounts];
        (string Name, DiffusionSampler Sampler, double Eta)[] samplers = [("spaced", DiffusionSampler.Spaced, 0), ("ddim, eta 0", DiffusionSampler.Ddim, 0), ("ddim, eta 1", DiffusionSampler.Ddim, 1)];
        (string Name, LatentDiffusionRestorer Diffusion)[] networks = [("cldm", diffusion), ("short, velocity", velocity), ("short, noise", noise)];
        StudyProgress progress = study.Progress("steps", (networks.Length * (steps + counts.Length)) + (samplers.Length * 2 * counts.Length));
        var rows = new List<StudyRow>();
        Dictionary<StudyCase, int> places = cases.Index().ToDictionary(c => c.Item, c => c.Index);
        foreach ((string name, LatentDiffusionRestorer network) in networks)
        {
            // One run gives the predictions of all its steps.
            LatentDiffusionRestorer run = network.With(new LatentDiffusionOptions { Steps = steps });
            IReadOnlyList<ImageBuffer>[] predictions = new IReadOnlyList<ImageBuffer>[cases.Length];
            EachIndex.Run(cases.Length, study.Options.Parallelism, study.CancellationToken, i => predictions[i] = run.Predictions(cases[i].Initial, study.CancellationToken));
            for (int step = 0; step < predictions[0].Count; step++)
            {
                int at = step;
                rows.Add(study.Bench.Row(new StudySystem($"{name}, predicted", (c, _) => predictions[places[c]][at]), "by step", step + 1, cases, progress));
            }

            rows.AddRange(counts.Select(n => study.Bench.Row(DiffusionSystems.Sampled(network, new LatentDiffusionOptions { Steps = n }, name), "by number of steps", n, cases, progress)));
        }

        foreach ((string name, DiffusionSampler sampler, double eta) in samplers)
        {
            foreach (DiffusionStart start in Enum.GetValues<DiffusionStart>())
            {
                rows.AddRange(counts.Select(n => study.Bench.Row(
                    DiffusionSystems.Sampled(diffusion, new LatentDiffusionOptions { Steps = n, Sampler = sampler, Eta = eta, Start = start }, $"{name}, from {(start == DiffusionStart.Noise ? "noise" : "the condition")}"),
                    "by sampler", n, cases, progress)));
            }
        }

        return study.Result(
            "steps", rows, $"Degradation: {QualityExperiments.Mixed}. Predictions are decoded without a color fix, of the first seed; the others have it.",
            $"The short ones are U-Nets and control branches of {study.Options.VariantSteps} steps each on the same autoencoder: velocity with a schedule that leaves nothing of the image at its end, noise with the usual one. spread: standard deviation of PSNR over {study.Options.Seeds} seeds.");
    }

    /// <summary>From how much noise sampling starts.</summary>
    public static StudyResult Start(StudyContext study)
    {
        LatentDiffusionRestorer diffusion = study.Networks.Diffusion;
        StudyCase[] cases = study.Bench.Cases(QualityExperiments.Mixed, study.CancellationToken);
        StudyProgress progress = study.Progress("start", s_starts.Length + 2);
        var rows = new List<StudyRow>
        {
            study.Bench.Row(StudySystem.Initial, "no sampling", 0, cases, progress),
            study.Bench.Row(DiffusionSystems.InitialRoundTrip(diffusion), "no sampling", 0, cases, progress),
        };
        foreach (int timestep in s_starts)
        {
            var options = new LatentDiffusionOptions { Steps = Math.Min(study.Options.Steps, timestep + 1), Start = DiffusionStart.Condition, StartTimestep = timestep };
            rows.Add(study.Bench.Row(DiffusionSystems.Sampled(diffusion, options, "cldm"), string.Create(CultureInfo.InvariantCulture, $"from timestep {timestep}"), timestep, cases, progress));
        }

        return study.Result("start", rows, $"Degradation: {QualityExperiments.Mixed}. Sampling starts from the condition with the noise of a timestep.");
    }

    /// <summary>The same U-Net, narrower, on pixels, for as many multiply-adds of training.</summary>
    public static StudyResult Pixels(StudyContext study)
    {
        LatentDiffusionRestorer latent = study.Networks.Variant("short-velocity", DiffusionPrediction.Velocity);
        LatentDiffusionTrainingOptions options = study.Networks.Pixels;
        var network = new DiffusionUNet(options.Network);
        var fresh = new LatentDiffusionRestorer(new LatentDiffusionNetworks(new PixelSpace(), network, new ControlBranch(network.Options, options.LatentChannels), options.Settings(1)), null);
        (double own, double pixels) = (Evaluation(latent, options.Size), Evaluation(fresh, options.Size));
        int steps = Math.Max(1, (int)(study.Options.VariantSteps * own / pixels));
        LatentDiffusionRestorer diffusion = study.Networks.PixelVariant("short-pixels", steps);
        (string Name, string Degradation)[] tasks = [("deblur", QualityExperiments.Mixed), ("blur 1", StudyBench.Blur(1))];
        int[] counts = [5, study.Options.Steps];
        StudyProgress progress = study.Progress("pixels", tasks.Length * (2 + (2 * counts.Length)));
        var rows = new List<StudyRow>();
        foreach ((int t, (string task, string degradation)) in tasks.Index())
        {
            StudyCase[] cases = study.Bench.Cases(degradation, study.CancellationToken);
            rows.Add(study.Bench.Row(StudySystem.Initial, task, t, cases, progress));
            rows.Add(study.Bench.Row(DiffusionSystems.Ceiling(latent), task, t, cases, progress));
            foreach (int n in counts)
            {
                rows.Add(study.Bench.Row(DiffusionSystems.Sampled(latent, new LatentDiffusionOptions { Steps = n }, string.Create(CultureInfo.InvariantCulture, $"latents, {n} steps")), task, t, cases, progress));
                rows.Add(study.Bench.Row(DiffusionSystems.Sampled(diffusion, new LatentDiffusionOptions { Steps = n }, string.Create(CultureInfo.InvariantCulture, $"pixels, {n} steps")), task, t, cases, progress));
            }
        }

        return study.Result("pixels", rows, string.Create(
            CultureInfo.InvariantCulture,
            $"On latents U-Net and control branch of {latent.Info.ParameterCount} values with their autoencoder, {study.Options.VariantSteps} steps each of {own / 1e6:F0} million multiply-adds an image; on pixels {diffusion.Info.ParameterCount} values, {steps} steps each of {pixels / 1e6:F0} million. The autoencoder's own training comes on top for the latents."));
    }

    /// <summary>Multiply-adds of one evaluation of U-Net and control branch.</summary>
    private static double Evaluation(LatentDiffusionRestorer diffusion, int size)
    {
        var image = new ImageBuffer(3, size, size);
        long Of(int steps)
        {
            using MultiplyAddMeter meter = MultiplyAddMeter.Start();
            diffusion.With(new LatentDiffusionOptions { Steps = steps }).Restore(image);
            return meter.Total;
        }

        return Of(2) - Of(1);
    }

    private static ImageBuffer RoundTrip(AutoencoderKl autoencoder, ImageBuffer image)
    {
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        Tensor whole = (autoencoder.Call((Tensor.From(image.Samples, [1, 3, image.Height, image.Width]) * 2) - 1) + 1) * 0.5f;
        return new ImageBuffer(3, image.Height, image.Width, whole.ToArray());
    }

    private static ImageBuffer Lost(ImageBuffer scene, ImageBuffer trip)
    {
        var lost = new ImageBuffer(3, scene.Height, scene.Width);
        for (int i = 0; i < lost.Samples.Length; i++)
            lost.Samples[i] = Math.Clamp(0.5f + (Magnified * (scene.Samples[i] - trip.Samples[i])), 0, 1);
        return lost;
    }
}
