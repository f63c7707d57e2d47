using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Shell;

/// <summary>Image files that a user points at.</summary>
internal static class InputImages
{
    /// <summary>The file itself, or the image files of a folder (not of its subfolders) in ordinal order.</summary>
    public static IReadOnlyList<string> Find(string path, int? limit = null)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new UsageException($"'{path}' does not exist; expected an image file or a folder of image files.");
        string[] files =
        [
            .. Directory.EnumerateFiles(path)
                .Where(f => ImageCodecs.FindByExtension(f) is not null)
                .OrderBy(Path.GetFileName, StringComparer.Ordinal),
        ];
        if (files.Length == 0)
            throw new UsageException($"'{path}' holds no image files ({string.Join(", ", ImageCodecs.All.SelectMany(c => c.Extensions))}).");
        return limit is { } count ? [.. files.Take(count)] : files;
    }

    /// <summary>Colour and alpha apart: alpha is null where the file has none.</summary>
    public static (ImageBuffer Color, ImageBuffer? Alpha) SplitAlpha(ImageBuffer image)
    {
        if (image.Channels is not (2 or 4))
            return (image, null);
        int colors = image.Channels - 1;
        return (
            new ImageBuffer(colors, image.Height, image.Width, image.Samples[..(colors * image.PlaneLength)].ToArray()),
            new ImageBuffer(1, image.Height, image.Width, image.Plane(colors).ToArray()));
    }

    /// <summary>Colour with its alpha again, the latter cropped as the colour was.</summary>
    public static ImageBuffer JoinAlpha(ImageBuffer color, ImageBuffer? alpha)
    {
        if (alpha is null)
            return color;
        ImageBuffer fitting = alpha.Height == color.Height && alpha.Width == color.Width ? alpha : alpha.Crop(0, 0, color.Height, color.Width);
        return new ImageBuffer(color.Channels + 1, color.Height, color.Width, [.. color.Samples, .. fitting.Samples]);
    }
}
