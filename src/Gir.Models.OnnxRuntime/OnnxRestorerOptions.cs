using Gir.Models.Restoration;

namespace Gir.Models.OnnxRuntime;

/// <summary>What <see cref="OnnxRestorer"/> is told beside the model. What is null comes from the model's shapes and metadata.</summary>
public sealed record OnnxRestorerOptions
{
    /// <summary>
    /// Where the model runs, best first: "cpu", "cuda", "tensorrt", "dml", "coreml", "openvino" .., as far as the native package that the program references
    /// has them; what the first ones cannot run falls to the processor. Default: the processor.
    /// </summary>
    public IReadOnlyList<string> Providers { get; init; } = ["cpu"];

    /// <summary>Number of the device, where there are several; default 0.</summary>
    public int DeviceId { get; init; }

    /// <summary>The name in reports. Default null: the metadata's, or the file's name without extension.</summary>
    public string? Name { get; init; }

    /// <summary>The input that takes the image. Default null: the only one of four dimensions.</summary>
    public string? InputName { get; init; }

    /// <summary>The output that is the restored image. Default null: the first one of four dimensions.</summary>
    public string? OutputName { get; init; }

    /// <summary>The order of dimensions. Default null: by the place of 1 or 3 channels in the shapes, else channels first.</summary>
    public OnnxLayout? Layout { get; init; }

    /// <summary>Output size divided by input size, 1..64. Default null: the metadata's, or found by the shapes, or by running the model on a small black image.</summary>
    public int? Scale { get; init; }

    /// <summary>The value of white, positive. Default null: the metadata's, else 1.</summary>
    public float? Range { get; init; }

    /// <summary>Height and width must be multiples of this, at least 1. Default null: the metadata's, else 1.</summary>
    public int? SizeMultiple { get; init; }

    /// <summary>Tiles, memory, noise level, threads. A model of one size alone is run in tiles of that size, whatever this says of them but their overlap.</summary>
    public NetworkRestorerOptions Restoration { get; init; } = new();

    /// <summary>Largest size of a model's file in bytes, at least 1; default 2^31 - 1.</summary>
    public long MaxModelBytes { get; init; } = int.MaxValue;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Providers);
        if (Providers.Count == 0)
            throw new ArgumentException("Expected at least one provider, e.g. \"cpu\".", nameof(Providers));
        if (Scale is < 1 or > 64)
            throw new ArgumentOutOfRangeException(nameof(Scale), Scale, "Expected 1..64.");
        if (Range is { } range && !(range > 0 && float.IsFinite(range)))
            throw new ArgumentOutOfRangeException(nameof(Range), Range, "Expected a positive number.");
        if (SizeMultiple is < 1 or > 1 << 16)
            throw new ArgumentOutOfRangeException(nameof(SizeMultiple), SizeMultiple, "Expected 1..65536.");
        ArgumentOutOfRangeException.ThrowIfNegative(DeviceId);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxModelBytes, 1);
    }
}
