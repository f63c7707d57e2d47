namespace Gir.Models.Backbones.Dasr;

/// <summary>Configuration of <see cref="Dasr"/>; the default is the published network at scale 4.</summary>
internal sealed record DasrOptions
{
    /// <summary>Output size divided by input size: 1, 2, 3 or 4.</summary>
    public int Scale { get; init; } = 4;

    /// <summary>Groups of blocks.</summary>
    public int Groups { get; init; } = 5;

    /// <summary>Degradation-aware blocks per group.</summary>
    public int Blocks { get; init; } = 5;

    /// <summary>Channels of the main network, and length of the compressed degradation code.</summary>
    public int Features { get; init; } = 64;

    /// <summary>Channels divided by those inside the channel attention.</summary>
    public int Reduction { get; init; } = 8;

    /// <summary>Channels of the encoder's three resolutions; the last is the length of the degradation code.</summary>
    public IReadOnlyList<int> EncoderWidths { get; init; } = [64, 128, 256];

    /// <summary>Keys that the contrast remembers; a multiple of the batch.</summary>
    public int QueueLength { get; init; } = 8192;

    /// <summary>Share of the old key encoder in the new one.</summary>
    public float Momentum { get; init; } = 0.999f;

    /// <summary>Temperature of the contrast.</summary>
    public float Temperature { get; init; } = 0.07f;

    /// <summary>Whether DIV2K's mean color is subtracted first and added last, for inputs in 0..255; general restoration leaves it out.</summary>
    public bool ShiftsMean { get; init; } = true;

    /// <summary>Seed of the initial weights and of the queue's first keys.</summary>
    public ulong Seed { get; init; }

    /// <summary>The scale-1 network of general restoration: no mean, inputs in 0..1.</summary>
    public static DasrOptions Restoration { get; } = new() { Scale = 1, ShiftsMean = false };

    internal void Validate()
    {
        OptionChecks.InRange(Scale, 1, 4);
        OptionChecks.InRange(Groups, 1, 1000);
        OptionChecks.InRange(Blocks, 1, 1000);
        OptionChecks.Positive(Features);
        OptionChecks.InRange(Reduction, 1, Features);
        OptionChecks.Positive(QueueLength);
        if (EncoderWidths is not { Count: 3 } || EncoderWidths.Any(w => w < 1))
            throw new ArgumentException($"Expected three positive widths; found {string.Join(", ", EncoderWidths ?? [])}.", nameof(EncoderWidths));
    }
}
