using Gir.Degradations.Damage;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Degradations.Snow;

/// <summary>Ready-made snow masks (0 = no snow, 1 = snow), e.g. those of the CSD or Snow100K data sets; one is drawn per image.</summary>
/// <remarks>Safe for concurrent use as long as nobody writes to its images.</remarks>
public sealed class SnowMasks
{
    private readonly Func<int, ImageBuffer> _load;
    private readonly string[] _names;

    private SnowMasks(string[] names, Func<int, ImageBuffer> load) => (_names, _load) = (names, load);

    /// <summary>The masks' names: file names, or "image".</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>One mask from memory, without copying it.</summary>
    /// <param name="mask">1 x H x W, samples in [0, 1].</param>
    /// <exception cref="ArgumentException">There is more than one channel, or a sample lies outside [0, 1].</exception>
    public static SnowMasks FromImage(ImageBuffer mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return MaskImage.IsMask(mask)
            ? new SnowMasks(["image"], _ => mask)
            : throw new ArgumentException($"The snow mask is {mask} (channels x height x width): expected 1 channel with samples in 0..1.", nameof(mask));
    }

    /// <summary>The image files of a folder, in ordinal order of their names, read when they are drawn.</summary>
    /// <param name="path">The folder; files of other formats in it are ignored.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">It holds no image.</exception>
    public static SnowMasks FromFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string[] files = [.. Directory.EnumerateFiles(path).Where(file => ImageCodecs.FindByExtension(file) is not null).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new ArgumentException($"No image file in '{path}': expected snow masks ({string.Join(", ", ImageCodecs.All.SelectMany(c => c.Extensions))}).", nameof(path));
        return new SnowMasks(System.Array.ConvertAll(files, f => Path.GetFileName(f)), i => MaskImage.Load(files[i]));
    }

    /// <summary>A mask, 1 x H x W; of a color file the mean of the three channels.</summary>
    /// <exception cref="ImageFormatException">The file is damaged.</exception>
    /// <exception cref="DegradationException">The file holds samples outside [0, 1].</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ImageBuffer Load(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _names.Length);
        return _load(index);
    }
}
