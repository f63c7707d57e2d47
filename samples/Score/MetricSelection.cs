using Gir.Imaging;
using Gir.Metrics;
using Gir.Metrics.NoReference;

namespace Gir.Samples.Score;

/// <summary>The metrics that the command line asks for.</summary>
internal sealed record MetricSelection(IReadOnlyList<IFullReferenceMetric> FullReference, IReadOnlyList<INoReferenceMetric> NoReference)
{
    public static MetricSelection Create(ScoreSettings settings)
    {
        MetricCatalog catalog;
        try
        {
            NiqeModel? model = settings.NiqeModel is null ? null : NiqeModel.Load(settings.NiqeModel);
            catalog = new MetricCatalog(MetricProfile.Parse(settings.Profile, settings.Scale), model);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }

        bool hasReference = settings.Reference is not null;
        string names = settings.Metrics.Length > 0 ? settings.Metrics : hasReference ? "psnr,ssim" : "niqe";
        if (names.Equals("all", StringComparison.OrdinalIgnoreCase))
            return new MetricSelection(hasReference ? catalog.FullReference : [], catalog.NoReference);
        var full = new List<IFullReferenceMetric>();
        var none = new List<INoReferenceMetric>();
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (catalog.FullReference.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } fullReference)
            {
                if (!hasReference)
                    throw new UsageException($"--metrics {name}: needs --reference.");
                full.Add(fullReference);
            }
            else if (catalog.NoReference.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } noReference)
            {
                none.Add(noReference);
            }
            else
            {
                IEnumerable<string> known = catalog.FullReference.Select(m => m.Name).Concat(catalog.NoReference.Select(m => m.Name));
                throw new UsageException($"--metrics {name}: there is no such metric; expected some of {string.Join(", ", known)}.");
            }
        }

        return full.Count + none.Count > 0 ? new MetricSelection(full, none) : throw new UsageException("--metrics: expected at least one name.");
    }

    public MetricScore[] Measure(ImageBuffer image, ImageBuffer? reference, Parallelism parallelism) =>
    [
        .. FullReference.Select(m => m.Measure(reference!, image, parallelism)),
        .. NoReference.Select(m => m.Measure(image, parallelism)),
    ];
}
