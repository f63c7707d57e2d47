using System.Globalization;
using Gir.Imaging;
using Gir.Metrics.Analysis;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>Latent diffusion against traditional networks: the perception-distortion plane, the blur sweep, what quality costs, and where meaning is lost.</summary>
internal static class QualityExperiments
{
    /// <summary>The degradation of experiments that have one alone.</summary>
    public const string Mixed = "blur(sigma=2) + noise(sigma=8)";

    private const int CostRepeats = 5;
    private const int WorstCases = 6;
    private const int OtherScenes = 200;

    private static readonly double[] s_guidance = [0.02, 0.05, 0.15];

    private static readonly (string Name, string Degradation)[] s_tasks =
        [("denoise", "noise(sigma=20)"), ("deblur", Mixed), ("jpeg", "compression(quality=30)"), ("x4", "resize(scale=4)")];

    /// <summary>Distortion against perception: PSNR, the deep-feature distance, and the kernel distance of the results' descriptors to the scenes'.</summary>
    public static StudyResult Plane(StudyContext study)
    {
        LatentDiffusionRestorer diffusion = study.Networks.Diffusion;
        int steps = study.Options.Steps;
        StudySystem[] systems =
        [
            StudySystem.Input, StudySystem.Initial, .. Networks(study), DiffusionSystems.Ceiling(diffusion), DiffusionSystems.InitialRoundTrip(diffusion),
            .. study.Options.StepCounts.Select(n => DiffusionSystems.Steps(diffusion, n)), DiffusionSystems.WithoutInitial(diffusion, steps),
            .. s_guidance.Select(g => DiffusionSystems.Guided(diffusion, steps, g)),
        ];
        StudyProgress progress = study.Progress("plane", s_tasks.Length * systems.Length);
        // Not the scenes that are restored: an image would be compared with its own scene.
        FeatureSet scenes = study.Bench.Meter.Descriptors(study.Bench.Others(OtherScenes));
        var rows = new List<StudyRow>();
        foreach ((int t, (string task, string degradation)) in s_tasks.Index())
        {
            StudyCase[] cases = study.Bench.Cases(degradation, study.CancellationToken);
            foreach (StudySystem system in systems)
            {
                StudySample sample = study.Bench.Measure(system, cases, progress);
                rows.Add(StudyContext.With(study.Bench.Row(system.Name, task, t, sample), ("kernel", study.Bench.Meter.Distance(scenes, sample.Images))));
            }
        }

        return study.Result(
            "plane", rows, $"Tasks: {string.Join("; ", s_tasks.Select(t => $"{t.Name} is {t.Degradation}"))}. No network has learned x4.",
            $"deep: distance of the layout classifier's features of all layers, LPIPS's form with weights of 1. kernel: unbiased kernel distance of its descriptors to those of {OtherScenes} other scenes, of the first seed, without an interval; of few images it says little. Images of this size are too small for NIQE.");
    }

    /// <summary>Blur from none to strong, and where latent diffusion overtakes.</summary>
    public static StudyResult Blur(StudyContext study)
    {
        LatentDiffusionRestorer diffusion = study.Networks.Diffusion;
        StudySystem sampled = DiffusionSystems.Steps(diffusion, study.Options.Steps);
        StudySystem[] systems = [StudySystem.Input, StudySystem.Initial, .. Networks(study), DiffusionSystems.Ceiling(diffusion), DiffusionSystems.InitialRoundTrip(diffusion), sampled];
        StudyProgress progress = study.Progress("blur", study.Options.BlurLevels.Count * systems.Length);
        var rows = new List<StudyRow>();
        var samples = systems.ToDictionary(s => s.Name, _ => new List<StudySample>(), StringComparer.Ordinal);
        foreach (double sigma in study.Options.BlurLevels)
        {
            StudyCase[] cases = study.Bench.Cases(StudyBench.Blur(sigma), study.CancellationToken);
            foreach (StudySystem system in systems)
            {
                StudySample sample = study.Bench.Measure(system, cases, progress);
                // Only the numbers are needed from here on.
                samples[system.Name].Add(sample with { Images = [] });
                rows.Add(study.Bench.Row(system.Name, string.Create(CultureInfo.InvariantCulture, $"blur {sigma}"), sigma, sample));
            }
        }

        string[] notes =
        [
            .. new[] { StudySystem.Input, StudySystem.Initial }.SelectMany(other => new[] { (0, "PSNR"), (3, "Alignment"), (4, "Alignment by places") }.Select(metric =>
                Crossing(study, samples[sampled.Name], samples[other.Name], metric.Item1, $"{sampled.Name} overtakes {other.Name} in {metric.Item2}"))),
        ];
        return study.Result("blur", rows, notes);
    }

