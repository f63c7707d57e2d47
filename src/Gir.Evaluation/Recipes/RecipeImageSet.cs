using Gir.Degradations.Depth;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Color;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;

namespace Gir.Evaluation.Recipes;

/// <summary>The images of a recipe: photographs of a folder, procedural scenes, or both; some are kept out of the training to validate on.</summary>
/// <param name="Training">Images to train on.</param>
/// <param name="Validation">Images to validate on.</param>
public sealed record RecipeImageSet(IReadOnlyList<RecipeImage> Training, IReadOnlyList<RecipeImage> Validation)
{
    /// <summary>What looks like an image in the recipe's folder and is none, with the reason (<see cref="ImageFolder.Skipped"/>).</summary>
    public IReadOnlyList<LeftOutFile> LeftOut { get; init; } = [];

    /// <summary>Loads and makes the images.</summary>
    /// <param name="recipe">What to load.</param>
    /// <param name="channels">1 (gray) or 3 (RGB): images of the other kind are converted.</param>
    /// <param name="needDepth">Whether tasks read depth: a scene's is exact, a photograph's is estimated.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="progress">Told how many images there are so far; may be null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EvaluationException">The folder has no images, one may not be read, or images are smaller than a patch.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ImageFormatException">A file is damaged.</exception>
    public static RecipeImageSet Load(
        TrainingRecipe recipe,
        int channels,
        bool needDepth,
        Parallelism parallelism = default,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Expected 1 or 3.");
        ImageFolder? folder = recipe.Images.Folder is null ? null : Photographs(recipe.Images.Folder);
        IReadOnlyList<string> photographs = folder?.Files ?? [];
        var images = new RecipeImage[photographs.Count + recipe.Images.Scenes];
        var body = new LoadBody(recipe, photographs, channels, needDepth, images, progress, new Counter(), cancellationToken);
        ParallelFailure.Unwrap(() => parallelism.For(images.Length, 1, body, cancellationToken));
        return Divide(images, recipe) with { LeftOut = folder?.Skipped ?? [] };
    }

    /// <summary>The number of images that <see cref="Load"/> will give.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="EvaluationException">The folder has no images.</exception>
    public static int Count(TrainingRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe.Images.Scenes + (recipe.Images.Folder is null ? 0 : Photographs(recipe.Images.Folder).Files.Count);
    }

    /// <summary>Keeps every n-th image out, so that photographs and scenes are both looked at; at most a quarter of all.</summary>
    private static RecipeImageSet Divide(RecipeImage[] images, TrainingRecipe recipe)
    {
        RecipeValidation validation = recipe.Validation;
        int count = validation.Every == 0 ? 0 : Math.Min(validation.Images, images.Length / 4);
        HashSet<int> kept = [.. Enumerable.Range(0, count).Select(i => (int)((long)images.Length * i / count))];
        return new RecipeImageSet(Share([.. images.Where((_, i) => !kept.Contains(i))], recipe), [.. images.Where((_, i) => kept.Contains(i))]);
    }

    private static IReadOnlyList<RecipeImage> Share(RecipeImage[] images, TrainingRecipe recipe)
    {
        int count = (int)Math.Ceiling(recipe.Images.Fraction * images.Length);
        if (count == images.Length)
            return images;
        // By a number of each name, so that what belongs to a share belongs to every larger one.
        HashSet<RecipeImage> drawn = [.. images.OrderBy(i => Philox4x32.DeriveSeed(recipe.Seed, "fraction/" + i.Name)).Take(count)];
        return [.. images.Where(drawn.Contains)];
    }

    private static ImageFolder Photographs(string path)
    {
        if (!Directory.Exists(path))
            throw new EvaluationException($"images.folder: there is no folder '{path}'.");
        ImageFolder folder = ImageFolder.Read(path);
        // Without one of them it would be another training, which a later run could not go on with.
        if (folder.Unreadable.Count > 0)
            throw new EvaluationException($"images.folder: '{folder.Unreadable[0].Path}': {folder.Unreadable[0].Reason}.");
        return folder.Files.Count > 0
            ? folder
            : throw new EvaluationException($"images.folder: '{path}' holds no image files ({string.Join(", ", ImageCodecs.All.SelectMany(c => c.Extensions))}).");
    }

    private readonly struct LoadBody(
        TrainingRecipe recipe,
        IReadOnlyList<string> photographs,
        int channels,
        bool needDepth,
        RecipeImage[] images,
        IProgress<int>? progress,
        Counter counter,
        CancellationToken cancellationToken) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                images[i] = i < photographs.Count ? Photograph(photographs[i]) : Scene(i - photographs.Count);
                progress?.Report(counter.Next());
            }
        }

        private RecipeImage Scene(int index)
        {
            ulong seed = recipe.Images.FirstScene + (ulong)index;
            Scene scene = SceneGenerator.Create(seed, recipe.Images.SceneHeight, recipe.Images.SceneWidth, new SceneOptions(recipe.Images.Layout));
            if (Math.Min(scene.Image.Height, scene.Image.Width) < recipe.LargestPatch)
                throw new EvaluationException($"images: scenes of {recipe.Images.SceneHeight} x {recipe.Images.SceneWidth} are smaller than patches of {recipe.LargestPatch} x {recipe.LargestPatch}.");
            return new RecipeImage($"scene-{seed}", Converted(scene.Image.Quantized()), needDepth ? scene.Depth : null);
        }

        private RecipeImage Photograph(string path)
        {
            string name = Path.GetFileName(path);
            ImageBuffer image = Converted(BenchmarkImage.WithoutAlpha(ImageFile.Load(path)));
            if (Math.Min(image.Height, image.Width) < recipe.LargestPatch)
                throw new EvaluationException($"images: '{path}' is {image.Height} x {image.Width} (height x width), smaller than patches of {recipe.LargestPatch} x {recipe.LargestPatch}.");
            ImageBuffer? depth = needDepth ? new HeuristicDepthEstimator().Estimate(image) : null;
            // A third more than the image for its depth; windows of equal memory, but none smaller than a patch.
            long samples = ((long)recipe.Images.Memory << 20) / (4L * images.Length * (channels + 1));
            if (image.PlaneLength <= samples)
                return new RecipeImage(name, image, depth);
            int height = (int)Math.Clamp(Math.Sqrt(samples), recipe.LargestPatch, image.Height);
            int width = (int)Math.Clamp(samples / height, recipe.LargestPatch, image.Width);
            var random = new PhiloxRandom(Philox4x32.DeriveSeed(recipe.Seed, name));
            int top = random.NextInteger(0, image.Height - height);
            int left = random.NextInteger(0, image.Width - width);
            return new RecipeImage(name, image.Crop(top, left, height, width), depth is null ? null : DepthMap.Normalized(depth.Crop(top, left, height, width)));
        }

        private ImageBuffer Converted(ImageBuffer image)
        {
            if (image.Channels == channels)
                return image;
            return channels == 1
                ? image.ToGray()
                : image.GrayToRgb();
        }
    }

    private sealed class Counter
    {
        private int _count;

        public int Next() => Interlocked.Increment(ref _count);
    }
}
