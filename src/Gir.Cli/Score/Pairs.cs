using Gir.Cli.Shell;

namespace Gir.Cli.Score;

/// <summary>An image and what it is measured against, or null.</summary>
internal sealed record Pair(InputImage Image, InputImage? Reference);

/// <summary>Finds images with their references.</summary>
internal static class Pairs
{
    /// <summary>By name in folders, with or without the same extension; an image of a folder without its reference is left out.</summary>
    public static async Task<IReadOnlyList<Pair>> FindAsync(ScoreSettings settings, InputImages images, Terminal terminal, LeftOut leftOut, CancellationToken cancellationToken)
    {
        await images.ReadPipesAsync(cancellationToken);
        if (settings.Reference is null)
            return [.. images.Images.Select(i => new Pair(i, null))];
        if (settings.Reference == InputImage.StandardInput && settings.Image == InputImage.StandardInput)
            throw new UsageException("--image - and --reference -: the input can be one of them.");
        InputImages references = InputImages.Find(settings.Reference, terminal);
        await references.ReadPipesAsync(cancellationToken);
        if (!references.IsFolder)
        {
            return images.Images.Count == 1
                ? [new Pair(images.Images[0], references.Images[0])]
                : throw new UsageException($"'{settings.Reference}' is one file, but '{settings.Image}' holds {images.Images.Count} images; expected a folder of references.");
        }

        ILookup<string, InputImage> byStem = references.Images.ToLookup(r => r.Stem, StringComparer.Ordinal);
        var pairs = new List<Pair>();
        foreach (InputImage image in images.Images)
        {
            try
            {
                pairs.Add(new Pair(image, Match(image, byStem, settings.Reference)));
            }
            catch (UsageException e)
            {
                leftOut.Add(image.Path, e);
            }
        }

        return pairs;
    }

    private static InputImage Match(InputImage image, ILookup<string, InputImage> references, string folder)
    {
        InputImage[] candidates = [.. references[image.Stem]];
        return candidates.FirstOrDefault(c => c.Name == image.Name) ?? candidates.Length switch
        {
            1 => candidates[0],
            0 => throw new UsageException($"'{folder}' has no reference for '{image.Name}'."),
            _ => throw new UsageException($"'{folder}' has several references for '{image.Name}': {string.Join(", ", candidates.Select(c => c.Name))}."),
        };
    }
}
