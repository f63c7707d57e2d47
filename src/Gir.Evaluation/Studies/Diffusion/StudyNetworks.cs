using System.Globalization;
using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Generative;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Generative.Training;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>A network that latent diffusion is compared with.</summary>
/// <param name="Name">Its name in rows.</param>
/// <param name="Architecture">One of the zoo's.</param>
/// <param name="HyperParameters">Its size, as JSON.</param>
internal sealed record StudyNetwork(string Name, string Architecture, string HyperParameters);

/// <summary>The size of an autoencoder whose ceiling is measured.</summary>
/// <param name="Factor">Size of an image divided by that of its latent.</param>
/// <param name="Channels">Channels of a latent.</param>
internal sealed record StudyAutoencoder(int Factor, int Channels)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"f{Factor}-z{Channels}");

    /// <summary>Numbers of a latent for each of the image's.</summary>
    public double Share => Channels / (3.0 * Factor * Factor);
}

/// <summary>
/// The networks of a study: those of the training that it is about, and what it trains itself, each in a folder of its own, once. All learn from the same scenes and degradations.
/// </summary>
internal sealed class StudyNetworks
{
    private const double NetworkRate = 1e-3;

    private readonly string _training;
    private readonly string _folder;
    private readonly TrainingRecipe _recipe;
    private readonly DiffusionStudyOptions _options;
    private readonly IProgress<DiffusionStudyProgress>? _told;
    private readonly CancellationToken _cancellationToken;
    private readonly GenerativeTraining _source;
    private readonly LatentDiffusionTrainingOptions _trained;

    public StudyNetworks(string training, TrainingRecipe recipe, DiffusionStudyOptions options, IProgress<DiffusionStudyProgress>? told, CancellationToken cancellationToken)
    {
        (_training, _recipe, _options, _told, _cancellationToken) = (training, recipe, options, told, cancellationToken);
        _folder = Path.Combine(options.Output, "networks");
        _source = new GenerativeTraining(recipe, new RecipeTrainingOptions { Output = _folder, Parallelism = options.Parallelism });
        _trained = _source.Options(recipe.LatentDiffusion!);
    }

    /// <summary>Networks of about the initial restorer's size, and of less.</summary>
    public static IReadOnlyList<StudyNetwork> Compared { get; } =
    [
        new("dncnn", "DnCNN", """{ "in_nc": 3, "out_nc": 3, "nc": 32, "nb": 10 }"""),
        new("srresnet", "SRResNet", """{ "num_feat": 32, "num_block": 6, "upscale": 1 }"""),
        new("nafnet-small", "NAFNet", """{ "width": 8, "enc_blk_nums": [1, 1], "middle_blk_num": 1, "dec_blk_nums": [1, 1] }"""),
        new("drunet", "DRUNet", """{ "in_nc": 3, "out_nc": 3, "nc": [16, 32, 48, 64], "nb": 1, "residual": true }"""),
    ];

    /// <summary>Autoencoders by channels at factor 4, and by factor at 4 channels.</summary>
    public static IReadOnlyList<StudyAutoencoder> Autoencoders { get; } = [new(4, 1), new(4, 2), new(4, 4), new(4, 8), new(4, 16), new(2, 4), new(8, 4)];

    /// <summary>The restorer that the training begins with; null where it conditions on degraded images.</summary>
    public IRestorer? Initial => field ??= _recipe.LatentDiffusion!.Stages.Initial == 0 ? null : ModelZoo.Load(PathOf(_training, "initial"), new ModelZooOptions { Name = "initial" });

    /// <summary>The latent diffusion that was trained, without its initial restorer: cases have its result.</summary>
    public LatentDiffusionRestorer Diffusion => field ??= LatentDiffusionRestorer.Load([PathOf(_training, "control")]);

    /// <summary>A network that is compared, trained for <see cref="DiffusionStudyOptions.NetworkSteps"/>.</summary>
    public IRestorer Load(StudyNetwork network)
    {
        var hyper = HyperParameters.Parse(network.HyperParameters);
        RestorationNetwork created = ModelZoo.CreateNetwork(network.Architecture, hyper) with { HyperParameters = hyper };
        Train(network.Name, _options.NetworkSteps, () => new InitialRestorerStage(created, NetworkRate, _options.NetworkSteps, _trained.Batch, Source()));
        return ModelZoo.Load(PathOf(_folder, network.Name), new ModelZooOptions { Name = network.Name });
    }

