using System.Globalization;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Training;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Training;

namespace Gir.Models.Generative.Diffusion;

/// <summary>How a diffusion network or its control branch is trained.</summary>
internal sealed record DiffusionStageOptions
{
    /// <summary>Images a step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Steps.</summary>
    public long Steps { get; init; } = 12_000;

    /// <summary>Learning rate at the start; it falls by half a cosine.</summary>
    public double Rate { get; init; } = 4e-4;

    /// <summary>Learning rate at the end, as a share of the first.</summary>
    public double LastShare { get; init; } = 0.02;

    /// <summary>Decoupled weight decay.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Conditions are given noise of a timestep below this; 0 is without.</summary>
    public int NoiseAugmentation { get; init; }
}

/// <summary>What the two trainings of diffusion have in common: noisy latents, a network's output for them, mean squared differences to the target, AdamW, an average of weights.</summary>
internal abstract class DiffusionStage : GenerativeStage
{
    private readonly LatentTrainingSource? _source;
    private readonly ILatentSpace _space;
    private readonly LatentDiffusionSettings _settings;
    private readonly DiffusionStageOptions _options;
    private readonly NoiseSchedule _schedule;
    private readonly CosineAnnealing _rate;

    private protected DiffusionStage(
        string name, Module trained, ILatentSpace space, LatentDiffusionSettings settings, DiffusionStageOptions options, LatentTrainingSource? source)
    {
        (_space, _settings, _options, _source) = (space, settings, options, source);
        _schedule = settings.Schedule;
        _rate = new CosineAnnealing(options.Rate, options.Rate * options.LastShare, options.Steps);
        Name = name;
        Part = new StagePart(
            name, trained, new Adam(trained.Parameters(), options.Rate, weightDecay: options.WeightDecay, decoupled: true), new ExponentialMovingAverage(trained), DiffusionLosses.AverageDecay);
        Parts = [Part];
    }

    /// <inheritdoc/>
    public override string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}, {Part.Module.ParameterCount()} values, {_options}, {_settings.ToJson()}, {_source?.Description}");

    /// <inheritdoc/>
    public override IReadOnlyList<StagePart> Parts { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["loss"];

    private protected string Name { get; }

    private protected StagePart Part { get; }

    private protected LatentTrainingSource Source => _source!;

    private protected DiffusionStageOptions Options => _options;

    private protected LatentDiffusionSettings Settings => _settings;

    private protected ILatentSpace Space => _space;

    /// <summary>A loss and what it is made of.</summary>
    public readonly record struct Loss(Tensor Total, Tensor Noisy, Tensor Output, Tensor Target);

    /// <inheritdoc/>
    public override double[] Step(long step)
    {
        (Tensor latents, Tensor? condition) = Latents(step);
        Part.Optimizer.LearningRate = _rate.At(step);
        return [Learn(LossOf(latents, condition, null, Source.Timesteps(step, 0, _options.Batch, _schedule.Count), Source.Normal(step, 1, latents.Shape)).Total)];
    }

    /// <summary>Moves the weights by a loss.</summary>
    public double Learn(Tensor loss)
    {
        double value = loss.Item();
        Part.Step(loss);
        return value;
    }

    /// <summary>The loss of scaled latents at timesteps.</summary>
    public Loss LossOf(Tensor latents, Tensor? condition, Tensor? context, int[] timesteps, Tensor noise)
    {
        double[] left = [.. timesteps.Select(t => _schedule.AlphaBars[t])];
        Tensor noisy = DiffusionMath.Noisy(latents, noise, left);
        Tensor target = DiffusionMath.Target(_settings.Prediction, latents, noise, left);
        Tensor output = Output(noisy, condition, context, timesteps);
        return new((output - target).Square().Mean(), noisy, output, target);
    }

    /// <summary>Scaled latents of a step, and their condition.</summary>
    private protected abstract (Tensor Latents, Tensor? Condition) Latents(long step);

    private protected abstract Tensor Output(Tensor noisy, Tensor? condition, Tensor? context, int[] timesteps);

    /// <summary>Scaled samples of the latents of images in 0..1.</summary>
    private protected Tensor Sampled(long step, Tensor images)
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        DiagonalGaussian posterior = Space.Encode((images * 2) - 1);
        return posterior.Sample(Source.Normal(step, 0, posterior.Mean.Shape)) * (float)Settings.LatentScale;
    }

    /// <summary>1 / standard deviation of the latents of images in 0..1: the factor after which they are about as wide as noise.</summary>
    public static double LatentScale(ILatentSpace space, IEnumerable<Tensor> batches)
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        (double sum, double squares, long count) = (0, 0, 0);
        foreach (Tensor batch in batches)
        {
            using TensorScope scope = TensorScope.Enter();
            foreach (float value in space.Encode((batch * 2) - 1).Mean.ToArray())
                (sum, squares, count) = (sum + value, squares + ((double)value * value), count + 1);
        }

        double mean = sum / count;
        return 1 / Math.Sqrt(Math.Max((squares / count) - (mean * mean), 1e-12));
    }
}

