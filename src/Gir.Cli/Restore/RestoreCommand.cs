using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Zoo;
using Spectre.Console;

namespace Gir.Cli.Restore;

/// <summary>Restores every input and writes the results.</summary>
internal static class RestoreCommand
{
    public static async Task<int> RunAsync(RestoreSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        if (settings.List)
            return List(terminal.Console);
        if (settings.Input is null || settings.Output is null || settings.Model is null)
            throw new UsageException("Expected --input, --output and --model (or --list).");
        IReadOnlyList<Job> jobs = Plan(settings, settings.Input, settings.Output);
        TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = settings.Threads });
        IRestorer restorer = CreateRestorer(settings, settings.Model);
        if (jobs.Count > 1 || Directory.Exists(settings.Input))
            Directory.CreateDirectory(settings.Output);

        string? note = null;
        var pairs = new List<(ImageBuffer Before, ImageBuffer After)>();
        await new ProgressView(terminal).ShowAsync("Restoring", jobs.Count, progress =>
        {
            for (int i = 0; i < jobs.Count; i++)
            {
                int index = i;
                (ImageBuffer before, ImageBuffer after) = Restore(
                    jobs[i], restorer, settings.Force, new Told<RestorationProgress>(p => progress.Report(new WorkProgress(index + ((double)p.Done / p.Total)))), cancellationToken);
                note ??= TileNote(restorer, jobs[i].Input, before);
                progress.Report(new WorkProgress(i + 1));
                if (settings.Sheet is not null)
                    pairs.Add((before, after));
            }

            return Task.CompletedTask;
        });
        if (settings.Sheet is not null)
            ImageFile.Save(settings.Sheet, BeforeAfterSheet.Create(pairs), overwrite: settings.Force);
        if (note is not null)
            terminal.Note(note);
        terminal.Say($"{jobs.Count} image{(jobs.Count == 1 ? "" : "s")} restored by {restorer.Info.Name}: {settings.Output}");
        return 0;
    }

    private static int List(IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("name", "what it is");
        foreach (string name in ModelZoo.Shipped)
        {
            NetworkRestorer model = ModelZoo.LoadShipped(name);
            table.AddRow(Markup.Escape(name), Markup.Escape($"trained {model.Network.Architecture}: {model.Info.Training} ({model.Info.License})"));
        }

        foreach (ArchitectureDescriptor architecture in Architectures.All)
            table.AddRow(Markup.Escape(architecture.Name), Markup.Escape(architecture.Description + " (give a checkpoint)"));
        foreach (IRestorer restorer in ClassicalRestorers.All)
            table.AddRow(Markup.Escape(restorer.Info.Name), Markup.Escape(restorer.Info.Description));
        console.Write(table);
        return 0;
    }

    private static IRestorer CreateRestorer(RestoreSettings settings, string model)
    {
        try
        {
            bool isShipped = ModelZoo.Shipped.Contains(model, StringComparer.OrdinalIgnoreCase);
            if (!isShipped && !File.Exists(model))
            {
                if (NetworkOption(settings) is { } option)
                    throw new UsageException($"{option} goes with a checkpoint; '{model}' is no file.");
                bool isPath = model.Contains('/', StringComparison.Ordinal) || Path.HasExtension(model.Split('(')[0]);
                return isPath
                    ? throw new UsageException($"--model {model}: there is no such file.")
                    : ClassicalRestorers.Find(model, new Parallelism(settings.Threads));
            }

            var defaults = new NetworkRestorerOptions();
            int half = settings.Tile is > 0 ? settings.Tile.Value / 2 : int.MaxValue;
            var options = new ModelZooOptions
            {
                HyperParameters = settings.Options is null ? HyperParameters.None : HyperParameters.Parse(File.ReadAllText(settings.Options)),
                Restoration = defaults with
                {
                    TileSize = settings.Tile,
                    TileOverlap = settings.Overlap ?? Math.Min(defaults.TileOverlap, half),
                    MemoryBudget = settings.Memory is { } memory ? (long)memory << 20 : defaults.MemoryBudget,
                    SelfEnsemble = settings.Ensemble,
                    NoiseLevel = settings.Noise,
                },
            };
            return isShipped ? ModelZoo.LoadShipped(model, options) : ModelZoo.Load(model, options);
        }
        catch (ArgumentException e)
        {
            string trained = ModelZoo.Shipped.Count > 0 ? $" Trained models: {string.Join(", ", ModelZoo.Shipped)}." : "";
            throw new UsageException($"--model {model}: {e.Message}{(File.Exists(model) ? "" : trained)}");
        }
    }

    /// <summary>An option that means nothing to a classical restorer, where one is given.</summary>
    private static string? NetworkOption(RestoreSettings settings) => settings switch
    {
        { Options: not null } => "--options",
        { Tile: not null } => "--tile",
        { Overlap: not null } => "--overlap",
        { Memory: not null } => "--memory",
        { Ensemble: true } => "--ensemble",
        { Noise: not null } => "--noise",
        _ => null,
    };

    /// <summary>Tells of the first image whose result tiles have changed.</summary>
    private static string? TileNote(IRestorer restorer, string path, ImageBuffer image) =>
        restorer is NetworkRestorer { Network.Tiling: TilingSupport.Discouraged } network && network.CountTiles(image.Height, image.Width) is int tiles and > 1
            ? $"note: {network.Network.Architecture} uses statistics of the whole image; '{path}' was restored in {tiles} tiles, which gives another result. --tile 0, or more --memory, restores it whole."
            : null;

    private static (ImageBuffer Before, ImageBuffer After) Restore(
        Job job, IRestorer restorer, bool overwrite, IProgress<RestorationProgress> progress, CancellationToken cancellationToken)
    {
        (ImageBuffer degraded, ImageBuffer? alpha) = InputImages.SplitAlpha(ImageFile.Load(job.Input));
        try
        {
            ImageBuffer restored = restorer.Restore(degraded, progress, cancellationToken);
            ImageFile.Save(job.Output, InputImages.JoinAlpha(restored, Enlarge(alpha, restorer.Info.Scale)), overwrite: overwrite);
            return (degraded, restored);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{job.Input}: {e.Message}");
        }
    }

    /// <summary>Alpha as large as the result: each sample repeated.</summary>
    private static ImageBuffer? Enlarge(ImageBuffer? alpha, int scale)
    {
        if (alpha is null || scale == 1)
            return alpha;
        var large = new ImageBuffer(1, alpha.Height * scale, alpha.Width * scale);
        for (int y = 0; y < large.Height; y++)
        {
            ReadOnlySpan<float> source = alpha.Row(0, y / scale);
            Span<float> target = large.Row(0, y);
            for (int x = 0; x < target.Length; x++)
                target[x] = source[x / scale];
        }

        return large;
    }

    private static IReadOnlyList<Job> Plan(RestoreSettings settings, string input, string output)
    {
        IReadOnlyList<string> inputs = InputImages.Find(input);
        Job[] jobs = File.Exists(input) && !Directory.Exists(output)
            ? [new Job(input, output)]
            : [.. inputs.Select(i => new Job(i, Path.Combine(output, Path.GetFileNameWithoutExtension(i) + (IsNumpy(i) ? ".npy" : ".png"))))];
        if (jobs.GroupBy(j => j.Output, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new UsageException($"'{same.First().Input}' and '{same.ElementAt(1).Input}' would both become '{same.Key}'; rename one.");
        HashSet<string> sources = [.. inputs.Select(Path.GetFullPath)];
        foreach (string path in jobs.Select(j => j.Output).Append(settings.Sheet).OfType<string>())
        {
            if (ImageCodecs.FindByExtension(path) is null)
                throw new UsageException($"'{path}': expected the extension of an image file ({string.Join(", ", ImageCodecs.All.SelectMany(c => c.Extensions))}).");
            if (sources.Contains(Path.GetFullPath(path)))
                throw new UsageException($"'{path}' is one of the inputs; choose another --output.");
            if (!settings.Force && Path.Exists(path))
                throw new UsageException($"'{path}' exists already; --force replaces it.");
        }

        return jobs;
    }

    private static bool IsNumpy(string path) => Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase);

    /// <summary>An image to restore and the file to write.</summary>
    private sealed record Job(string Input, string Output);
}
