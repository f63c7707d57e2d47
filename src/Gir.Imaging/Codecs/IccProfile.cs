namespace Gir.Imaging.Codecs;

/// <summary>The little that codecs look at in an ICC profile (ICC.1, 7.2).</summary>
internal static class IccProfile
{
    private const int HeaderLength = 128;
    private const int ColorSpaceOffset = 16;

    /// <summary>Whether a profile describes samples of so many channels; false for an empty one.</summary>
    public static bool Fits(ReadOnlySpan<byte> profile, int channels) =>
        profile.Length >= HeaderLength && profile.Slice(ColorSpaceOffset, 4).SequenceEqual(channels < 3 ? "GRAY"u8 : "RGB "u8);
}
