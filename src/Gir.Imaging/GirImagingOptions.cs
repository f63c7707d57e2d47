using Gir.Imaging.Codecs;
using Gir.Imaging.Settings;

namespace Gir.Imaging;

/// <summary>
/// Settings of <see cref="GirImagingServiceCollectionExtensions.AddGirImaging"/>: the limits on image files. Configuration section "Gir:Imaging", with the names of the properties.
/// </summary>
public sealed class GirImagingOptions : ISectionOptions
{
    /// <summary>Largest number of pixels (height x width) of an image file, at least 1; default 268,435,456 (2^28).</summary>
    public long MaxPixels { get; set; } = ImageDecodeOptions.Default.MaxPixels;

    /// <summary>Largest width or height of an image file, at least 1; default 65,535.</summary>
    public int MaxDimension { get; set; } = ImageDecodeOptions.Default.MaxDimension;

    /// <summary>Most bytes of an image file or stream that are read, at least 1; default 2,147,483,591, the longest array.</summary>
    public long MaxFileBytes { get; set; } = ImageDecodeOptions.Default.MaxFileBytes;

    /// <summary>Whether images are turned upright as their EXIF orientation says; default true.</summary>
    public bool ApplyOrientation { get; set; } = ImageDecodeOptions.Default.ApplyOrientation;

    /// <summary>Whether files with harmless defects are refused; default false.</summary>
    public bool Strict { get; set; } = ImageDecodeOptions.Default.Strict;

    static string ISectionOptions.Section => "Gir:Imaging";

    void ISectionOptions.Read(SettingsReader settings)
    {
        settings.Long(nameof(MaxPixels), v => MaxPixels = v);
        settings.Integer(nameof(MaxDimension), v => MaxDimension = v);
        settings.Long(nameof(MaxFileBytes), v => MaxFileBytes = v);
        settings.Flag(nameof(ApplyOrientation), v => ApplyOrientation = v);
        settings.Flag(nameof(Strict), v => Strict = v);
    }

    IEnumerable<string> ISectionOptions.Faults()
    {
        foreach ((string name, long value) in new[] { (nameof(MaxPixels), MaxPixels), (nameof(MaxDimension), MaxDimension), (nameof(MaxFileBytes), MaxFileBytes) })
        {
            if (value < 1)
                yield return $"{name} is {value}; expected at least 1.";
        }
    }

    internal ImageDecodeOptions ToDecodeOptions() => new()
    {
        MaxPixels = MaxPixels,
        MaxDimension = MaxDimension,
        MaxFileBytes = MaxFileBytes,
        ApplyOrientation = ApplyOrientation,
        Strict = Strict,
    };
}
