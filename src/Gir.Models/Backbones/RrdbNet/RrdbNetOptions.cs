namespace Gir.Models.Backbones.RrdbNet;

/// <summary>The three spellings of the same network's keys.</summary>
internal enum RrdbKeys
{
    /// <summary>BasicSR and Real-ESRGAN: body.0.rdb1.conv1, conv_body, conv_up1, conv_hr.</summary>
    BasicSr,

    /// <summary>ESRGAN's later code, BSRGAN, RealSR, KAIR: RRDB_trunk.0.RDB1.conv1, trunk_conv, upconv1, HRconv.</summary>
    Trunk,

    /// <summary>ESRGAN's first code: model.1.sub.0.RDB1.conv1.0, model.3, ...</summary>
    Numbered,
}

/// <summary>Configuration of <see cref="RrdbNet"/>; the default is ESRGAN / Real-ESRGAN x4.</summary>
/// <remarks>
/// Scale = 2^<see cref="UpConvolutions"/> / <see cref="Unshuffle"/>. Published: 4 = 2^2 / 1; BasicSR's 2 = 2^2 / 2 and 1 = 2^2 / 4;
/// the scale-1 network of general restoration ("RRDBNetx1") has neither: 2^0 / 1.
/// </remarks>
internal sealed record RrdbNetOptions
{
    /// <summary>Channels of the input.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels { get; init; } = 3;

    /// <summary>Channels of the trunk.</summary>
    public int Features { get; init; } = 64;

    /// <summary>Residual-in-residual dense blocks.</summary>
    public int Blocks { get; init; } = 23;

    /// <summary>Channels that each dense layer adds.</summary>
    public int Growth { get; init; } = 32;

    /// <summary>Pixels are first folded into channels by this factor: 1, 2 or 4.</summary>
    public int Unshuffle { get; init; } = 1;

    /// <summary>Doublings of the size, each nearest-neighbor and a convolution.</summary>
    public int UpConvolutions { get; init; } = 2;

    /// <summary>How keys are spelt.</summary>
    public RrdbKeys Keys { get; init; } = RrdbKeys.BasicSr;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>The scale-1 network of general restoration: 16,624,131 parameters.</summary>
    public static RrdbNetOptions Restoration { get; } = new() { UpConvolutions = 0 };

    /// <summary>BasicSR's network for a scale of 1, 2 or 4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another scale.</exception>
    public static RrdbNetOptions ForScale(int scale)
    {
        OptionChecks.OneOf(scale, [1, 2, 4]);
        return new() { Unshuffle = 4 / scale };
    }

    internal void Validate()
    {
        OptionChecks.Positive(InputChannels);
        OptionChecks.Positive(OutputChannels);
        OptionChecks.Positive(Features);
        OptionChecks.Positive(Growth);
        OptionChecks.InRange(Blocks, 0, 10_000);
        OptionChecks.OneOf(Unshuffle, [1, 2, 4]);
        OptionChecks.InRange(UpConvolutions, 0, 5);
        if ((1 << UpConvolutions) % Unshuffle != 0)
            throw new ArgumentOutOfRangeException(nameof(Unshuffle), Unshuffle, $"Expected a divisor of the enlargement 2^{UpConvolutions}.");
    }
}
