using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;
using Gir.Models.Backbones;
using Gir.Models.Generative.Training;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Features.Layouts;

/// <summary>How long a <see cref="LayoutClassifier"/> is trained, and on what.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record LayoutTrainingOptions
{
    /// <summary>Height and width of scenes in pixels, 32..512; default 64.</summary>
    public int Size { get; init; } = 64;

    /// <summary>Scenes of each layout, from 1 on; default 500.</summary>
    public int ScenesPerLayout { get; init; } = 500;

    /// <summary>The seed of the first scene; the others follow. Default 2,000,000, which no recipe and no test set uses.</summary>
    public ulong FirstScene { get; init; } = 2_000_000;

    /// <summary>Steps, from 1 on; default 2000.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>Scenes a step, 1..1024; default 64.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Learning rate at the start; it falls by half a cosine to a hundredth. Default 0.001.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>Share of scenes that are degraded, 0..1; default 0.5.</summary>
    public double DegradedShare { get; init; } = 0.5;

    /// <summary>Steps between two saves; default 100.</summary>
    public int SaveEvery { get; init; } = 100;

    /// <summary>Steps between two rows of the log; default 20.</summary>
    public int LogEvery { get; init; } = 20;

    /// <summary>Seed of all draws and of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        OptionChecks.InRange(Size, LayoutNetwork.MinimumSize, 512);
        OptionChecks.InRange(Batch, 1, 1024);
        foreach (int count in new[] { ScenesPerLayout, Steps, SaveEvery, LogEvery })
            OptionChecks.Positive(count, "Steps");
        if (!(Rate > 0 && Rate < 1) || !(DegradedShare >= 0 && DegradedShare <= 1))
            throw new ArgumentException($"Found a rate of {Rate} and a degraded share of {DegradedShare}; expected numbers between 0 and 1.", nameof(Rate));
    }
}

/// <summary>Trains a <see cref="LayoutClassifier"/> by cross entropy and Adam on scenes, clean and degraded; a process that is killed goes on to the same bits.</summary>
/// <remarks>One training at a time in one folder; not safe for concurrent use.</remarks>
public sealed class LayoutTraining
{
    private readonly LayoutTrainingOptions _options;
    private readonly ImageTransform _degrade;
    private readonly string _folder;

    /// <summary>Prepares a training.</summary>
    /// <param name="options">What is trained on and for how long.</param>
    /// <param name="degrade">Degrades a scene, mildly.</param>
    /// <param name="folder">Where checkpoint, log and weights are kept.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LayoutTraining(LayoutTrainingOptions options, ImageTransform degrade, string folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(degrade);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options.Validate();
        (_options, _degrade, _folder) = (options, degrade, folder);
    }

    /// <summary>The classifier's file, once the training is done; <see cref="LayoutClassifier.Load"/> reads it.</summary>
    public string WeightsPath => StageTrainer.WeightsPath(_folder);

    /// <summary>Makes the scenes and trains, going on where an earlier run stopped.</summary>
    /// <param name="progress">Told of every row of the log; may be null.</param>
    /// <param name="cancellationToken">Ends the run after the step in work; the state is saved.</param>
    /// <returns>Whether the training is done.</returns>
    /// <exception cref="TrainingConfigurationException">The folder holds another training.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no number any more.</exception>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another training is at work in it.</exception>
    public bool Run(IProgress<Generative.GenerativeTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (File.Exists(WeightsPath))
            return true;
        var stage = new LayoutStage(_options, _degrade);
        return new StageTrainer(stage, _folder, _options.Steps, _options.SaveEvery, _options.LogEvery).Run(
            (step, numbers) => progress?.Report(new Generative.GenerativeTrainingProgress(
                "layouts", step, _options.Steps, stage.Columns.Zip(numbers).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal))),
            cancellationToken);
    }
}

/// <summary>The training's only stage. Landscapes stay upright: scenes are mirrored, not turned.</summary>
internal sealed class LayoutStage : GenerativeStage
{
    private readonly LayoutNetwork _network;
    private readonly LayoutTrainingOptions _options;
    private readonly ImageTransform _degrade;
    private readonly StagePart _part;
    private readonly CosineAnnealing _rate;
    private readonly ImageBuffer[] _scenes;

    public LayoutStage(LayoutTrainingOptions options, ImageTransform degrade)
    {
        (_options, _degrade) = (options, degrade);
        _network = new LayoutNetwork(LayoutClassifier.Classes.Count, options.Seed);
        _part = new StagePart("layouts", _network, new Adam(_network.Parameters(), options.Rate));
        _rate = new CosineAnnealing(options.Rate, options.Rate / 100, options.Steps);
        Parts = [_part];
        _scenes = new ImageBuffer[LayoutClassifier.Classes.Count * options.ScenesPerLayout];
        for (int i = 0; i < _scenes.Length; i++)
            _scenes[i] = SceneGenerator.Create(options.FirstScene + (ulong)i, options.Size, options.Size, new SceneOptions(LayoutClassifier.Classes[ClassOf(i)])).Image.Quantized();
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"layouts, {_network.ParameterCount()} values, {_options}");

    /// <inheritdoc/>
    public override IReadOnlyList<StagePart> Parts { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["loss", "accuracy"];

    /// <inheritdoc/>
    public override double[] Step(long step)
    {
        var classes = new int[_options.Batch];
        var inputs = new Tensor[_options.Batch];
        ulong seed = Philox4x32.DeriveSeed(_options.Seed, (ulong)step);
        for (int i = 0; i < inputs.Length; i++)
        {
            var random = new PhiloxRandom(Philox4x32.DeriveSeed(seed, (ulong)i));
            int scene = random.NextInteger(0, _scenes.Length - 1);
            ImageBuffer image = random.NextInteger(0, 1) == 0 ? _scenes[scene].Clone() : _scenes[scene].FlipHorizontal();
            if (random.NextDouble() < _options.DegradedShare)
                image = _degrade(image, random);
            classes[i] = ClassOf(scene);
            inputs[i] = FeatureRequest.ToTensor(image, LayoutClassifier.LayoutInput);
        }

        Tensor logits = _network.Call(TensorOps.Concatenate(0, inputs));
        Tensor loss = logits.CrossEntropy(classes);
        float[] values = logits.ToArray();
        int right = values.Chunk(LayoutClassifier.Classes.Count).Index().Count(row => Array.IndexOf(row.Item, row.Item.Max()) == classes[row.Index]);
        double[] numbers = [loss.Item(), (double)right / _options.Batch];
        _part.Optimizer.LearningRate = _rate.At(step);
        _part.Step(loss);
        return numbers;
    }

    /// <inheritdoc/>
    public override void Publish(string path) => SafeTensorsFile.Write(path, _network.StateDictionary());

    private static int ClassOf(int scene) => scene % LayoutClassifier.Classes.Count;
}
