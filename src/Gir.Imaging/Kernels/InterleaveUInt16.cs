namespace Gir.Imaging.Kernels;

/// <summary>Float planes to interleaved 16-bit pixels: clamp(round-half-even(65535 v)), NaN to 0.</summary>
/// <remarks>Source and destination must not overlap. Scalar only: files of 16 bits are bound by their compression.</remarks>
internal static class InterleaveUInt16
{
    /// <summary>Converts pixels.Length / channels pixels; plane c begins at source[c * planeStride].</summary>
    public static void RunScalar(ReadOnlySpan<float> source, int planeStride, int channels, Span<ushort> pixels)
    {
        int count = pixels.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> plane = source.Slice(c * planeStride, count);
            for (int i = 0, p = c; i < plane.Length; i++, p += channels)
                pixels[p] = (ushort)UnitLevels.ToLevel(plane[i], 65535f);
        }
    }
}
