using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Evaluation.RealWorld;

/// <summary>
/// Images that the world degraded, by type: a folder for each, as the GIR paper's ten (five natural, such as real rain, and five others, such as old photographs). Some
/// may have a ground truth.
/// </summary>
/// <remarks>A folder of folders is a group: "natural/rain" and "natural/haze" are types of the group "natural".</remarks>
/// <param name="Types">The types, in the order of their folders' names (ordinal).</param>
public sealed record RealWorldSet(IReadOnlyList<RealWorldType> Types)
{
    /// <summary>Finds the images of a folder; none is read yet.</summary>
    /// <param name="folder">A folder with a folder for each type, or with groups of such folders.</param>
    /// <param name="references">A folder of the same form with the ground truth of some images, under the same names, whatever their extensions; null: there is none.</param>
    /// <param name="limit">At most so many images of a type; null: all.</param>
    /// <exception cref="EvaluationException">There are no images, or two ground truths bear the same name.</exception>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    public static RealWorldSet Load(string folder, string? references = null, int? limit = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var types = new List<RealWorldType>();
        foreach (string outer in Folders(folder))
        {
            string name = Path.GetFileName(outer);
            Add(types, name, null, outer, references, limit);
            foreach (string inner in Folders(outer))
                Add(types, $"{name}/{Path.GetFileName(inner)}", name, inner, references, limit);
        }

        return types.Count > 0
            ? new RealWorldSet(types)
            : throw new EvaluationException($"{folder}: expected a folder with a folder of images for each type, e.g. rain/ and old-photos/, but there is none.");
    }

    private static IEnumerable<string> Folders(string path) => Directory.GetDirectories(path).OrderBy(Path.GetFileName, StringComparer.Ordinal);

    private static void Add(List<RealWorldType> types, string name, string? group, string folder, string? references, int? limit)
    {
        ImageFolder found = ImageFolder.Read(folder);
        string[] files = [.. found.Files.Concat(found.Unreadable.Select(u => u.Path)).OrderBy(Path.GetFileName, StringComparer.Ordinal).Take(limit ?? int.MaxValue)];
        if (files.Length == 0)
            return;
        string? truths = references is null ? null : Path.Combine(references, name);
        Dictionary<string, string> byStem = truths is not null && Directory.Exists(truths) ? ByStem(truths) : [];
        types.Add(new RealWorldType(name, group, [.. files.Select(f => new RealWorldImage(Path.GetFileName(f), f, byStem.GetValueOrDefault(Path.GetFileNameWithoutExtension(f))))]));
    }

    private static Dictionary<string, string> ByStem(string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in ImageFolder.Read(folder).Files)
        {
            if (!files.TryAdd(Path.GetFileNameWithoutExtension(file), file))
                throw new EvaluationException($"{folder}: there are two images called '{Path.GetFileNameWithoutExtension(file)}'; expected one ground truth for each image.");
        }

        return files;
    }
}

/// <summary>A type of real images.</summary>
/// <param name="Name">Its folder, within that of its group where it has one: "rain", "natural/rain".</param>
/// <param name="Group">Its group, or null.</param>
/// <param name="Images">Its images, by name.</param>
public sealed record RealWorldType(string Name, string? Group, IReadOnlyList<RealWorldImage> Images);

/// <summary>A real image.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Path">Its file.</param>
/// <param name="Reference">The file of its ground truth, or null.</param>
public sealed record RealWorldImage(string Name, string Path, string? Reference)
{
    internal ImageBuffer Load() => BenchmarkImage.WithoutAlpha(ImageFile.Load(Path));

    internal ImageBuffer? LoadReference() => Reference is null ? null : BenchmarkImage.WithoutAlpha(ImageFile.Load(Reference));
}
