namespace Gir.Models.TorchSharp;

/// <summary>Where and how the libtorch engine computes.</summary>
public sealed record TorchBackendOptions
{
    /// <summary>The device, as torch writes it: "cpu", "cuda" (the first GPU), "cuda:1". Default "cpu".</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>In what numbers convolutions, matrix products and attention multiply. Default <see cref="TorchPrecision.Single"/>.</summary>
    public TorchPrecision Precision { get; init; } = TorchPrecision.Single;

    /// <summary>
    /// Whether a GPU may round the factors of float32 products to 10 bits (TensorFloat-32), which is faster. Default false. It is a setting of the process:
    /// the engine that was made last decides. Without meaning on the processor.
    /// </summary>
    public bool AllowTensorFloat32 { get; init; }

    /// <summary>
    /// Threads of one operator on the processor, at least 1; default null: as libtorch chooses, one for each core. It is a setting of the process.
    /// </summary>
    public int? Threads { get; init; }
}
