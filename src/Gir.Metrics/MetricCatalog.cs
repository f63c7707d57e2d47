using Gir.Metrics.Dimensions;
using Gir.Metrics.FullReference;
using Gir.Metrics.NoReference;

namespace Gir.Metrics;

/// <summary>Every metric of the library under one profile. Immutable and safe for concurrent use.</summary>
public sealed class MetricCatalog : IMetricCatalog
{
    /// <summary>All metrics under a profile.</summary>
    /// <param name="profile">The conventions; null means <see cref="MetricProfile.Default"/>.</param>
    /// <param name="niqeModel">The model of NIQE; null means <see cref="NiqeModel.BuiltIn"/>.</param>
    /// <param name="brisqueModel">The model of BRISQUE; null leaves BRISQUE out, as the library has no model of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The profile asks for a negative crop.</exception>
    public MetricCatalog(MetricProfile? profile = null, NiqeModel? niqeModel = null, BrisqueModel? brisqueModel = null)
    {
        profile ??= MetricProfile.Default;
        Profile = profile;
        MetricColor error = profile.ErrorColor ?? profile.Color;
        var psnr = new PsnrOptions { Color = error, Crop = profile.Crop, Cap = profile.PsnrCap, Epsilon = profile.PsnrEpsilon };
        FullReference =
        [
            new Psnr(psnr),
            .. profile.PsnrYColor is { } luma ? [new Psnr(psnr with { Color = luma, Name = "psnry" })] : System.Array.Empty<IFullReferenceMetric>(),
            new Ssim(new SsimOptions { Color = profile.Color, Crop = profile.Crop, ClampContrast = profile.ClampContrast }),
            new MsSsim(new MsSsimOptions { Color = profile.Color, Crop = profile.Crop, ClampContrast = profile.ClampContrast }),
            new MsSsim(new MsSsimOptions { Color = profile.Color, Crop = profile.Crop, ClampContrast = profile.ClampContrast, Form = MsSsimForm.WeightedSum }),
            new Gmsd(profile.Gray, profile.Crop, profile.DropOddEdge),
            new Vif(profile.Gray, profile.Crop),
            new Fsim(profile.FsimIsChromatic, profile.Crop, "fsim"),
            new Fsim(chromatic: true, profile.Crop),
            new Ciede2000(profile.Crop),
            new Rmse(error, profile.Crop),
            new Mae(error, profile.Crop),
            .. Enum.GetValues<Dimension>().Select(d => new DimensionMetric(d, new DimensionOptions { Crop = profile.Crop })),
        ];
        NoReference =
        [
            new Niqe(new NiqeOptions { Model = niqeModel, Gray = profile.Gray, Crop = profile.Crop }),
            new Piqe(profile.Crop),
            new Entropy(profile.Gray, profile.Crop),
            new Colorfulness(profile.Crop),
            .. brisqueModel is null ? System.Array.Empty<INoReferenceMetric>() : [new Brisque(brisqueModel, profile.Gray, profile.Crop)],
        ];
    }

    /// <summary>The conventions of this catalog.</summary>
    public MetricProfile Profile { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IFullReferenceMetric> FullReference { get; }

    /// <inheritdoc/>
    public IReadOnlyList<INoReferenceMetric> NoReference { get; }

    /// <inheritdoc/>
    public IFullReferenceMetric FindFullReference(string name) => Find(FullReference, m => m.Name, name, "full-reference");

    /// <inheritdoc/>
    public INoReferenceMetric FindNoReference(string name) => Find(NoReference, m => m.Name, name, "no-reference");

    private static T Find<T>(IReadOnlyList<T> metrics, Func<T, string> nameOf, string name, string kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        // pyiqa writes "ms_ssim".
        string plain = name.Replace('_', '-');
        foreach (T metric in metrics)
        {
            if (string.Equals(nameOf(metric), plain, StringComparison.OrdinalIgnoreCase))
                return metric;
        }

        throw new ArgumentException(
            $"There is no {kind} metric '{name}'; expected one of {string.Join(", ", metrics.Select(nameOf))}.", nameof(name));
    }
}
