using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Text;
using Gir.Metrics;
using Gir.Metrics.Dimensions;
using Gir.Metrics.NoReference;

namespace Gir.Cli.Score;

/// <summary>The metrics that the command line asks for.</summary>
/// <param name="FullReference">Those that need a reference.</param>
/// <param name="NoReference">Those that need none.</param>
/// <param name="IsAll">Whether every one was asked for, of which an image may allow some alone.</param>
internal sealed record MetricSelection(IReadOnlyList<IFullReferenceMetric> FullReference, IReadOnlyList<INoReferenceMetric> NoReference, bool IsAll = false)
{
    public static MetricSelection Create(ScoreSettings settings)
    {
        MetricCatalog catalog = CatalogOf(settings);
        bool hasReference = settings.Reference is not null;
        string names = settings.Metrics.Length > 0 ? settings.Metrics : hasReference ? "psnr,ssim" : "niqe";
        if (names.Equals("all", StringComparison.OrdinalIgnoreCase))
            return new MetricSelection(hasReference ? catalog.FullReference : [], catalog.NoReference, IsAll: true);
        var full = new List<IFullReferenceMetric>();
        var none = new List<INoReferenceMetric>();
        IEnumerable<string> wanted = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        // pyiqa writes "ms_ssim".
        foreach (string name in wanted.Select(n => n.Replace('_', '-')).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (catalog.FullReference.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } fullReference)
            {
                if (!hasReference)
                    throw new UsageException($"--metrics {name}: needs --reference.");
                full.Add(fullReference);
            }
            else if (LearnedMetrics.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                if (!hasReference)
                    throw new UsageException($"--metrics {name}: needs --reference.");
                full.Add(LearnedMetrics.Create(name, settings.Weights, settings.Calibration, catalog.Profile.Crop));
            }
            else if (catalog.NoReference.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } noReference)
            {
                none.Add(noReference);
            }
            else
            {
                if (name.Equals("brisque", StringComparison.OrdinalIgnoreCase))
                    throw new UsageException($"--metrics {name}: needs --brisque-model and --brisque-range, as the library has no model of its own.");
                IEnumerable<string> known = catalog.FullReference.Select(m => m.Name).Concat(catalog.NoReference.Select(m => m.Name)).Concat(LearnedMetrics.Names).Concat(SetScoreCommand.Names);
                throw new UsageException($"--metrics {name}: there is no such metric; expected {Suggestion.Among(name, [.. known])}.");
            }
        }

        return full.Count + none.Count > 0 ? new MetricSelection(full, none) : throw new UsageException("--metrics: expected at least one name.");
    }

    /// <summary>The metrics under the profile, with the models that were given.</summary>
    public static MetricCatalog CatalogOf(ScoreSettings settings) => new(Profile(settings), NiqeModelOf(settings), BrisqueModelOf(settings));

    /// <summary>The names, in the order of the scores.</summary>
    public IReadOnlyList<string> Names => [.. FullReference.Select(m => m.Name), .. NoReference.Select(m => m.Name)];

    /// <summary>Measures one image.</summary>
    /// <exception cref="ArgumentException">The image does not fit a metric that was asked for by name, or none of all.</exception>
    public ImageScores Measure(string name, ImageBuffer image, ImageBuffer? reference, Parallelism parallelism)
    {
        var missing = new List<string>();
        IFullReferenceMetric[] full = [.. FullReference.Where(m => Fits(m.Name, m.WhyUnfit(image.Channels, image.Height, image.Width)))];
        INoReferenceMetric[] none = [.. NoReference.Where(m => Fits(m.Name, m.WhyUnfit(image.Channels, image.Height, image.Width)))];
        if (full.Length + none.Length == 0)
            throw new UsageException($"no metric can measure it: {string.Join(" ", missing)}");
        var scores = new Dictionary<string, MetricScore>(StringComparer.Ordinal);
        foreach ((IFullReferenceMetric metric, MetricScore score) in full.Zip(DimensionGroup.Measure(full, reference!, image, parallelism)))
            scores[metric.Name] = score;
        foreach (INoReferenceMetric metric in none)
            scores[metric.Name] = metric.Measure(image, parallelism);
        return new ImageScores(name, scores, missing);

        bool Fits(string metric, string? unfit)
        {
            // What was asked for by name fails with the same reason.
            if (!IsAll || unfit is null)
                return true;
            missing.Add($"{metric} is left out: {unfit}");
            return false;
        }
    }

    private static MetricProfile Profile(ScoreSettings settings)
    {
        if (settings.Scale < 1)
            throw new UsageException($"--scale {settings.Scale}: expected at least 1.");
        try
        {
            MetricProfile profile = MetricProfile.Parse(settings.Profile, settings.Scale);
            return settings.Scale is null || profile.Crop == settings.Scale
                ? profile
                : throw new UsageException($"--scale {settings.Scale}: only --profile sr has a scale, not '{settings.Profile}'.");
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--profile {settings.Profile}: {e.Message}");
        }
    }

    private static NiqeModel? NiqeModelOf(ScoreSettings settings) =>
        settings.NiqeModel is null ? null : UserFile.Read($"--niqe-model {settings.NiqeModel}", () => NiqeModel.Load(settings.NiqeModel));

    private static BrisqueModel? BrisqueModelOf(ScoreSettings settings) => (settings.BrisqueModel, settings.BrisqueRange) switch
    {
        (null, null) => null,
        ({ } model, { } range) => UserFile.Read($"--brisque-model {model}", () => BrisqueModel.Load(model, range)),
        _ => throw new UsageException("--brisque-model and --brisque-range go together: a model means nothing without the ranges of its features."),
    };
}
