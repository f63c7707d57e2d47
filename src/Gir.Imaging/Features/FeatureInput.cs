namespace Gir.Imaging.Features;

/// <summary>What a feature extractor makes of an image before its network sees it.</summary>
public sealed record FeatureInput
{
    /// <summary>The smallest height and width, in pixels; default 1.</summary>
    public int MinimumSize { get; init; } = 1;

    /// <summary>The side to which all images are resized, in pixels; default 0: they keep their size.</summary>
    public int Side { get; init; }

    /// <summary>What is subtracted from each channel of an image in [0, 1]; default: nothing.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>By what each channel is divided afterwards; default: nothing.</summary>
    public IReadOnlyList<float> Deviation { get; init; } = [];
}