/// <summary>Trains the U-Net on the latents of clean images: what images look like.</summary>
internal sealed class DiffusionPriorStage(DiffusionUNet network, ILatentSpace space, LatentDiffusionSettings settings, DiffusionStageOptions options, LatentTrainingSource? source)
    : DiffusionStage("prior", network, space, settings, options, source)
{
    /// <inheritdoc/>
    public override void Publish(string path) => SafeTensorsFile.Write(path, Part.Average!.State);

    private protected override (Tensor Latents, Tensor? Condition) Latents(long step) => (Sampled(step, Source.Clean(step, Options.Batch)), null);

    private protected override Tensor Output(Tensor noisy, Tensor? condition, Tensor? context, int[] timesteps) => network.Predict(noisy, timesteps, context);
}

/// <summary>Trains the control branch alone, on clean images and what was made of them; the U-Net stays.</summary>
internal sealed class ControlStage : DiffusionStage
{
    private readonly DiffusionUNet _network;
    private readonly ControlBranch _control;
    private readonly Module? _initial;

    /// <param name="network">The U-Net, which is frozen from here on.</param>
    /// <param name="control">What is trained.</param>
    /// <param name="initial">What restores initially; null conditions on degraded images.</param>
    /// <param name="space">Between images and latents.</param>
    /// <param name="settings">What the networks are.</param>
    /// <param name="options">How the branch is trained.</param>
    /// <param name="source">The images; null where steps are given theirs.</param>
    public ControlStage(
        DiffusionUNet network, ControlBranch control, Module? initial, ILatentSpace space, LatentDiffusionSettings settings, DiffusionStageOptions options, LatentTrainingSource? source)
        : base("control", control, space, settings, options, source)
    {
        (_network, _control, _initial) = (network, control, initial);
        foreach (Tensor parameter in network.Parameters())
            parameter.RequiresGradient = false;
    }

    /// <inheritdoc/>
    public override void Publish(string path)
    {
        Dictionary<string, Tensor> average = Part.Average!.State.ToDictionary(StringComparer.Ordinal);
        var branch = new ControlBranch(_control.Options, _control.HintChannels);
        branch.LoadState(average);
        LatentDiffusionFile.Save(path, new(Space, _network, branch, Settings));
    }

    private protected override (Tensor Latents, Tensor? Condition) Latents(long step)
    {
        (Tensor degraded, Tensor clean) = Source.Pairs(step, Options.Batch);
        Tensor latents = Sampled(step, clean);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Tensor restored = (_initial?.Call(degraded) ?? degraded).Clamp(0, 1);
        Tensor condition = Space.Encode((restored * 2) - 1).Mean * (float)Settings.LatentScale;
        if (Options.NoiseAugmentation == 0)
            return (latents, condition);
        NoiseSchedule schedule = Settings.Schedule;
        double[] left = [.. Source.Timesteps(step, 1, Options.Batch, Options.NoiseAugmentation).Select(t => schedule.AlphaBars[t])];
        return (latents, DiffusionMath.Noisy(condition, Source.Normal(step, 2, condition.Shape), left));
    }

    private protected override Tensor Output(Tensor noisy, Tensor? condition, Tensor? context, int[] timesteps) =>
        _network.Predict(noisy, timesteps, context, _control.Control(noisy, condition!, timesteps, context));
}
