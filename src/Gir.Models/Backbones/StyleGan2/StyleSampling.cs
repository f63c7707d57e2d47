namespace Gir.Models.Backbones.StyleGan2;

/// <summary>What a modulated convolution does to the size.</summary>
internal enum StyleSampling
{
    /// <summary>Keeps it.</summary>
    None,

    /// <summary>Doubles it: a transposed convolution of stride 2, then the filter.</summary>
    Up,

    /// <summary>Halves it: the filter, then a convolution of stride 2.</summary>
    Down,
}
