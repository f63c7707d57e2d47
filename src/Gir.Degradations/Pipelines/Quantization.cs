namespace Gir.Degradations;

/// <summary>When a pipeline rounds the samples to 8-bit levels: clamp(round-half-even(255 v)) / 255.</summary>
public enum Quantization
{
    /// <summary>After every operator: the benchmark's convention, as if each step had been saved to an 8-bit file.</summary>
    Each,

    /// <summary>Once, after the last operator: the Real-ESRGAN convention.</summary>
    Last,

    /// <summary>Never: samples stay floating-point and may leave [0, 1].</summary>
    None,
}
