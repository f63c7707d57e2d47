namespace Gir.Metrics;

/// <summary>What a set of metrics compares: the one place where the published conventions are told apart.</summary>
/// <remarks>
/// A profile moves the metrics that are defined on any plane (PSNR, SSIM, MS-SSIM, RMSE, MAE) and the crop. Metrics that
/// prescribe a colour of their own (FSIM, CIEDE2000, PIQE, colourfulness) keep it, and differ between profiles only in the crop.
/// </remarks>
public sealed record MetricProfile
{
    /// <summary>RGB, no crop, no cap, no clamp; gray where a metric needs it is MATLAB's rgb2gray, as in the authors' code.</summary>
    public static MetricProfile Default { get; } = new();

    /// <summary>BasicSR with test_y_channel: Y of BT.601, unrounded for full reference; no crop.</summary>
    public static MetricProfile BasicSr { get; } = new() { Name = "basicsr", Color = MetricColor.LumaBt601 };

    /// <summary>
    /// pyiqa's defaults for "psnry" and "ssim": rounded full-range 299/587/114 gray, negative contrast-structure factors raised
    /// to 0, 80 dB for identical images; GMSD drops an odd last row or column.
    /// </summary>
    public static MetricProfile PyIqa { get; } = new()
    {
        Name = "pyiqa",
        Color = MetricColor.GrayYiqRounded,
        Gray = MetricColor.GrayYiqRounded,
        ClampContrast = true,
        PsnrCap = 80,
        DropOddEdge = true,
    };

    /// <summary>The profile's name, as <see cref="Parse"/> takes it; for super-resolution without the scale.</summary>
    public string Name { get; init; } = "default";

    /// <summary>The planes that PSNR, SSIM, MS-SSIM, RMSE and MAE compare; default RGB.</summary>
    public MetricColor Color { get; init; } = MetricColor.Rgb;

    /// <summary>The gray that GMSD, VIF, NIQE, BRISQUE and entropy look at; default MATLAB's rgb2gray.</summary>
    public MetricColor Gray { get; init; } = MetricColor.GrayMatlab;

    /// <summary>Pixels cut from every side first; default 0.</summary>
    public int Crop { get; init; }

    /// <summary>Largest PSNR given, in dB; default positive infinity.</summary>
    public double PsnrCap { get; init; } = double.PositiveInfinity;

    /// <summary>Raises negative contrast-structure factors of SSIM and MS-SSIM to 0; default false.</summary>
    public bool ClampContrast { get; init; }

    /// <summary>Whether GMSD leaves out the last row or column of an odd size instead of padding it with zeros; default false.</summary>
    public bool DropOddEdge { get; init; }

    /// <summary>The usual protocol of super-resolution papers: Y of BT.601, as many pixels cropped per side as the scale.</summary>
    /// <param name="scale">The upscaling factor, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is below 1.</exception>
    public static MetricProfile SuperResolution(int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        return new MetricProfile { Name = "sr", Color = MetricColor.LumaBt601, Crop = scale };
    }

    /// <summary>A profile by name: "default", "sr" (with a scale), "basicsr" or "pyiqa", in any case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="scale">The scale for "sr"; ignored by the others.</param>
    /// <exception cref="ArgumentException">There is no such profile, or "sr" came without a scale.</exception>
    public static MetricProfile Parse(string name, int? scale = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToLowerInvariant() switch
        {
            "default" => Default,
            "basicsr" => BasicSr,
            "pyiqa" => PyIqa,
            "sr" or "superresolution" => SuperResolution(
                scale ?? throw new ArgumentException("Profile 'sr' needs a scale, e.g. 4.", nameof(scale))),
            _ => throw new ArgumentException($"There is no metric profile '{name}'; expected default, sr, basicsr or pyiqa.", nameof(name)),
        };
    }
}
