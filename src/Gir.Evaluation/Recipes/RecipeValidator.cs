using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Metrics.FullReference;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Recipes;

/// <summary>Rates a network while it learns: its mean PSNR, over tasks and images kept apart, as <see cref="Benchmark"/> computes it.</summary>
internal sealed class RecipeValidator
{
    private readonly BenchmarkOptions _options;
    private readonly DegradationTask[] _tasks;
    private readonly BenchmarkImage[] _images;

    public RecipeValidator(TrainingRecipe recipe, IReadOnlyList<RecipeTask> tasks, IReadOnlyList<RecipeImage> images)
    {
        ulong seed = Philox4x32.DeriveSeed(recipe.Seed, "validation");
        _options = new BenchmarkOptions
        {
            Seed = seed,
            FullReference = [new Psnr()],
            DepthEstimator = new HeuristicDepthEstimator(),
            Generality = new GeneralityOptions { Resamples = 0 },
        };
        DegradationTask[] all = [.. tasks.SelectMany(t => t.Task is { } task ? [task] : RandomTaskSampler.CrossValidation(seed)).DistinctBy(t => t.Id)];
        int count = Math.Min(recipe.Validation.Tasks, all.Length);
        _tasks = [.. Enumerable.Range(0, count).Select(i => all[(int)((long)all.Length * i / count)])];
        _images = [.. images.Select(i => Center(i, recipe.Validation.Size))];
    }

    /// <summary>Mean PSNR in dB.</summary>
    public double Rate(RestorationNetwork network, CancellationToken cancellationToken)
    {
        var restorer = new NetworkRestorer(network);
        GeneralityReport report = new Benchmark(_options).RunAsync([restorer], _tasks, _images, cancellationToken: cancellationToken).GetAwaiter().GetResult();
        return report.Restorers[0].Averages[GeneralityReport.PsnrName].Value;
    }

    private static BenchmarkImage Center(RecipeImage image, int size)
    {
        int height = Math.Min(size, image.Clean.Height);
        int width = Math.Min(size, image.Clean.Width);
        int top = (image.Clean.Height - height) / 2;
        int left = (image.Clean.Width - width) / 2;
        ImageBuffer? depth = image.Depth?.Crop(top, left, height, width);
        return BenchmarkImage.FromBuffer(image.Name, image.Clean.Crop(top, left, height, width), depth is null ? null : DepthMap.Normalized(depth));
    }
}
