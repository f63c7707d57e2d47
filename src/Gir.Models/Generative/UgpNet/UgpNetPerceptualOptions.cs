using Gir.Models.Backbones;

namespace Gir.Models.Generative.UgpNet;

/// <summary>LPIPS as a loss, by weights that the user has; the defaults are the published loss's.</summary>
public sealed record UgpNetPerceptualOptions
{
    /// <summary>Files that hold VGG-16 or AlexNet and LPIPS's lin0 to lin4, whichever holds which; at least one.</summary>
    public IReadOnlyList<string> Weights { get; init; } = [];

    /// <summary>Side in pixels to which images are resized for it, 16..1024; default 256. The work grows with its square.</summary>
    public int Side { get; init; } = 256;

    /// <summary>Weight of the loss beside the mean absolute difference, at least 0; default 10.</summary>
    public double Weight { get; init; } = 10;

    internal void Validate()
    {
        if (Weights is null || Weights.Count == 0 || Weights.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("Found no files; expected those of a network and of LPIPS's linear layers.", nameof(Weights));
        OptionChecks.InRange(Side, 16, 1024);
        if (Weight is not (>= 0 and < double.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(Weight), Weight, "Expected a number of at least 0.");
    }
}
