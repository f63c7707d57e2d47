using System.Globalization;
using Gir.Models.Backbones;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.Diffusion;

/// <summary>What no tensor's shape tells of the networks of latent diffusion; the default is DiffBIR v1 and v2 on Stable Diffusion 2.1.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record LatentDiffusionSettings
{
    /// <summary>Groups of every group normalization; default 32, as in all published networks.</summary>
    public int Groups { get; init; } = 32;

    /// <summary>Channels of an attention head; default 64 (Stable Diffusion 2). Null where <see cref="Heads"/> says how many there are.</summary>
    public int? HeadChannels { get; init; } = 64;

    /// <summary>Attention heads where <see cref="HeadChannels"/> is null; default 8 (Stable Diffusion 1).</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Whether plain attention keeps queries, keys and values apart before heads; default false.</summary>
    public bool HeadsInside { get; init; }

    /// <summary>What the U-Net predicts; default the noise.</summary>
    public DiffusionPrediction Prediction { get; init; } = DiffusionPrediction.Noise;

    /// <summary>Whether the schedule is rescaled so that nothing of the image is left at its end (Lin et al. 2024); default false. Not with predicted noise.</summary>
    public bool ZeroTerminalSignal { get; init; }

    /// <summary>Factor of latents between autoencoder and U-Net; default 0.18215, Stable Diffusion's.</summary>
    public double LatentScale { get; init; } = 0.18215;

    /// <summary>Whether pixels are diffused as they are, without an autoencoder; default false.</summary>
    public bool InPixels { get; init; }

    /// <summary>DiffBIR v2.1: velocity is predicted, and nothing of the image is left at the schedule's end.</summary>
    public static LatentDiffusionSettings DiffBir21 { get; } = new() { Prediction = DiffusionPrediction.Velocity, ZeroTerminalSignal = true };

    internal NoiseSchedule Schedule => ZeroTerminalSignal ? NoiseSchedule.ScaledLinear().WithoutTerminalSignal() : NoiseSchedule.ScaledLinear();

    internal void Validate()
    {
        OptionChecks.Positive(Groups);
        OptionChecks.Positive(Heads);
        if (HeadChannels is { } width)
            OptionChecks.Positive(width, nameof(HeadChannels));
        OptionChecks.PositiveNumber(LatentScale);
        if (!Enum.IsDefined(Prediction))
            throw new ArgumentOutOfRangeException(nameof(Prediction), Prediction, "Expected noise, velocity or image.");
        if (ZeroTerminalSignal && Prediction == DiffusionPrediction.Noise)
            throw new ArgumentException("Nothing of the image is left at the schedule's end, where predicted noise says nothing of it; expected predicted velocity or image.", nameof(Prediction));
    }

    internal string ToJson() => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"groups\": {Groups}, \"heads\": {Heads}, \"head_channels\": {HeadChannels ?? 0}, \"heads_inside\": {(HeadsInside ? "true" : "false")}, \"prediction\": \"{Prediction}\", \"zero_terminal_signal\": {(ZeroTerminalSignal ? "true" : "false")}, \"latent_scale\": {LatentScale:R}{(InPixels ? ", \"in_pixels\": true" : "")}}}");

    internal static LatentDiffusionSettings Of(HyperParameters hyper)
    {
        var known = new LatentDiffusionSettings();
        int? head = hyper.Int("head_channels");
        string? prediction = hyper.Text("prediction");
        if (prediction is not null && !Enum.TryParse<DiffusionPrediction>(prediction, out _))
            throw new ArgumentException($"Hyper-parameter 'prediction': found '{prediction}'; expected {string.Join(", ", Enum.GetNames<DiffusionPrediction>())}.", nameof(hyper));
        return new()
        {
            Groups = hyper.Int("groups") ?? known.Groups,
            Heads = hyper.Int("heads") ?? known.Heads,
            HeadChannels = head is null ? known.HeadChannels : head > 0 ? head : null,
            HeadsInside = hyper.Flag("heads_inside") ?? false,
            Prediction = prediction is null ? known.Prediction : Enum.Parse<DiffusionPrediction>(prediction),
            ZeroTerminalSignal = hyper.Flag("zero_terminal_signal") ?? false,
            LatentScale = hyper.Number("latent_scale") ?? known.LatentScale,
            InPixels = hyper.Flag("in_pixels") ?? false,
        };
    }
}
