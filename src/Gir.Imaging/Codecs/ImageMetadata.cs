namespace Gir.Imaging.Codecs;

/// <summary>What a file says beside its samples, and what should travel with them from file to file.</summary>
/// <remarks>Two are equal where their contents are. The orientation is no part of it: decoding turns the samples upright.</remarks>
public sealed record ImageMetadata
{
    /// <summary>Nothing.</summary>
    public static ImageMetadata None { get; } = new();

    /// <summary>
    /// The ICC profile, empty without one. Read from PNG (iCCP) and JPEG (APP2), and written to them, only where its color space is that of the
    /// samples: gray for 1 and 2 channels, RGB for 3 and 4.
    /// </summary>
    public ReadOnlyMemory<byte> IccProfile { get; init; }

    /// <summary>Pixels per length, or null where the file does not tell; read from and written to PNG (pHYs), JPEG (JFIF) and BMP.</summary>
    public ImageResolution? Resolution { get; init; }

    /// <inheritdoc/>
    public bool Equals(ImageMetadata? other) =>
        other is not null && Resolution == other.Resolution && IccProfile.Span.SequenceEqual(other.IccProfile.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Resolution, IccProfile.Length);
}

/// <summary>How densely pixels lie.</summary>
/// <param name="Horizontal">Pixels per meter along a row, above 0.</param>
/// <param name="Vertical">Pixels per meter along a column, above 0.</param>
public readonly record struct ImageResolution(double Horizontal, double Vertical)
{
    private const double MetersPerInch = 0.0254;

    /// <summary>Pixels per inch along a row.</summary>
    public double HorizontalPerInch => Horizontal * MetersPerInch;

    /// <summary>Pixels per inch along a column.</summary>
    public double VerticalPerInch => Vertical * MetersPerInch;

    /// <summary>The resolution of so many pixels per inch.</summary>
    public static ImageResolution PerInch(double horizontal, double vertical) => new(horizontal / MetersPerInch, vertical / MetersPerInch);
}
