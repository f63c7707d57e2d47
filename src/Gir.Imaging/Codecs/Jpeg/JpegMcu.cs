namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>The blocks of an MCU in the order in which a scan codes them: ITU-T T.81 A.2.</summary>
internal static class JpegMcu
{
    /// <summary>Decodes an MCU (or the block of a scan of one component) into the components' planes.</summary>
    public static void Decode<TDecoder>(
        ref TDecoder decoder, JpegFrame frame, JpegScan scan, int[] coefficientOffsets, int row, int column, ReadOnlySpan<JpegPlane> planes)
        where TDecoder : struct, IJpegBlockDecoder, allows ref struct
    {
        for (int i = 0; i < scan.Components.Length; i++)
        {
            int component = scan.Components[i];
            (int h, int v) = scan.Factors(frame.Layout, component);
            ReadOnlySpan<int> offsets = coefficientOffsets.AsSpan(component * JpegTables.OffsetCount, JpegTables.OffsetCount);
            for (int y = 0; y < v; y++)
            {
                Span<short> blocks = planes[component].BlockRow((row * v) + y);
                for (int x = 0; x < h; x++)
                    decoder.DecodeBlock(i, blocks[(((column * h) + x) * 8)..], offsets);
            }
        }
    }
}
