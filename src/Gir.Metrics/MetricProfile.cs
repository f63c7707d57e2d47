namespace Gir.Metrics;

/// <summary>What a set of metrics compares: the one place where the published conventions are told apart.</summary>
/// <remarks>
/// A profile moves the metrics that are defined on any plane (PSNR, SSIM, MS-SSIM, RMSE, MAE) and the crop. Metrics that
/// prescribe a color of their own (FSIM, CIEDE2000, PIQE, colorfulness) keep it, and differ between profiles only in the crop. Names mean
/// what they mean in the profile's own tool: "fsim" is FSIMc in <see cref="PyIqa"/>.
/// </remarks>
public sealed record MetricProfile
{
    /// <summary>RGB, no crop, no cap, no clamp; gray where a metric needs it is MATLAB's rgb2gray, as in the authors' code.</summary>
    public static MetricProfile Default { get; } = new();

    /// <summary>BasicSR with test_y_channel: Y of BT.601, unrounded for full reference; no crop.</summary>
    public static MetricProfile BasicSr { get; } = new() { Name = "basicsr", Color = MetricColor.LumaBt601 };

    /// <summary>
    /// pyiqa's defaults, by its names: "psnr" in RGB and "psnry" on full-range 299/587/114 gray without rounding, both with 1e-8 added to the
    /// squared error (80 dB for identical images); "ssim", "ms-ssim" (pyiqa: "ms_ssim"), "gmsd", "niqe", "brisque" and "entropy" on that gray
    /// rounded to levels, negative contrast-structure factors raised to 0; "fsim" is FSIMc; GMSD drops an odd last row or column.
    /// </summary>
    /// <remarks>
    /// What differs still: pyiqa computes in float32 up to the color conversion; its "ms_ssim" pads odd sizes with zeros between scales (equal
    /// values where height and width are multiples of 16); its "vif" is the one of wavelets, while "vifp" is of pixels; its "niqe" and "brisque" need
    /// their authors' models. "rmse", "mae", "ciede2000" and "colorfulness" are none of pyiqa's.
    /// </remarks>
    public static MetricProfile PyIqa { get; } = new()
    {
        Name = "pyiqa",
        Color = MetricColor.GrayYiqRounded,
        Gray = MetricColor.GrayYiqRounded,
        ErrorColor = MetricColor.Rgb,
        PsnrYColor = MetricColor.GrayYiq,
        PsnrEpsilon = 1e-8,
        ClampContrast = true,
        FsimIsChromatic = true,
        DropOddEdge = true,
    };

    /// <summary>The profile's name, as <see cref="Parse"/> takes it; for super-resolution without the scale.</summary>
    public string Name { get; init; } = "default";

    /// <summary>The planes that SSIM, MS-SSIM and, unless <see cref="ErrorColor"/> says otherwise, PSNR, RMSE and MAE compare; default RGB.</summary>
    public MetricColor Color { get; init; } = MetricColor.Rgb;

    /// <summary>The planes that PSNR, RMSE and MAE compare, where they are others than <see cref="Color"/>; default null: they are not.</summary>
    public MetricColor? ErrorColor { get; init; }

    /// <summary>The plane of a second PSNR, "psnry"; default null: there is none.</summary>
    public MetricColor? PsnrYColor { get; init; }

    /// <summary>The gray that GMSD, VIF, NIQE, BRISQUE and entropy look at; default MATLAB's rgb2gray.</summary>
    public MetricColor Gray { get; init; } = MetricColor.GrayMatlab;

    /// <summary>Pixels cut from every side first; default 0.</summary>
    public int Crop { get; init; }

    /// <summary>Largest PSNR given, in dB; default positive infinity.</summary>
    public double PsnrCap { get; init; } = double.PositiveInfinity;

    /// <summary>Added to the mean squared error of PSNR, of samples in [0, 1]; default 0.</summary>
    public double PsnrEpsilon { get; init; }

    /// <summary>Whether "fsim" is the chromatic form, FSIMc, as well as "fsimc"; default false.</summary>
    public bool FsimIsChromatic { get; init; }

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
