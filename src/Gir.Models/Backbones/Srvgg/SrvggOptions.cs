namespace Gir.Models.Backbones.Srvgg;

/// <summary>The activation between convolutions of <see cref="SrvggNetCompact"/>.</summary>
internal enum SrvggActivation
{
    /// <summary>PReLU, one slope per channel.</summary>
    PRelu,

    /// <summary>ReLU.</summary>
    Relu,

    /// <summary>LeakyReLU of slope 0.1.</summary>
    LeakyRelu,
}

/// <summary>Configuration of <see cref="SrvggNetCompact"/>; the default is Real-ESRGAN's realesr-general-x4v3.</summary>
internal sealed record SrvggOptions
{
    /// <summary>Channels of the input and of the output.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside.</summary>
    public int Features { get; init; } = 64;

    /// <summary>Convolutions between the first and the last: 32, or 16 for realesr-animevideov3.</summary>
    public int Convolutions { get; init; } = 32;

    /// <summary>Output size divided by input size.</summary>
    public int Scale { get; init; } = 4;

    /// <summary>The activation.</summary>
    public SrvggActivation Activation { get; init; } = SrvggActivation.PRelu;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        OptionChecks.Positive(Channels);
        OptionChecks.Positive(Features);
        OptionChecks.InRange(Convolutions, 0, 10_000);
        OptionChecks.InRange(Scale, 1, 64);
    }
}
