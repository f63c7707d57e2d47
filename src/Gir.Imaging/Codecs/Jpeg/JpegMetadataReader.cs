using System.Buffers.Binary;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Collects what the segments before the first scan say beside the samples: density (JFIF) and profile (ICC.1, B.4).</summary>
internal sealed class JpegMetadataReader
{
    /// <summary>Bytes of a JFIF segment without a thumbnail.</summary>
    public const int JfifLength = 14;

    private const double CentimetersPerMeter = 100;
    private const int ProfilePartHeader = 14;

    private readonly SortedDictionary<int, byte[]> _parts = [];
    private ImageResolution? _resolution;
    private int _partCount;
    private int _profileOffset;
    private bool _isProfileBroken;

    /// <summary>Takes density from a JFIF segment; where it is only a pixel's aspect, none.</summary>
    public void SetJfif(ReadOnlySpan<byte> segment)
    {
        (int x, int y) = (BinaryPrimitives.ReadUInt16BigEndian(segment[8..]), BinaryPrimitives.ReadUInt16BigEndian(segment[10..]));
        if (x == 0 || y == 0)
            return;
        _resolution = segment[7] switch
        {
            1 => ImageResolution.PerInch(x, y),
            2 => new ImageResolution(CentimetersPerMeter * x, CentimetersPerMeter * y),
            _ => _resolution,
        };
    }

    /// <summary>Takes an APP2 segment, if it is a part of a profile.</summary>
    public void AddProfilePart(ReadOnlySpan<byte> segment, int offset)
    {
        if (segment.Length < ProfilePartHeader || !segment.StartsWith("ICC_PROFILE\0"u8))
            return;
        (int number, int count) = (segment[12], segment[13]);
        _profileOffset = _parts.Count == 0 ? offset : _profileOffset;
        _isProfileBroken |= number == 0 || number > count || (_parts.Count > 0 && count != _partCount)
            || !_parts.TryAdd(number, segment[ProfilePartHeader..].ToArray());
        _partCount = count;
    }

    /// <summary>All of it, for an image of so many channels.</summary>
    public ImageMetadata ToMetadata(int channels, DecodeWarnings warnings)
    {
        byte[] profile = [];
        if (_isProfileBroken || _parts.Count != _partCount)
            warnings.Add(_profileOffset, $"an ICC profile of which {_parts.Count} of {_partCount} parts make sense is passed over");
        else if (_parts.Count > 0)
            profile = [.. _parts.Values.SelectMany(p => p)];
        return new ImageMetadata { Resolution = _resolution, IccProfile = IccProfile.Fits(profile, channels) ? profile : [] };
    }
}
