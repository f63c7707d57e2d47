using Gir.Cli.Shell;
using Gir.Degradations.Depth;
using Gir.Evaluation;
using Gir.Imaging;

namespace Gir.Cli.Evaluate;

/// <summary>Images of the user's own, each read once before the work, since a benchmark compares restorers on the same images.</summary>
/// <param name="Images">Those that can be read.</param>
/// <param name="Inputs">All of them.</param>
/// <param name="LeftOut">Those that cannot.</param>
internal sealed record Photographs(IReadOnlyList<BenchmarkImage> Images, InputImages Inputs, LeftOut LeftOut)
{
    /// <summary>How many were asked for.</summary>
    public int Total => Inputs.Images.Count;

    /// <summary>Reads the images of --images.</summary>
    /// <exception cref="UsageException">There are none, or one cannot be read and that stops the command.</exception>
    public static Photographs Load(EvaluateSettings settings, bool needDepth, Terminal terminal)
    {
        (InputImages inputs, string[] names) = Find(settings, terminal);
        DepthMapFolder? depths = settings.Depth is null ? null : new DepthMapFolder(settings.Depth) { Images = [.. inputs.Images.Select(i => i.Path)] };
        var leftOut = new LeftOut(terminal, stops: settings.Strict || !inputs.IsFolder);
        var images = new BenchmarkImage?[inputs.Images.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads };
        Parallel.For(0, images.Length, parallel, i => images[i] = Load(inputs.Images[i], names[i], needDepth ? depths : null, leftOut));
        BenchmarkImage[] readable = [.. images.OfType<BenchmarkImage>()];
        return readable.Length > 0
            ? new Photographs(readable, inputs, leftOut)
            : throw new UsageException($"--images {settings.Images}: no image can be read.");
    }

    /// <summary>The images and what they are called: of categories "folder/name".</summary>
    private static (InputImages Inputs, string[] Names) Find(EvaluateSettings settings, Terminal terminal)
    {
        if (!settings.Categories)
        {
            InputImages all = InputImages.Find(settings.Images!, terminal, settings.Limit);
            return (all, [.. all.Images.Select(i => i.Name)]);
        }

        string[] folders = [.. Directory.GetDirectories(settings.Images!).OrderBy(Path.GetFileName, StringComparer.Ordinal)];
        if (folders.Length == 0)
            throw new UsageException($"--categories: '{settings.Images}' has no subfolders.");
        (InputImage Image, string Name)[] found =
        [
            .. folders.SelectMany(f => InputImages.Find(f, terminal, settings.Limit).Images.Select(i => (i, $"{Path.GetFileName(f)}/{i.Name}"))),
        ];
        return (new InputImages([.. found.Select(f => f.Image)], IsFolder: true), [.. found.Select(f => f.Name)]);
    }

    private static BenchmarkImage? Load(InputImage input, string name, DepthMapFolder? depths, LeftOut leftOut)
    {
        try
        {
            ImageBuffer image = input.Load().Color;
            if (Finite.Fault(image, $"'{input.Path}'") is { } fault)
                throw new UsageException(fault);
            ImageBuffer? depth = depths?.Load(input.Name, image.Height, image.Width);
            return input.IsPipe ? BenchmarkImage.FromBuffer(name, image, depth) : BenchmarkImage.FromFile(input.Path, name, depth);
        }
        catch (Exception e) when (LeftOut.IsInputs(e))
        {
            leftOut.Add(input.Path, e);
            return null;
        }
    }
}
