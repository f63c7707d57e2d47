namespace Gir.Models.Attribution;

/// <summary>How an input pixel's share in a result is told.</summary>
public enum AttributionMethod
{
    /// <summary>Gradients along a path from the blurred to the sharp image (Gu, Dong: "Interpreting Super-Resolution Networks with Local Attribution Maps", CVPR 2021).</summary>
    LocalAttributionMap,

    /// <summary>Gradients along the line from the black image (Sundararajan, Taly, Yan: "Axiomatic Attribution for Deep Networks", ICML 2017).</summary>
    IntegratedGradients,

    /// <summary>The gradient at the image itself.</summary>
    InputGradients,
}

/// <summary>How attribution is computed; the defaults are those of the authors of local attribution maps.</summary>
public sealed record AttributionOptions
{
    /// <summary>The method; default local attribution maps.</summary>
    public AttributionMethod Method { get; init; }

    /// <summary>Points on the path, 1..1000; default 50.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>For local attribution maps: standard deviation of the strongest blur in pixels, above 0 and at most 20; default 1.2.</summary>
    public double Sigma { get; init; } = 1.2;

    /// <summary>For local attribution maps: height and width of the blur kernel, odd, 3..63; default 9.</summary>
    public int KernelSize { get; init; } = 9;

    internal void Validate()
    {
        if (!Enum.IsDefined(Method))
            throw new ArgumentOutOfRangeException(nameof(Method), Method, "Expected a member of AttributionMethod.");
        if (Steps is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(Steps), Steps, "Expected 1..1000.");
        if (Sigma is not (> 0 and <= 20))
            throw new ArgumentOutOfRangeException(nameof(Sigma), Sigma, "Expected a number above 0 and at most 20.");
        if (KernelSize is < 3 or > 63 || KernelSize % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(KernelSize), KernelSize, "Expected an odd number of 3..63.");
    }
}

/// <summary>A rectangle of a restored image, in its pixels.</summary>
/// <param name="Top">First row.</param>
/// <param name="Left">First column.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
public readonly record struct AttributionWindow(int Top, int Left, int Height, int Width);
