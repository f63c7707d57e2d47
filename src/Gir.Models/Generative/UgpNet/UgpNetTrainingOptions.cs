using Gir.Models.Backbones;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.UgpNet;

/// <summary>What is trained and for how long; the defaults are a reduced UGPNet for a processor, not the paper's.</summary>
public sealed record UgpNetTrainingOptions
{
    /// <summary>Height and width of images, a power of two from 64 to 512; default 64.</summary>
    public int Size { get; init; } = 64;

    /// <summary>The regression network, one of <see cref="ModelZoo.Names"/> of scale 1 for RGB; default NAFNet.</summary>
    public string Architecture { get; init; } = "NAFNet";

    /// <summary>Its hyper-parameters; default a NAFNet of width 16.</summary>
    public HyperParameters HyperParameters { get; init; } =
        HyperParameters.Parse("""{ "width": 16, "enc_blk_nums": [1, 1, 2], "middle_blk_num": 2, "dec_blk_nums": [1, 1, 1] }""");

    /// <summary>Factor of StyleGAN2's channels, above 0 and at most 1; default 1/16.</summary>
    public double Narrow { get; init; } = 1 / 16.0;

    /// <summary>Features of a style; default 64.</summary>
    public int StyleFeatures { get; init; } = 64;

    /// <summary>Layers of the mapping network; default 4.</summary>
    public int MappingLayers { get; init; } = 4;

    /// <summary>Channels of the encoder's first block; they double up to the generator's; default 16.</summary>
    public int EncoderWidth { get; init; } = 16;

    /// <summary>Channels of the regression's feature and of the fusion; default 24.</summary>
    public int FeatureChannels { get; init; } = 24;

    /// <summary>Residual blocks of the fusion; default 4.</summary>
    public int FusionBlocks { get; init; } = 4;

    /// <summary>Images a step, 1..256, divisible by 4 where above; default 8.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Steps of the regression; default 4000.</summary>
    public int RegressionSteps { get; init; } = 4000;

    /// <summary>Steps of the prior; default 8000.</summary>
    public int PriorSteps { get; init; } = 8000;

    /// <summary>Steps of the synthesis; default 4000.</summary>
    public int SynthesisSteps { get; init; } = 4000;

    /// <summary>Steps of the fusion; default 3000.</summary>
    public int FusionSteps { get; init; } = 3000;

    /// <summary>
    /// A prior that is trained, to begin at the synthesis with: the weights of a prior stage (generator and discriminator), the stage's folder, or that of a whole training; <see cref="PriorSteps"/> then
    /// mean nothing. The weights are copied into the training's folder. Default null: it is trained.
    /// </summary>
    public string? Prior { get; init; }

    /// <summary>Weight of the adversarial loss in the synthesis stage; default 0.03: it must not rule.</summary>
    public double Adversarial { get; init; } = 0.03;

    /// <summary>Weight of the contextual loss in the fusion stage; default 0.05.</summary>
    public double Contextual { get; init; } = 0.05;

    /// <summary>Files of VGG-19, whose relu3_4 the contextual loss compares as the published one does; default none: the map of the prior's discriminator.</summary>
    public IReadOnlyList<string> ContextualWeights { get; init; } = [];

    /// <summary>LPIPS as the perceptual distance, by a network of the user's; default null: the distance of the prior's discriminator.</summary>
    public UgpNetPerceptualOptions? Perceptual { get; init; }

    /// <summary>Steps between two saves; default 100.</summary>
    public int SaveEvery { get; init; } = 100;

    /// <summary>Steps between two rows of the log; default 20.</summary>
    public int LogEvery { get; init; } = 20;

    /// <summary>Seed of all draws and initial weights.</summary>
    public ulong Seed { get; init; }

    internal StyleGan2Options StyleGan2 => new()
    {
        Channels = StyleGan2Options.Widths(Size, 1, Narrow), StyleFeatures = StyleFeatures, MappingLayers = MappingLayers, Seed = Seed,
    };

    internal UgpNetOptions Network
    {
        get
        {
            StyleGan2Options generator = StyleGan2;
            int blocks = System.Numerics.BitOperations.Log2((uint)(Size / 16)) + 1;
            int last = generator.Channels[2];
            return new()
            {
                Generator = generator,
                EncoderChannels = [.. Enumerable.Range(0, blocks).Select(i => i == blocks - 1 ? last : Math.Min(EncoderWidth << i, last))],
                FeatureChannels = FeatureChannels,
                FusionBlocks = FusionBlocks,
                Seed = Seed,
            };
        }
    }

    internal void Validate()
    {
        OptionChecks.OneOf(Size, [64, 128, 256, 512]);
        OptionChecks.PositiveNumber(Narrow);
        if (Narrow > 1)
            throw new ArgumentOutOfRangeException(nameof(Narrow), Narrow, "Expected a number above 0 and at most 1.");
        OptionChecks.Positive(EncoderWidth);
        OptionChecks.InRange(Batch, 1, 256);
        if (Batch > 4 && Batch % 8 != 0)
            throw new ArgumentOutOfRangeException(nameof(Batch), Batch, "Expected 1..4 or a multiple of 8: the discriminator compares images in fours, the path length in half a batch.");
        foreach (int steps in new[] { RegressionSteps, PriorSteps, SynthesisSteps, FusionSteps, SaveEvery, LogEvery })
            OptionChecks.Positive(steps, "Steps");
        if (Adversarial is not (>= 0 and < double.PositiveInfinity) || Contextual is not (>= 0 and < double.PositiveInfinity))
            throw new ArgumentException($"Found weights {Adversarial} and {Contextual}; expected numbers of at least 0.", nameof(Adversarial));
        if (ContextualWeights is null || ContextualWeights.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("Found an empty name; expected files of VGG-19, or none.", nameof(ContextualWeights));
        if (Prior is not null && string.IsNullOrWhiteSpace(Prior))
            throw new ArgumentException("Found an empty name; expected a prior's file or folder, or null.", nameof(Prior));
        Perceptual?.Validate();
        Network.Validate();
    }
}
