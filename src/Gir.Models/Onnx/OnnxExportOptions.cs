using Gir.Models.Serialization;

namespace Gir.Models.Onnx;

/// <summary>How a network is written as an ONNX file.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// Float32, or Float16 for half the size: values are rounded to nearest even and become 32-bit numbers again when the model is loaded, so that it
    /// computes in single precision. Default Float32.
    /// </summary>
    public CheckpointDataType WeightType { get; init; } = CheckpointDataType.Float32;

    /// <summary>
    /// The only height and width that the model takes, multiples of what the network wants, for one image at a time. Default null: any size, unless the network
    /// knows one alone.
    /// </summary>
    public (int Height, int Width)? FixedSize { get; init; }

    /// <summary>Texts to keep in the file, e.g. "name", "license" and "training", which <see cref="OnnxModelDescription"/> reads. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