    /// <summary>Quality against learned parameters, multiply-adds and the median time of an image.</summary>
    public static StudyResult Cost(StudyContext study)
    {
        IRestorer[] networks = [.. StudyNetworks.Compared.Select(study.Networks.Load)];
        LatentDiffusionRestorer diffusion = study.Networks.Diffusion;
        var systems = new List<(StudySystem System, IRestorer[] Parts)>(networks.Select(n => (DiffusionSystems.Network(n), new[] { n })));
        IRestorer[] initial = study.Networks.Initial is { } first ? [first] : [];
        systems.Insert(0, (StudySystem.Initial, initial));
        foreach (int steps in study.Options.StepCounts)
            systems.Add((DiffusionSystems.Steps(diffusion, steps), [.. initial, diffusion.With(new LatentDiffusionOptions { Steps = steps })]));
        StudyCase[] cases = study.Bench.Cases(Mixed, study.CancellationToken);
        StudyProgress progress = study.Progress("cost", systems.Count);
        StudyRow[] rows = [.. systems.Select((s, i) => study.Bench.Row(s.System, "deblur", i, cases, progress))];
        int size = cases[0].Clean.Height;
        for (int i = 0; i < rows.Length; i++)
        {
            RestorationCost[] costs = [.. systems[i].Parts.Select(p => RestorationCost.Measure(p, size, size, CostRepeats, cancellationToken: study.CancellationToken))];
            rows[i] = StudyContext.With(
                rows[i], ("parameters", costs.Sum(c => c.ParameterCount)), ("multiplyAdds", costs.Sum(c => c.MultiplyAdds)), ("milliseconds", 1000 * costs.Sum(c => c.Seconds)));
        }

        return study.Result("cost", rows, $"Degradation: {Mixed}. Times are medians of {CostRepeats} images of {size} x {size}, measured one after another in this run, on a machine that may have had other work.");
    }

    /// <summary>Where latent diffusion shows something else: the worst cases by Alignment, as a sheet.</summary>
    public static StudyResult Deviation(StudyContext study)
    {
        StudySystem sampled = DiffusionSystems.Steps(study.Networks.Diffusion, study.Options.Steps);
        StudySystem[] systems = [StudySystem.Input, StudySystem.Initial, sampled];
        double[] levels = [1, 3];
        StudyProgress progress = study.Progress("deviation", levels.Length * systems.Length);
        var rows = new List<StudyRow>();
        var notes = new List<string>();
        foreach (double sigma in levels)
        {
            StudyCase[] cases = study.Bench.Cases(StudyBench.Blur(sigma), study.CancellationToken);
            StudySample[] samples = [.. systems.Select(s => study.Bench.Measure(s, cases, progress, seeds: 1))];
            string setting = string.Create(CultureInfo.InvariantCulture, $"blur {sigma}");
            rows.AddRange(systems.Select((s, i) => study.Bench.Row(s.Name, setting, sigma, samples[i])));
            StudySample own = samples[^1];
            int[] worst = [.. Enumerable.Range(0, cases.Length).OrderBy(i => own.Scores[i][3]).Take(WorstCases)];
            string sheet = string.Create(CultureInfo.InvariantCulture, $"deviation-blur-{sigma}.png");
            study.SaveSheet(sheet, [.. worst.Select(i => (IReadOnlyList<ImageBuffer>)[cases[i].Clean, .. samples.Select(s => s.Images[i])])]);
            string list = string.Join("; ", worst.Select(i => string.Create(
                CultureInfo.InvariantCulture, $"scene {study.Options.FirstScene + (ulong)i}: {own.Scores[i][3]:F2}, by places {own.Scores[i][4]:F2} (initial {samples[1].Scores[i][3]:F2}, {samples[1].Scores[i][4]:F2}), seen as {study.Bench.Meter.Class(own.Images[i])}, is {study.Bench.Meter.Class(cases[i].Clean)}")));
            notes.Add($"{sheet}, {setting}, from left: scene, input, initial, {sampled.Name}; Alignment from above: {list}.");
        }

        return study.Result("deviation", rows, notes);
    }

    private static IEnumerable<StudySystem> Networks(StudyContext study) => StudyNetworks.Compared.Select(n => DiffusionSystems.Network(study.Networks.Load(n)));

    /// <summary>In words: the blur at which the mean of one becomes at least the other's, between levels by a straight line.</summary>
    private static string Crossing(StudyContext study, List<StudySample> own, List<StudySample> other, int metric, string what)
    {
        double[] levels = [.. study.Options.BlurLevels];
        double[][] differences = [.. Enumerable.Range(0, study.Options.Images).Select(i => levels.Select((_, l) => own[l].Scores[i][metric] - other[l].Scores[i][metric]).ToArray())];
        double At(double[][] images)
        {
            double[] means = [.. levels.Select((_, l) => images.Average(d => d[l]))];
            int first = Array.FindIndex(means, m => m >= 0);
            return first switch
            {
                < 0 => double.PositiveInfinity,
                0 => levels[0],
                _ => levels[first - 1] + ((levels[first] - levels[first - 1]) * means[first - 1] / (means[first - 1] - means[first])),
            };
        }

        Estimate at = study.Bench.Of(differences, differences, (d, _) => At(d));
        static string Text(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("F2", CultureInfo.InvariantCulture) : "beyond the sweep";
        return double.IsFinite(at.Value) ? $"{what} at a blur of {Text(at.Value)} pixels ({Text(at.Low)} to {Text(at.High)})." : $"{what} nowhere in the sweep (interval from {Text(at.Low)}).";
    }
}
