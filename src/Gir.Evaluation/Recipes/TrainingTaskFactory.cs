using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Degradations.Haze;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Training;

namespace Gir.Evaluation.Recipes;

/// <summary>
/// Turns tasks into what a <see cref="PatchPairSource"/> draws patches from: weather, which acts on whole images, is applied ahead in several variants;
/// the other operators are applied to each patch anew.
/// </summary>
/// <remarks>
/// <para>A fixed task keeps its parameters, as in the evaluation; its draws (noise, rain streaks, lines) differ from variant to variant and patch to patch.</para>
/// <para>
/// "gir" follows Eq. 4 of the GIR paper: k is 1..5, each with probability 1/5; the first operator is one of ten, each with 1/10; each further one is
/// one of the seven that are no weather, with 1/7; all parameters are drawn from the published ranges. It becomes four training tasks: no weather
/// (7/10), rain, haze and snow (1/10 each).
/// </para>
/// <para>Everything is a function of seed, tasks and images; threads do not matter.</para>
/// </remarks>
internal sealed class TrainingTaskFactory
{
    private const int MostVariants = 8;

    private readonly IReadOnlyList<RecipeImage> _images;
    private readonly TrainingRecipe _recipe;
    private readonly Parallelism _parallelism;
    private readonly Lazy<TrainingImage[]> _pictures;

    /// <summary>Creates the factory.</summary>
    /// <param name="images">The clean images.</param>
    /// <param name="recipe">Seed, damage frame and memory for weather.</param>
    /// <param name="parallelism">Threads to prepare images with.</param>
    public TrainingTaskFactory(IReadOnlyList<RecipeImage> images, TrainingRecipe recipe, Parallelism parallelism = default)
    {
        _images = images;
        _recipe = recipe;
        _parallelism = parallelism;
        _pictures = new Lazy<TrainingImage[]>(() => [.. images.Select(i => new TrainingImage(i.Name, i.Clean, Depth: i.Depth))]);
    }

    /// <summary>Prepares the tasks, each with its weight in the recipe.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    public IReadOnlyList<TrainingTask> Create(IReadOnlyList<RecipeTask> tasks, CancellationToken cancellationToken = default)
    {
        if (_recipe.WholePictures)
            return [.. tasks.Select(WholePictures)];
        Part[] parts = [.. tasks.SelectMany(Parts)];
        // Tasks that begin alike share the images that were prepared for them.
        string[] weathers = [.. parts.Select(p => p.Weather?.Key).OfType<string>().Distinct()];
        long share = weathers.Length == 0 ? 0 : ((long)_recipe.WeatherMemory << 20) / weathers.Length;
        TrainingImage[] clean = [.. _images.Select(i => new TrainingImage(i.Name, i.Clean))];
        Dictionary<string, TrainingImage[]> prepared = [];
        foreach (Weather weather in parts.Select(p => p.Weather).OfType<Weather>().DistinctBy(w => w.Key))
            prepared.Add(weather.Key, Prepare(weather, share, cancellationToken));
        return [.. parts.Select(p => new TrainingTask(p.Name, p.Weather is { } weather ? prepared[weather.Key] : clean, p.Transform, p.Share * WeightOf(p.Task)))];
    }

    private double WeightOf(string task) => _recipe.TaskWeights.GetValueOrDefault(task, 1);

    private TrainingTask WholePictures(RecipeTask task) => new(task.Id, _pictures.Value, null, WeightOf(task.Id))
    {
        PictureTransform = task.Task is { } given ? PictureSampler.Fixed(given) : new PictureSampler(_recipe.Sampling).Degrade,
        PictureAugmentation = Augmentation(_recipe.Sampling),
        PictureWindows = _recipe.Sampling.Windows,
        TurnedWindows = _recipe.Sampling.Turned,
    };

    /// <summary>What is done to pictures before they are degraded, one after the other; null where nothing is.</summary>
    private static PictureTransform? Augmentation(RecipeSampling sampling)
    {
        List<PictureTransform> steps = [];
        if (sampling.Overexposed > 0)
            steps.Add(new ExposureSampler(sampling.Overexposed).Apply);
        if (sampling.Tones > 0)
            steps.Add(new ToneSampler(sampling.Tones).Apply);
        if (sampling.Frames > 0)
            steps.Add(new FrameSampler(sampling.Frames).Apply);
        return steps.Count == 0 ? null : (picture, random) => steps.Aggregate(picture.Clean, (current, step) => Next(picture, current, step, random));

        static ImageBuffer Next(TrainingImage picture, ImageBuffer current, PictureTransform step, PhiloxRandom random)
        {
            ImageBuffer next = step(picture with { Clean = current }, random);
            if (!ReferenceEquals(current.Array, picture.Clean.Array) && !ReferenceEquals(current.Array, next.Array))
                ImagePool.Return(current);
            return next;
        }
    }

