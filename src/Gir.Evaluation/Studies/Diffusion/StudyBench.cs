using System.Globalization;
using Gir.Degradations;
using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Metrics.Analysis;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>What a system reached on every image: means over its seeds, and their spread.</summary>
/// <param name="Scores">Metrics by image, in the order of <see cref="StudyScores.Names"/>.</param>
/// <param name="Spread">Standard deviation of PSNR over the seeds, by image; zeros where there is one seed.</param>
/// <param name="Images">The images of the first seed.</param>
internal sealed record StudySample(double[][] Scores, double[] Spread, ImageBuffer[] Images);

/// <summary>Scenes, degraded in the same way for all systems, and intervals over the images. Safe for concurrent use.</summary>
internal sealed class StudyBench
{
    private const double Confidence = 0.95;
    private const double LowestDecile = 0.1;

    private readonly DiffusionStudyOptions _options;
    private readonly int _size;
    private readonly IRestorer? _initial;
    private readonly Bootstrap _bootstrap;

    public StudyBench(DiffusionStudyOptions options, int size, IRestorer? initial)
    {
        (_options, _size, _initial) = (options, size, initial);
        Scenes = Made(options.FirstScene, options.Images);
        Meter = new StudyMeter(Scenes);
        _bootstrap = new Bootstrap(options.Images, options.Resamples, Confidence, seed: 0);
    }

    /// <summary>The clean scenes.</summary>
    public ImageBuffer[] Scenes { get; }

    /// <summary>The metrics.</summary>
    public StudyMeter Meter { get; }

    /// <summary>Scenes that follow those of the study.</summary>
    public ImageBuffer[] Others(int count) => Made(_options.FirstScene + (ulong)_options.Images, count);

    /// <summary>A blur of the sweep; none at 0.</summary>
    public static string Blur(double sigma) => sigma == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"blur(sigma={sigma})");

    /// <summary>The scenes under a degradation, an expression; nothing where it is empty.</summary>
    public StudyCase[] Cases(string degradation, CancellationToken cancellationToken)
    {
        DegradationPipeline? pipeline = degradation.Length == 0 ? null : DegradationPipeline.Parse(degradation, PatchPipeline.Options);
        var cases = new StudyCase[Scenes.Length];
        EachIndex.Run(cases.Length, _options.Parallelism, cancellationToken, i =>
        {
            ImageBuffer degraded = pipeline?.Degrade(Scenes[i], (ulong)i) ?? Scenes[i];
            cases[i] = new StudyCase(Scenes[i], degraded, Clamped(_initial?.Restore(degraded, cancellationToken) ?? degraded));
        });
        return cases;
    }

    /// <summary>Measures a system on all cases, as pictures of 8 bits.</summary>
    public StudySample Measure(StudySystem system, StudyCase[] cases, StudyProgress progress, int? seeds = null)
    {
        int draws = system.IsSampled ? seeds ?? _options.Seeds : 1;
        var sample = new StudySample(new double[cases.Length][], new double[cases.Length], new ImageBuffer[cases.Length]);
        EachIndex.Run(cases.Length, _options.Parallelism, progress.CancellationToken, i =>
        {
            var sums = new double[StudyScores.Names.Count];
            var decibels = new double[draws];
            for (int seed = 0; seed < draws; seed++)
            {
                ImageBuffer image = Clamped(system.Restore(cases[i], (ulong)seed)).Quantized();
                double[] scores = Meter.Measure(cases[i].Clean, image).ToArray();
                decibels[seed] = scores[0];
                for (int k = 0; k < sums.Length; k++)
                    sums[k] += scores[k] / draws;
                if (seed == 0)
                    sample.Images[i] = image;
            }

            sample.Scores[i] = sums;
            double mean = decibels.Average();
            sample.Spread[i] = draws == 1 ? 0 : Math.Sqrt(decibels.Sum(d => (d - mean) * (d - mean)) / (draws - 1));
            progress.Step();
        });
        return sample;
    }

    /// <summary>Measures a system and makes a row of it.</summary>
    public StudyRow Row(StudySystem system, string setting, double position, StudyCase[] cases, StudyProgress progress, int? seeds = null) =>
        Row(system.Name, setting, position, Measure(system, cases, progress, seeds));

    /// <summary>A row of means with their intervals.</summary>
    public StudyRow Row(string system, string setting, double position, StudySample sample)
    {
        var values = new Dictionary<string, Estimate>(StringComparer.Ordinal);
        foreach ((int k, string name) in StudyScores.Names.Index())
            values[name] = Mean([.. sample.Scores.Select(s => s[k])]);
        double[] alignment = [.. sample.Scores.Select(s => s[3])];
        values["alignmentLow"] = Of(alignment, Decile);
        values["spread"] = Mean(sample.Spread);
        return new StudyRow(system, setting, position, values);
    }

    /// <summary>The mean of a value of each image, with its interval.</summary>
    public Estimate Mean(double[] values) => Of(values, v => v.Average());

    /// <summary>Any statistic of a value of each image, with its interval.</summary>
    public Estimate Of(double[] values, Func<double[], double> statistic) =>
        _bootstrap.Around(statistic(values), [.. _bootstrap.Draws.Select(draw => statistic([.. draw.Select(i => values[i])]))]);

    /// <summary>The same of two values of each image: resamples draw the same images of both.</summary>
    public Estimate Of(double[][] first, double[][] second, Func<double[][], double[][], double> statistic) =>
        _bootstrap.Around(statistic(first, second), [.. _bootstrap.Draws.Select(draw => statistic([.. draw.Select(i => first[i])], [.. draw.Select(i => second[i])]))]);

    public static ImageBuffer Clamped(ImageBuffer image)
    {
        var clamped = new ImageBuffer(image.Channels, image.Height, image.Width);
        System.Numerics.Tensors.TensorPrimitives.Clamp(image.Samples, 0, 1, clamped.Samples);
        return clamped;
    }

    private ImageBuffer[] Made(ulong first, int count)
    {
        var scenes = new ImageBuffer[count];
        EachIndex.Run(count, _options.Parallelism, default, i => scenes[i] = SceneGenerator.Create(first + (ulong)i, _size, _size).Image.Quantized());
        return scenes;
    }

    private static double Decile(double[] values) => values.Order().ElementAt((int)(LowestDecile * values.Length));
}
