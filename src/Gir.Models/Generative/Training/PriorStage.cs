using System.Globalization;
using Gir.Imaging.Random;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Training;

namespace Gir.Models.Generative.Training;

/// <summary>How a prior is trained; the defaults are BasicSR's recipe for StyleGAN2.</summary>
internal sealed record PriorOptions
{
    /// <summary>Learning rate of both networks.</summary>
    public double Rate { get; init; } = 2e-3;

    /// <summary>Steps between gradient penalties.</summary>
    public int PenaltyEvery { get; init; } = 16;

    /// <summary>Weight of the gradient penalty, halved in the loss.</summary>
    public double Penalty { get; init; } = 10;

    /// <summary>Steps between path length penalties.</summary>
    public int PathEvery { get; init; } = 4;

    /// <summary>Weight of the path length penalty.</summary>
    public double Path { get; init; } = 2;

    /// <summary>How often two styles are mixed.</summary>
    public double Mixing { get; init; } = 0.9;

    /// <summary>Decay of the generator's average.</summary>
    public double Average { get; init; } = Math.Pow(0.5, 32 / 10_000.0);
}

/// <summary>
/// Trains StyleGAN2 on clean images in -1..1 (Karras et al. 2020): generator and discriminator in turn, penalties every few steps ("lazy"), with the optimizers'
/// settings corrected for that by k / (k + 1), an average of the generator.
/// </summary>
internal sealed class PriorStage : GenerativeStage
{
    private const string PathMean = "path_mean";

    private readonly PriorOptions _options;
    private readonly PairSource? _source;
    private readonly StyleGan2Generator _generator;
    private readonly StyleGan2Discriminator _discriminator;
    private readonly StagePart _generatorPart;
    private readonly StagePart _discriminatorPart;

    /// <param name="generator">The generator.</param>
    /// <param name="discriminator">The discriminator.</param>
    /// <param name="options">How they are trained.</param>
    /// <param name="source">Clean images; null where steps are given theirs.</param>
    public PriorStage(StyleGan2Generator generator, StyleGan2Discriminator discriminator, PriorOptions options, PairSource? source)
    {
        (_generator, _discriminator, _options, _source) = (generator, discriminator, options, source);
        _generatorPart = Part("generator", generator, options.PathEvery, new ExponentialMovingAverage(generator, options.Average));
        _discriminatorPart = Part("discriminator", discriminator, options.PenaltyEvery, null);
        Parts = [_generatorPart, _discriminatorPart];
        Numbers[PathMean] = 0;

        StagePart Part(string name, Nn.Module module, int every, ExponentialMovingAverage? average)
        {
            double ratio = every / (every + 1.0);
            return new StagePart(name, module, new Adam(module.Parameters(), options.Rate * ratio, 0, Math.Pow(0.99, ratio)), average);
        }
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"prior, {_options}, {_source?.Description}");

    /// <inheritdoc/>
    public override IReadOnlyList<StagePart> Parts { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["d", "r1", "g", "path", "path_mean"];

    /// <inheritdoc/>
    public override double[] Step(long step)
    {
        PairSource source = _source!;
        Tensor real = (source.At(step).Clean * 2) - 1;
        int n = real.Shape[0];
        (double d, double r1) = Discriminate(step, real, DrawLatents(step, 0, n), Noises(step, 0, n));
        Tensor latents = DrawLatents(step, 1, n);
        Tensor? half = step % _options.PathEvery == 0 ? DrawLatents(step, 2, Math.Max(1, n / 2)) : null;
        Tensor? directions = half is null ? null : source.Normal(step, 9, [half.Shape[0], 3, source.Size, source.Size]);
        (double g, double path) = Generate(latents, Noises(step, 1, n), half, directions, half is null ? null : Noises(step, 2, half.Shape[0]));
        return [d, r1, g, path, Numbers[PathMean]];
    }

    /// <summary>The discriminator's half of a step.</summary>
    /// <returns>Its loss without the penalty, and the penalty (NaN where it is not due).</returns>
    public (double Loss, double Penalty) Discriminate(long step, Tensor real, Tensor latents, IReadOnlyList<Tensor>? noises)
    {
        Tensor fake;
        using (Tape.NoGradient())
            fake = _generator.Synthesize(latents.Detach(), noises);
        return AdversarialStep.Discriminate(_discriminatorPart, _discriminator.Call, real, fake, step, _options.PenaltyEvery, _options.Penalty);
    }

    /// <summary>The generator's half of a step.</summary>
    /// <returns>Its loss without the penalty, and the penalty (NaN where no latents are given for it).</returns>
    public (double Loss, double Penalty) Generate(
        Tensor latents, IReadOnlyList<Tensor>? noises, Tensor? pathLatents, Tensor? directions, IReadOnlyList<Tensor>? pathNoises)
    {
        _discriminatorPart.Freeze(true);
        try
        {
            Tensor loss = GanLosses.Generator(_discriminator.Call(_generator.Synthesize(latents, noises)));
            (double value, double penalty) = (loss.Item(), double.NaN);
            if (pathLatents is not null)
            {
                Tensor image = _generator.Synthesize(pathLatents, pathNoises);
                (Tensor path, Tensor mean, _) = GanLosses.PathLength(image, pathLatents, directions!, Numbers[PathMean]);
                penalty = path.Item();
                Numbers[PathMean] = mean.Item();
                loss += path * (float)(_options.Path * _options.PathEvery);
            }

            _generatorPart.Step(loss);
            return (value, penalty);
        }
        finally
        {
            _discriminatorPart.Freeze(false);
        }
    }

    /// <inheritdoc/>
    public override void Publish(string path) => SafeTensorsFile.Write(
        path,
        _generatorPart.Average!.State.Select(e => KeyValuePair.Create("generator." + e.Key, e.Value))
            .Concat(_discriminator.StateDictionary().Select(e => KeyValuePair.Create("discriminator." + e.Key, e.Value))));

    private Tensor DrawLatents(long step, ulong stream, int count)
    {
        PairSource source = _source!;
        TensorShape shape = [count, _generator.Options.StyleFeatures];
        Tensor first = _generator.Map(source.Normal(step, 10 + stream, shape));
        PhiloxRandom draws = source.Draws(step, stream);
        if (!draws.NextBoolean(_options.Mixing))
            return _generator.Repeat(first);
        return _generator.Mix(first, _generator.Map(source.Normal(step, 20 + stream, shape)), draws.NextInteger(1, _generator.Options.Latents - 1));
    }

    private Tensor[] Noises(long step, ulong stream, int count) =>
        [.. _generator.NoiseShapes.Select((s, i) => _source!.Normal(step, 100 + (100 * stream) + (ulong)i, [count, 1, s[2], s[3]]))];
}
