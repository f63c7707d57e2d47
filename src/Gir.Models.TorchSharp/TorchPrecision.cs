namespace Gir.Models.TorchSharp;

/// <summary>In what numbers convolutions, matrix products and attention multiply. Memory, sums and everything else stay float32.</summary>
public enum TorchPrecision
{
    /// <summary>float32, as the networks were trained: results agree with the managed engine up to rounding.</summary>
    Single,

    /// <summary>bfloat16: the range of float32, 8 bits of precision. The one to train with.</summary>
    BFloat16,

    /// <summary>float16: 11 bits of precision, values up to 65504. For inference: gradients below 6e-8 become 0, and losses are not scaled.</summary>
    Half,
}
