namespace Gir.Models.Tensors;

/// <summary>How attention divides an image of tokens [n, h, w, c] into windows (Liu et al., "Swin Transformer", 2021).</summary>
/// <param name="Heads">Attention heads; each has c / heads channels.</param>
/// <param name="Size">Side of a window of queries; divides h and w.</param>
/// <param name="KeySize">
/// Side of the window of keys with the same center (Chen et al., HAT, 2023), at least Size and of the same parity; beyond the image keys and values are zero.
/// </param>
/// <param name="Shift">Rows and columns by which the image is rolled up and left before it is divided, in 0..Size-1; 0 where keys have larger windows.</param>
/// <param name="Scale">Multiplies the scores, usually 1 / sqrt(c / heads).</param>
public readonly record struct AttentionWindows(int Heads, int Size, int KeySize, int Shift, float Scale)
{
    /// <summary>Windows whose keys are those of the queries' window.</summary>
    public AttentionWindows(int heads, int size, int shift, float scale)
        : this(heads, size, size, shift, scale)
    {
    }

    /// <summary>Queries of a window.</summary>
    public int Queries => Size * Size;

    /// <summary>Keys of a window.</summary>
    public int Keys => KeySize * KeySize;
}
