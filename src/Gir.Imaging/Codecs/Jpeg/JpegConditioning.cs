namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Conditioning of the arithmetic coder by table slot: ITU-T T.81 B.2.4.3.</summary>
internal sealed class JpegConditioning
{
    /// <summary>Differences up to this class count as zero; default 0.</summary>
    public byte[] Lower { get; } = [0, 0, 0, 0];

    /// <summary>Differences above this class count as large; default 1.</summary>
    public byte[] Upper { get; } = [1, 1, 1, 1];

    /// <summary>The last coefficient of the low band; default 5.</summary>
    public byte[] Split { get; } = [5, 5, 5, 5];
}
