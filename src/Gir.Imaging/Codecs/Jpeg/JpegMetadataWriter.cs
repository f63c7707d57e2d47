using System.Buffers.Binary;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Writes the JFIF segment and the parts of a profile.</summary>
internal static class JpegMetadataWriter
{
    // A segment holds 65,533 bytes, of which name, number and count of the part take 14.
    private const int LongestPart = 65_519;
    private const int MostParts = 255;
    private const double CentimetersPerMeter = 100;

    /// <summary>Writes both; without metadata what libjpeg writes by default.</summary>
    public static void Write(JpegByteWriter writer, ImageMetadata metadata, int channels)
    {
        // JFIF 1.1, without a thumbnail.
        Span<byte> jfif = [(byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];
        if (metadata.Resolution is { } resolution)
        {
            (double x, double y) = (resolution.HorizontalPerInch, resolution.VerticalPerInch);
            bool isMetric = !IsWhole(x) && IsWhole(resolution.Horizontal / CentimetersPerMeter);
            if (isMetric)
                (x, y) = (resolution.Horizontal / CentimetersPerMeter, resolution.Vertical / CentimetersPerMeter);
            jfif[7] = (byte)(isMetric ? 2 : 1);
            BinaryPrimitives.WriteUInt16BigEndian(jfif[8..], ToDensity(x));
            BinaryPrimitives.WriteUInt16BigEndian(jfif[10..], ToDensity(y));
        }

        JpegEncoder.WriteSegment(writer, JpegMarkers.App0, jfif);
        ReadOnlySpan<byte> profile = metadata.IccProfile.Span;
        if (IccProfile.Fits(profile, channels) && profile.Length <= MostParts * LongestPart)
            WriteProfile(writer, profile);
    }

    private static void WriteProfile(JpegByteWriter writer, ReadOnlySpan<byte> profile)
    {
        int count = (profile.Length + LongestPart - 1) / LongestPart;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> part = profile.Slice(i * LongestPart, Math.Min(LongestPart, profile.Length - (i * LongestPart)));
            JpegEncoder.WriteSegment(writer, JpegMarkers.App2, [.. "ICC_PROFILE\0"u8, (byte)(i + 1), (byte)count, .. part]);
        }
    }

    private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) < 0.02;

    private static ushort ToDensity(double value) => (ushort)Math.Clamp(Math.Round(value), 1, ushort.MaxValue);
}
