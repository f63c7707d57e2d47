namespace Gir.Models.Tensors;

/// <summary>What a modulated convolution does to the size.</summary>
public enum StyleSampling
{
    /// <summary>Keeps it.</summary>
    None,

    /// <summary>Doubles it: a transposed convolution of stride 2, then the filter.</summary>
    Up,

    /// <summary>Halves it: the filter, then a convolution of stride 2.</summary>
    Down,
}
