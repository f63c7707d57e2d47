namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Decodes the blocks of one scan, whichever way they are coded.</summary>
internal ref struct JpegScanDecoder
{
    private readonly bool _arithmetic;
    private JpegHuffmanScanDecoder _huffmanDecoder;
    private JpegArithmeticScanDecoder _arithmeticDecoder;

    public JpegScanDecoder(JpegHuffmanScanDecoder decoder) => _huffmanDecoder = decoder;

    public JpegScanDecoder(JpegArithmeticScanDecoder decoder)
    {
        _arithmetic = true;
        _arithmeticDecoder = decoder;
    }

    /// <summary>Where reading stands.</summary>
    public readonly int Position => _arithmetic ? _arithmeticDecoder.Position : _huffmanDecoder.Position;

    /// <summary>Decodes one row of MCUs (or of blocks, in a scan of one component) into the components' planes.</summary>
    public void DecodeRow(int row, ReadOnlySpan<JpegPlane> planes)
    {
        if (_arithmetic)
            _arithmeticDecoder.DecodeRow(row, planes);
        else
            _huffmanDecoder.DecodeRow(row, planes);
    }
}
