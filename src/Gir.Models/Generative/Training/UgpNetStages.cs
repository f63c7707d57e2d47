using System.Globalization;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Generative.UgpNet;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Training;

namespace Gir.Models.Generative.Training;

/// <summary>The first stage: the regression network and its residual encoder learn by PSNR; the learning rate falls by half a cosine.</summary>
internal sealed class RegressionStage : GenerativeStage
{
    private readonly RegressionModule _module;
    private readonly PairSource _source;
    private readonly CosineAnnealing _rate;
    private readonly StagePart _part;

    public RegressionStage(RegressionModule module, PairSource source, double rate, long iterations)
    {
        (_module, _source, _rate) = (module, source, new CosineAnnealing(rate, rate * 1e-3, iterations));
        _part = new StagePart("resmodule", module, new Adam(module.Parameters(), rate));
        Parts = [_part];
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"regression, {_module.Network.Architecture} {_module.Network.Configuration}, {_rate}, {_source.Description}");

    /// <inheritdoc/>
    public override IReadOnlyList<StagePart> Parts { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["psnr"];

    /// <inheritdoc/>
    public override double[] Step(long step)
    {
        (Tensor degraded, Tensor clean) = _source.At(step);
        _part.Optimizer.LearningRate = _rate.At(step);
        Tensor loss = _module.Call(degraded).PsnrLoss(clean);
        _part.Step(loss);
        return [-loss.Item()];
    }

    /// <inheritdoc/>
    public override void Publish(string path) => SafeTensorsFile.Write(path, _module.StateDictionary());
}

/// <summary>How the synthesis stage is trained; the defaults are the paper's code's.</summary>
internal sealed record SynthesisStageOptions
{
    /// <summary>Learning rate of encoder, latents and generator.</summary>
    public double Rate { get; init; } = 1e-4;

    /// <summary>Learning rate of the discriminator.</summary>
    public double DiscriminatorRate { get; init; } = 2.5e-5;

    /// <summary>Weight of the mean absolute difference.</summary>
    public double L1 { get; init; } = 1;

    /// <summary>Weight of the distance of features.</summary>
    public double Features { get; init; } = 10;

    /// <summary>Weight of the adversarial loss.</summary>
    public double Adversarial { get; init; } = 0.3;

    /// <summary>Weight of the gradient penalty, halved in the loss.</summary>
    public double Penalty { get; init; } = 10;

    /// <summary>Steps between gradient penalties.</summary>
    public int PenaltyEvery { get; init; } = 10;

    /// <summary>Whether the discriminator sees images in -1..1, as it did when the prior was trained, rather than in 0..1.</summary>
    public bool Centered { get; init; }
}

/// <summary>
/// The second stage: encoder, latents and generator learn to repeat the truth from regressed images, against the discriminator. One forward pass of the synthesis serves both
/// halves of a step; batch normalization uses the batch's statistics.
/// </summary>
internal sealed class SynthesisStage : GenerativeStage
{
    private readonly SynthesisModule _module;
    private readonly StyleGan2Discriminator _discriminator;
    private readonly SynthesisStageOptions _options;
    private readonly RegressionModule? _regression;
    private readonly PairSource? _source;
    private readonly ImageDistance? _distance;
    private readonly StagePart _synthesisPart;
    private readonly StagePart _discriminatorPart;

    /// <param name="module">Encoder, latents, generator.</param>
    /// <param name="discriminator">The discriminator.</param>
    /// <param name="options">How they are trained.</param>
    /// <param name="distance">The distance of features that is part of the loss; null leaves it out.</param>
    /// <param name="regression">What regresses; null where steps are given their images.</param>
    /// <param name="source">The pairs; null likewise.</param>
    public SynthesisStage(
        SynthesisModule module, StyleGan2Discriminator discriminator, SynthesisStageOptions options, ImageDistance? distance, RegressionModule? regression, PairSource? source)
    {
        (_module, _discriminator, _options, _distance, _regression, _source) = (module, discriminator, options, distance, regression, source);
        _synthesisPart = new StagePart("synmodule", module, new Adam(module.Parameters(), options.Rate));
        _discriminatorPart = new StagePart("discriminator", discriminator, new Adam(discriminator.Parameters(), options.DiscriminatorRate));
        Parts = [_synthesisPart, _discriminatorPart];
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"synthesis, {_options}, {_source?.Description}{ImageDistance.Suffix(_distance)}");

