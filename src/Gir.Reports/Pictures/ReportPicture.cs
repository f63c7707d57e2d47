using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Reports;

/// <summary>A picture of a report.</summary>
/// <param name="Name">What it is, in a word or two, e.g. "gir-v1": also what a reader who does not see it is told.</param>
/// <param name="Caption">What is said of it, e.g. its PSNR; may be empty.</param>
/// <param name="File">A PNG, JPEG or SVG file; browsers run no script of a picture.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
public sealed record ReportPicture(string Name, string Caption, ReadOnlyMemory<byte> File, int Width, int Height)
{
    private const int Quality = 92;
    private const int LargestSide = 4096;
    private const int LargestFile = 4 << 20;

    internal string DataUri => $"data:image/{File.Span[0] switch { 0xFF => "jpeg", 0x89 => "png", _ => "svg+xml" }};base64,{Convert.ToBase64String(File.Span)}";

    /// <summary>A picture of an image: PNG or JPEG, whichever is smaller.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="caption">What is said of it.</param>
    /// <param name="image">The image, gray or RGB.</param>
    /// <exception cref="ArgumentException">The image is neither gray nor RGB.</exception>
    public static ReportPicture Of(string name, string caption, ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentNullException.ThrowIfNull(image);
        byte[] png = ImageFile.Encode(image);
        byte[] jpeg = ImageFile.Encode(image, "jpeg", new JpegEncodeOptions(Quality));
        return new ReportPicture(name, caption, jpeg.Length < png.Length ? jpeg : png, image.Width, image.Height);
    }

    /// <summary>A picture of a PNG or JPEG file, as it is.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="caption">What is said of it.</param>
    /// <param name="path">The file, of at most 4 MiB and 4096 pixels a side.</param>
    /// <exception cref="ReportException">It is no such file.</exception>
    /// <exception cref="ImageFormatException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ReportPicture Load(string name, string caption, string path)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (new FileInfo(path).Length is > LargestFile and var length)
            throw new ReportException($"{path}: {length} bytes; expected a picture of at most {LargestFile}.");
        ImageFileInfo info = ImageFile.ReadInfo(path);
        if (info.Format is not ("png" or "jpeg") || info.Width > LargestSide || info.Height > LargestSide)
            throw new ReportException($"{path}: {info.Format} of {info.Width} x {info.Height}; expected PNG or JPEG of at most {LargestSide} pixels a side.");
        return new ReportPicture(name, caption, System.IO.File.ReadAllBytes(path), info.Width, info.Height);
    }
}

/// <summary>Pictures of the same pixels, to be compared by a slider.</summary>
/// <param name="Title">What is compared.</param>
/// <param name="Text">What is said of it.</param>
/// <param name="Pictures">At least two pictures of one size; the first and the second are shown first.</param>
public sealed record ReportComparison(string Title, string Text, IReadOnlyList<ReportPicture> Pictures);

/// <summary>A part of a page of its own: a text, pictures, a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What is said of it.</param>
/// <param name="Pictures">Pictures, side by side; may be empty.</param>
public sealed record ReportPanel(string Title, string Text, IReadOnlyList<ReportPicture> Pictures)
{
    /// <summary>A table's columns; default none.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>A table's rows, with a cell for each column; default none.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; init; } = [];
}
