namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Decodes one block of a scan, by either entropy coding.</summary>
internal interface IJpegBlockDecoder
{
    /// <summary>Decodes the next block.</summary>
    /// <param name="index">The component's place in the scan.</param>
    /// <param name="block">The block and what follows it in its component's plane.</param>
    /// <param name="offsets">Where each coefficient of the zigzag order lies.</param>
    void DecodeBlock(int index, Span<short> block, ReadOnlySpan<int> offsets);
}
