using Gir.Models.Backbones;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.Diffusion;

/// <summary>What is trained and for how long; the defaults are a small latent diffusion of 64 x 64 images for a processor and about two hours, no published one.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record LatentDiffusionTrainingOptions
{
    /// <summary>Height and width of images, a multiple of 16; default 64.</summary>
    public int Size { get; init; } = 64;

    /// <summary>The network that restores initially, one of <see cref="ModelZoo.Names"/> of scale 1 for RGB; default NAFNet. Unused where <see cref="InitialSteps"/> is 0.</summary>
    public string Architecture { get; init; } = "NAFNet";

    /// <summary>Its hyper-parameters; default a NAFNet of width 16.</summary>
    public HyperParameters HyperParameters { get; init; } =
        HyperParameters.Parse("""{ "width": 16, "enc_blk_nums": [1, 1, 2], "middle_blk_num": 2, "dec_blk_nums": [1, 1, 1] }""");

    /// <summary>Steps of the initial restorer; default 3000. 0 conditions on degraded images.</summary>
    public int InitialSteps { get; init; } = 3000;

    /// <summary>Steps of the autoencoder; default 12000. 0 diffuses pixels as they are, and <see cref="LatentChannels"/> must be 3.</summary>
    public int AutoencoderSteps { get; init; } = 12_000;

    /// <summary>Steps of the U-Net; default 12000.</summary>
    public int PriorSteps { get; init; } = 12_000;

    /// <summary>Steps of the control branch; default 10000.</summary>
    public int ControlSteps { get; init; } = 10_000;

    /// <summary>Images a step of initial restorer and autoencoder, 1..256; default 8.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Images a step of U-Net and control branch, 1..256; default 16.</summary>
    public int DiffusionBatch { get; init; } = 16;

    /// <summary>Channels of the autoencoder's finest level, a multiple of <see cref="Groups"/>; default 16. Its three levels have 1, 2 and 4 times as many: a latent is a quarter as large.</summary>
    public int AutoencoderChannels { get; init; } = 16;

    /// <summary>Channels of a latent; default 4.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary>Channels of the U-Net's finest level, a multiple of <see cref="Groups"/> and of <see cref="Heads"/>; default 48. Its three levels have 1, 2 and 2 times as many.</summary>
    public int Channels { get; init; } = 48;

    /// <summary>Attention heads of the two lower levels; default 2.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>Groups of every group normalization; default 8.</summary>
    public int Groups { get; init; } = 8;

    /// <summary>What the U-Net predicts; default the velocity, with a schedule that leaves nothing of the image at its end.</summary>
    public DiffusionPrediction Prediction { get; init; } = DiffusionPrediction.Velocity;

    /// <summary>Weight of the autoencoder's divergence; default 0.0001.</summary>
    public double Divergence { get; init; } = 1e-4;

    /// <summary>Weight of the autoencoder's adversarial loss, in its last 40 % of steps; default 0: without.</summary>
    public double Adversarial { get; init; }

    /// <summary>Conditions are given noise of a timestep below this, 0..1000; default 0: without.</summary>
    public int NoiseAugmentation { get; init; }

    /// <summary>Steps between two saves; default 100.</summary>
    public int SaveEvery { get; init; } = 100;

    /// <summary>Steps between two rows of the log; default 20.</summary>
    public int LogEvery { get; init; } = 20;

    /// <summary>Seed of all draws and initial weights.</summary>
    public ulong Seed { get; init; }

    internal AutoencoderKlOptions Autoencoder => new()
    {
        Channels = AutoencoderChannels, Multipliers = [1, 2, 4], Blocks = 1, InnerChannels = LatentChannels, LatentChannels = LatentChannels, Groups = Groups, Seed = Seed,
    };

    internal DiffusionUNetOptions Network => new()
    {
        InputChannels = LatentChannels, OutputChannels = LatentChannels, Channels = Channels, Multipliers = [1, 2, 2], Blocks = 1, AttentionFactors = [2, 4],
        Attention = DiffusionAttention.Plain, HeadChannels = null, Heads = Heads, ContextFeatures = null, Groups = Groups, Seed = Seed,
    };

    /// <summary>What no shape tells of the networks.</summary>
    /// <param name="latentScale">Factor of latents.</param>
    internal LatentDiffusionSettings Settings(double latentScale) => new()
    {
        Groups = Groups, Heads = Heads, HeadChannels = null, Prediction = Prediction, ZeroTerminalSignal = Prediction != DiffusionPrediction.Noise, LatentScale = latentScale, InPixels = AutoencoderSteps == 0,
    };

    internal void Validate()
    {
        OptionChecks.InRange(Size, 16, 4096);
        if (Size % 16 != 0)
            throw new ArgumentOutOfRangeException(nameof(Size), Size, "Expected a multiple of 16.");
        OptionChecks.InRange(InitialSteps, 0, int.MaxValue);
        OptionChecks.InRange(AutoencoderSteps, 0, int.MaxValue);
        if (AutoencoderSteps == 0 && LatentChannels != 3)
            throw new ArgumentException($"Pixels are to be diffused, and a latent has {LatentChannels} channels; expected 3.", nameof(LatentChannels));
        foreach (int steps in new[] { PriorSteps, ControlSteps, SaveEvery, LogEvery })
            OptionChecks.Positive(steps, "Steps");
        OptionChecks.InRange(Batch, 1, 256);
        OptionChecks.InRange(DiffusionBatch, 1, 256);
        OptionChecks.InRange(NoiseAugmentation, 0, 1000);
        if (Divergence is not (>= 0 and < double.PositiveInfinity) || Adversarial is not (>= 0 and < double.PositiveInfinity))
            throw new ArgumentException($"Found weights {Divergence} and {Adversarial}; expected numbers of at least 0.", nameof(Divergence));
        Autoencoder.Validate();
        Network.Validate();
        Settings(1).Validate();
    }
}
