namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>The constant tables of ITU-T T.81 (JPEG).</summary>
internal static class JpegTables
{
    /// <summary>Coefficients of a block.</summary>
    public const int BlockLength = 64;

    /// <summary>
    /// Entries per component of <see cref="CoefficientOffsets"/>: as many beyond the block as a run of zeros can overshoot. They fall on the last
    /// coefficient, so that the overshoot may be noticed after the block.
    /// </summary>
    public const int OffsetCount = BlockLength + 16;

    /// <summary>Natural (row-major) position of the k-th coefficient in zigzag order, Figure A.6.</summary>
    public static ReadOnlySpan<byte> Zigzag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private static ReadOnlySpan<byte> LumaQuantization =>
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static ReadOnlySpan<byte> ChromaQuantization =>
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>The quantization table of Annex K, natural order, unscaled.</summary>
    public static ReadOnlySpan<byte> AnnexK(bool chroma) => chroma ? ChromaQuantization : LumaQuantization;

    /// <summary>The Annex K table scaled to a quality as libjpeg does: clip((T s + 50) / 100, 1, 255), natural order.</summary>
    /// <param name="quality">1..100; s is 5000 / quality below 50, else 200 - 2 quality.</param>
    /// <param name="chroma">The chroma table instead of the luma table.</param>
    public static ushort[] QuantizationSteps(int quality, bool chroma)
    {
        int scale = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        var steps = new ushort[BlockLength];
        ReadOnlySpan<byte> table = AnnexK(chroma);
        for (int i = 0; i < BlockLength; i++)
            steps[i] = (ushort)Math.Clamp(((table[i] * scale) + 50) / 100, 1, 255);
        return steps;
    }

    /// <summary>By component and zigzag index: where a coefficient lies in a plane, relative to its block's first.</summary>
    public static int[] CoefficientOffsets(JpegLayout layout)
    {
        var offsets = new int[layout.Components.Length * OffsetCount];
        for (int c = 0; c < layout.Components.Length; c++)
        {
            for (int k = 0; k < OffsetCount; k++)
            {
                int natural = Zigzag[Math.Min(k, BlockLength - 1)];
                offsets[(c * OffsetCount) + k] = ((natural >> 3) * layout.Components[c].Stride) + (natural & 7);
            }
        }

        return offsets;
    }
}