    /// <inheritdoc/>
    public override IReadOnlyList<StagePart> Parts { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["d", "r1", "l1", "features", "adversarial", "total"];

    /// <inheritdoc/>
    public override double[] Step(long step)
    {
        (Tensor degraded, Tensor clean) = _source!.At(step);
        Tensor regressed;
        using (Tape.NoGradient())
            regressed = _regression!.Call(degraded);
        return Step(step, regressed, clean);
    }

    /// <summary>A step on given images.</summary>
    public double[] Step(long step, Tensor regressed, Tensor clean)
    {
        Tensor synthesized = _module.Call(regressed);
        (double d, double r1) = AdversarialStep.Discriminate(_discriminatorPart, Score, clean, synthesized.Detach(), step, _options.PenaltyEvery, _options.Penalty);
        _discriminatorPart.Freeze(true);
        try
        {
            Tensor l1 = synthesized.L1Loss(clean);
            Tensor adversarial = GanLosses.Generator(Score(synthesized));
            Tensor total = (l1 * (float)_options.L1) + (adversarial * (float)_options.Adversarial);
            double distance = double.NaN;
            if (_distance is not null)
            {
                Tensor features = _distance.Between(synthesized, clean);
                distance = features.Item();
                total += features * (float)_options.Features;
            }

            (double l, double a, double t) = (l1.Item(), adversarial.Item(), total.Item());
            _synthesisPart.Step(total);
            return [d, r1, l, distance, a, t];
        }
        finally
        {
            _discriminatorPart.Freeze(false);
        }
    }

    /// <inheritdoc/>
    public override void Publish(string path) => SafeTensorsFile.Write(
        path,
        _module.StateDictionary().Concat(_discriminator.StateDictionary().Select(e => KeyValuePair.Create("discriminator." + e.Key, e.Value))));

    private Tensor Score(Tensor images) => _discriminator.Call(_options.Centered ? (images * 2) - 1 : images);
}

/// <summary>How the fusion stage is trained; the defaults are the paper's code's.</summary>
internal sealed record FusionStageOptions
{
    /// <summary>Learning rate; a tenth of it from a step on.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>The step from which on the rate is a tenth.</summary>
    public long LowerFrom { get; init; } = 8000;

    /// <summary>Weight of the distance of features.</summary>
    public double Features { get; init; } = 10;

    /// <summary>Weight of the contextual loss against what was synthesized.</summary>
    public double Contextual { get; init; } = 0.05;

    /// <summary>Side of the patches of the contextual loss.</summary>
    public int Patch { get; init; } = 128;
}

/// <summary>The third stage: the fusion alone learns, the rest is in its evaluation mode and untouched.</summary>
internal sealed class FusionStage : GenerativeStage
{
    private readonly UgpNetwork _network;
    private readonly FusionStageOptions _options;
    private readonly ImageDistance _distance;
    private readonly ImageContext _context;
    private readonly PairSource _source;
    private readonly StagePart _part;

    /// <param name="network">The whole network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="distance">The distance of features that is part of the loss.</param>
    /// <param name="context">The map that the contextual loss compares.</param>
    /// <param name="source">The pairs.</param>
    public FusionStage(UgpNetwork network, FusionStageOptions options, ImageDistance distance, ImageContext context, PairSource source)
    {
        (_network, _options, _distance, _context, _source) = (network, options, distance, context, source);
        _part = new StagePart("fusmodule", network.Fusion, new Adam(network.Fusion.Parameters(), options.Rate));
        Parts = [_part];
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"fusion, {_options}, {_source.Description}{ImageDistance.Suffix(_distance)}{_context.Suffix}");

    /// <inheritdoc/>
    public override IReadOnlyList<StagePart> Parts { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["l1", "features", "contextual", "total"];

    /// <inheritdoc/>
    public override double[] Step(long step)
    {
        (Tensor degraded, Tensor clean) = _source.At(step);
        Tensor structure;
        Tensor synthesized;
        Tensor detail;
        using (Tape.NoGradient())
        {
            (Tensor regressed, structure) = _network.Regression.Regress(degraded);
            (synthesized, detail) = _network.Synthesis.Synthesize(regressed);
        }

        Tensor fused = _network.Fusion.Fuse(detail, structure);
        Tensor l1 = fused.L1Loss(clean);
        Tensor features = _distance.Between(fused, clean);
        Tensor contextual = GanLosses.Contextual(
            _context.Of(GanLosses.Patches(fused, _options.Patch)), _context.Of(GanLosses.Patches(synthesized, _options.Patch)));
        Tensor total = l1 + (features * (float)_options.Features) + (contextual * (float)_options.Contextual);
        double[] numbers = [l1.Item(), features.Item(), contextual.Item(), total.Item()];
        _part.Optimizer.LearningRate = step < _options.LowerFrom ? _options.Rate : _options.Rate / 10;
        _part.Step(total);
        return numbers;
    }

    /// <inheritdoc/>
    public override void Publish(string path) => UgpNetFile.Save(path, _network);
}
