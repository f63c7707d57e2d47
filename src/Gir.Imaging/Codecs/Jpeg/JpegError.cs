using System.Diagnostics.CodeAnalysis;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Throws what the decoder has to say.</summary>
internal static class JpegError
{
    [DoesNotReturn]
    public static void Throw(long offset, string reason) => throw new ImageFormatException(JpegCodec.FormatName, offset, reason);
}