    /// <summary>A variant of every image, as many variants as the memory allows; of the images only the first where it does not even allow one.</summary>
    private TrainingImage[] Prepare(Weather weather, long memory, CancellationToken cancellationToken)
    {
        long needed = _images.Sum(i => 4L * i.Clean.Samples.Length);
        int variants = weather.Varies ? (int)Math.Clamp(memory / Math.Max(1, needed), 1, MostVariants) : 1;
        int count = _images.Count;
        for (long used = needed; count > 1 && used > memory && variants == 1; count--)
            used -= 4L * _images[count - 1].Clean.Samples.Length;
        var result = new TrainingImage[count * variants];
        var body = new PrepareBody(_images, weather, _recipe.Seed, count, result, cancellationToken);
        ParallelFailure.Unwrap(() => _parallelism.For(result.Length, 1, body, cancellationToken));
        return result;
    }

    private IEnumerable<Part> Parts(RecipeTask task) => task.Task is { } fixedTask ? [Fixed(fixedTask)] : Random();

    private Part Fixed(DegradationTask task)
    {
        IReadOnlyList<IDegradation> operators = task.Pipeline.Operators;
        bool isWeather = DegradationCatalog.Find(operators[0].Name).IsWeather;
        ImageTransform? transform = null;
        if (!isWeather || operators.Count > 1)
            transform = new PatchPipeline(isWeather ? [.. operators.Skip(1)] : operators, _recipe.DamageFrame).Degrade;
        Weather? weather = isWeather ? Weather.Fixed(new DegradationPipeline([operators[0]])) : null;
        return new Part(task.Id, task.Id, weather, transform, 1);
    }

    private IEnumerable<Part> Random()
    {
        DegradationDescriptor[] weathers = [.. DegradationCatalog.All.Where(d => d.IsWeather)];
        double one = 1.0 / DegradationCatalog.All.Count;
        yield return new Part(RecipeTask.GirName, RecipeTask.GirName, null, (patch, random) => Later(patch, random, 0), 1 - (weathers.Length * one));
        foreach (DegradationDescriptor weather in weathers)
            yield return new Part(RecipeTask.GirName, $"{RecipeTask.GirName} after {weather.Name}", Weather.Random(weather), (patch, random) => Later(patch, random, 1), one);
    }

    /// <summary>Draws k of 1..5 and applies what is missing of it.</summary>
    private ImageBuffer Later(ImageBuffer patch, PhiloxRandom random, int done)
    {
        int count = random.NextInteger(1, DegradationPipeline.PaperMaximumOrder) - done;
        return new PatchPipeline(RandomTaskSampler.SampleLaterOperators(random, count), _recipe.DamageFrame).Degrade(patch, random);
    }

    /// <summary>One training task of those that a task becomes.</summary>
    private sealed record Part(string Task, string Name, Weather? Weather, ImageTransform? Transform, double Share);

    /// <summary>What is applied to whole images ahead.</summary>
    private sealed record Weather(string Key, bool Varies, Func<PhiloxRandom, DegradationPipeline> Draw)
    {
        // Haze draws nothing: all its variants with the same parameters would be equal.
        public static Weather Fixed(DegradationPipeline pipeline) => new(pipeline.ToJson(), pipeline.Operators[0] is not HazeDegradation, _ => pipeline);

        public static Weather Random(DegradationDescriptor descriptor) =>
            new("random " + descriptor.Name, true, random => new DegradationPipeline([descriptor.Sample(random)]));
    }

    private readonly struct PrepareBody(
        IReadOnlyList<RecipeImage> images, Weather weather, ulong seed, int count, TrainingImage[] result, CancellationToken cancellationToken) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (int variant, int index) = Math.DivRem(i, count);
                RecipeImage image = images[index];
                var random = new PhiloxRandom(Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(seed, weather.Key), image.Name), (ulong)variant));
                ImageBuffer prepared = weather.Draw(random).Degrade(
                    image.Clean, random.NextSeed(), image.Name, image.Depth, image.Depth is null ? new HeuristicDepthEstimator() : null);
                result[i] = new TrainingImage($"{image.Name}#{variant}", image.Clean, prepared);
            }
        }
    }
}
