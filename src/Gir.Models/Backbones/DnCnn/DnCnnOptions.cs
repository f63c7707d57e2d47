namespace Gir.Models.Backbones.DnCnn;

/// <summary>Configuration of <see cref="DnCnn"/>; the default is the 17-layer gray network.</summary>
internal sealed record DnCnnOptions
{
    /// <summary>Channels of the input; one more than <see cref="OutputChannels"/> means a noise map (FDnCNN).</summary>
    public int InputChannels { get; init; } = 1;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels { get; init; } = 1;

    /// <summary>Channels inside.</summary>
    public int Features { get; init; } = 64;

    /// <summary>Convolutions: 17 (gray), 20 (color, blind).</summary>
    public int Layers { get; init; } = 17;

    /// <summary>Whether the inner convolutions are followed by batch normalization; released networks have it folded away.</summary>
    public bool BatchNormalization { get; init; }

    /// <summary>Whether the network predicts the noise, which is subtracted from the input; FDnCNN predicts the image.</summary>
    public bool PredictsNoise { get; init; } = true;

    /// <summary>Dilation of every convolution; null means 1. IRCNN: 1, 2, 3, 4, 3, 2, 1.</summary>
    public IReadOnlyList<int>? Dilations { get; init; }

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>DnCNN for color images: 668,227 parameters.</summary>
    public static DnCnnOptions Color { get; } = new() { InputChannels = 3, OutputChannels = 3, Layers = 20 };

    /// <summary>IRCNN (Zhang, Zuo, Gu, Zhang 2017, figure 2): 185,857 parameters for one channel, 188,163 for three.</summary>
    public static DnCnnOptions IrCnn(int channels) =>
        new() { InputChannels = channels, OutputChannels = channels, Layers = 7, Dilations = [1, 2, 3, 4, 3, 2, 1] };

    /// <summary>FDnCNN of KAIR: 20 layers, a noise map as one more channel of the input.</summary>
    public static DnCnnOptions Flexible(int channels) =>
        new() { InputChannels = channels + 1, OutputChannels = channels, Layers = 20, PredictsNoise = false };

    internal void Validate()
    {
        OptionChecks.Positive(InputChannels);
        OptionChecks.Positive(OutputChannels);
        OptionChecks.Positive(Features);
        OptionChecks.InRange(Layers, 2, 10_000);
        if (PredictsNoise && InputChannels != OutputChannels)
            throw new ArgumentException($"A network that predicts the noise has as many inputs as outputs; found {InputChannels} and {OutputChannels}.", nameof(InputChannels));
        if (Dilations is not null && (Dilations.Count != Layers || Dilations.Any(d => d < 1)))
            throw new ArgumentException($"Expected {Layers} dilations of at least 1; found {string.Join(", ", Dilations)}.", nameof(Dilations));
    }
}
