using System.Diagnostics.CodeAnalysis;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Throws what the decoder has to say.</summary>
internal static class JpegError
{
    [DoesNotReturn]
    public static void Throw(long offset, string reason) => throw new ImageFormatException(JpegCodec.FormatName, offset, reason);

    /// <summary>Checks that a marker is the restart marker that is due.</summary>
    /// <param name="marker">The marker's code, or -1 at the end of the file.</param>
    /// <param name="due">Its number, 0..7.</param>
    /// <param name="offset">Where reading stands.</param>
    public static void CheckRestart(int marker, int due, long offset)
    {
        int expected = JpegMarkers.Restart0 + due;
        if (marker == expected)
            return;
        string found = marker < 0 ? "the end of the file" : $"marker FF{marker:X2}";
        Throw(offset, $"restart marker FF{expected:X2} expected, {found} found");
    }
}