    /// <summary>An autoencoder, trained for <see cref="DiffusionStudyOptions.CeilingSteps"/>.</summary>
    public AutoencoderKl Load(StudyAutoencoder size)
    {
        AutoencoderKlOptions options = _trained.Autoencoder with
        {
            Multipliers = size.Factor switch { 2 => [1, 4], 4 => [1, 2, 4], _ => [1, 2, 4, 4] }, InnerChannels = size.Channels, LatentChannels = size.Channels,
        };
        var stage = new AutoencoderStageOptions { Batch = _trained.Batch, Steps = _options.CeilingSteps, Divergence = _trained.Divergence };
        Train(size.Name, _options.CeilingSteps, () => new AutoencoderStage(new AutoencoderKl(options), null, stage, Source()));
        var autoencoder = new AutoencoderKl(options);
        autoencoder.LoadState(Checkpoint.Load(PathOf(_folder, size.Name)).StateDictionary());
        return autoencoder;
    }

    /// <summary>
    /// A short latent diffusion with the training's own initial restorer and autoencoder, without its initial restorer: cases have its result. U-Net and control branch learn for
    /// <see cref="DiffusionStudyOptions.VariantSteps"/> each.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="prediction">What it predicts.</param>
    public LatentDiffusionRestorer Variant(string name, DiffusionPrediction prediction) => Variant(name, _trained with
    {
        Prediction = prediction, PriorSteps = _options.VariantSteps, ControlSteps = _options.VariantSteps,
    });

    /// <summary>The same on pixels, of a third of the channels and trained for as many multiply-adds.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="steps">Steps of U-Net and of control branch.</param>
    public LatentDiffusionRestorer PixelVariant(string name, int steps) => Variant(name, Pixels with { PriorSteps = steps, ControlSteps = steps });

    /// <summary>The diffusion of pixels: the same U-Net, narrower.</summary>
    public LatentDiffusionTrainingOptions Pixels
    {
        get
        {
            int unit = _trained.Groups * _trained.Heads / GreatestDivisor(_trained.Groups, _trained.Heads);
            return _trained with { AutoencoderSteps = 0, LatentChannels = 3, Channels = Math.Max(unit, _trained.Channels / 3 / unit * unit) };
        }
    }

    /// <summary>The training's own options.</summary>
    public LatentDiffusionTrainingOptions Trained => _trained;

    private LatentDiffusionRestorer Variant(string name, LatentDiffusionTrainingOptions options)
    {
        string folder = Path.Combine(_folder, name);
        // What lies there already is not trained again.
        foreach (string stage in options.AutoencoderSteps == 0 ? new[] { "initial" } : ["initial", "autoencoder"])
        {
            string own = PathOf(folder, stage);
            if (File.Exists(own) || !File.Exists(PathOf(_training, stage)))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(own)!);
            File.Copy(PathOf(_training, stage), own);
        }

        if (!File.Exists(PathOf(folder, "control")))
        {
            _source.LoadImages(cancellationToken: _cancellationToken);
            var training = new LatentDiffusionTraining(options, _source.Images, _source.Degrade(), folder);
            if (!training.Run(new Told<GenerativeTrainingProgress>(p => _told?.Report(new DiffusionStudyProgress($"training {name}, {p.Stage}", p.Step, p.Total))), _cancellationToken))
                throw new OperationCanceledException(_cancellationToken);
        }

        return LatentDiffusionRestorer.Load([PathOf(folder, "control")]);
    }

    private LatentTrainingSource Source()
    {
        _source.LoadImages(cancellationToken: _cancellationToken);
        return new LatentTrainingSource(_source.Images, _source.Degrade(), _trained.Size, _trained.Seed);
    }

    private void Train(string name, int steps, Func<GenerativeStage> create)
    {
        var told = new Told<GenerativeTrainingProgress>(p => _told?.Report(new DiffusionStudyProgress($"training {name}", p.Step, p.Total)));
        if (!new StageSeries(_folder, _trained.SaveEvery, _trained.LogEvery, told, _cancellationToken).Train(name, steps, create))
            throw new OperationCanceledException(_cancellationToken);
    }

    private static string PathOf(string folder, string stage) => StageSeries.WeightsPath(folder, stage);

    private static int GreatestDivisor(int a, int b) => b == 0 ? a : GreatestDivisor(b, a % b);
}
