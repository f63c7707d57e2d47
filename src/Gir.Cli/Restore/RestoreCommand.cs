using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Observability;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Zoo;

namespace Gir.Cli.Restore;

/// <summary>Restores every input and writes the results.</summary>
internal static class RestoreCommand
{
    public static async Task<int> RunAsync(RestoreSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        if (settings.List)
            return ModelList.Print(terminal, settings.Json);
        if (settings.Input is null || settings.Output is null)
            throw new UsageException("Expected --input and --output (or --list).");
        if (settings.Force && settings.Resume)
            throw new UsageException("--force and --resume: expected one of them.");
        InputImages inputs = InputImages.Find(settings.Input, terminal);
        await inputs.ReadPipesAsync(cancellationToken);
        IReadOnlyList<Job> jobs = Jobs.Plan(settings, inputs);
        TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = settings.Threads });
        IRestorer restorer = CreateRestorer(settings, settings.Model);
        if (settings.DryRun)
        {
            foreach (Job job in jobs)
                terminal.Output.WriteLine($"{job.Input.Path} -> {job.Output}: {restorer.Info.Name}");
            return ExitCode.Fine;
        }

        OutputFolder.PrepareFor(jobs.Select(j => j.Output).Append(settings.Sheet).OfType<string>().Where(f => f != InputImage.StandardInput), "--output");
        var leftOut = new LeftOut(terminal, stops: settings.Strict || !inputs.IsFolder);
        var pairs = new List<(ImageBuffer Before, ImageBuffer After)>();
        string? note = await new ProgressView(terminal).ShowAsync(
            "Restoring", jobs.Count, progress => Task.FromResult(Work(settings, terminal, jobs, restorer, leftOut, pairs, progress, cancellationToken)));
        if (settings.Sheet is not null && pairs.Count > 0)
            ImageFile.Save(settings.Sheet, BeforeAfterSheet.Create(pairs), overwrite: settings.Force || settings.Resume);
        if (note is not null)
            terminal.Note(note);
        int done = jobs.Count - leftOut.Count;
        if (settings.Output != InputImage.StandardInput)
            terminal.Say($"{Words.Count(done, "image")} restored by {restorer.Info.Name}: {settings.Output}" + Kept(inputs.Images.Count - jobs.Count));
        return leftOut.Close(inputs.Images.Count);
    }

    private static string Kept(int count) => count > 0 ? $", {count} kept of an earlier run" : "";

    /// <summary>All jobs, one after another: a network uses all threads by itself.</summary>
    /// <returns>What there is to say about tiles.</returns>
    private static string? Work(
        RestoreSettings settings,
        Terminal terminal,
        IReadOnlyList<Job> jobs,
        IRestorer restorer,
        LeftOut leftOut,
        List<(ImageBuffer Before, ImageBuffer After)> pairs,
        IProgress<WorkProgress> progress,
        CancellationToken cancellationToken)
    {
        string? note = null;
        var writer = new ResultWriter(terminal, settings.Bits, settings.Force || settings.Resume);
        for (int i = 0; i < jobs.Count; i++)
        {
            int index = i;
            Job job = jobs[i];
            var parts = new Told<RestorationProgress>(p => progress.Report(new WorkProgress(index + ((double)p.Done / p.Total))));
            if (Restore(job, restorer, settings.AllowNonFinite, leftOut, parts, cancellationToken) is { } made)
            {
                writer.Save(job.Output, job.Extension, made.Degraded.WithAlpha(made.Restored, restorer.Info.Scale), made.Degraded);
                note ??= TileNote(restorer, job.Input.Path, made.Degraded.Color);
                if (settings.Sheet is not null)
                    pairs.Add((made.Degraded.Visible, made.Restored));
            }

            progress.Report(new WorkProgress(i + 1));
        }

        return note;
    }

    private static (Picture Degraded, ImageBuffer Restored)? Restore(
        Job job, IRestorer restorer, bool allowNonFinite, LeftOut leftOut, IProgress<RestorationProgress> progress, CancellationToken cancellationToken)
    {
        try
        {
            Picture degraded = job.Input.Load();
            if (Finite.Fault(degraded.Color, $"'{job.Input.Path}'") is { } fault)
                throw new UsageException(fault);
            ImageBuffer restored = restorer.Restore(degraded.Visible, progress, cancellationToken);
            if (!(allowNonFinite && job.IsNumpy) && Finite.Fault(restored, $"The result for '{job.Input.Path}'") is { } spoiled)
                throw new UsageException($"{spoiled} Nothing is written; --allow-non-finite writes it all the same, to a .npy file.");
            return (degraded, restored);
        }
        catch (Exception e) when (LeftOut.IsInputs(e))
        {
            leftOut.Add(job.Input.Path, e);
            return null;
        }
    }

    private static IRestorer CreateRestorer(RestoreSettings settings, string model)
    {
        if (!RestorerFactory.IsNetwork(model) && NetworkOption(settings) is { } option)
            throw new UsageException($"{option} goes with a network of the zoo; '{model}' is none.");
        var defaults = new NetworkRestorerOptions();
        ModelZooOptions options;
        try
        {
            options = new ModelZooOptions
            {
                Wrapper = settings.Wrapper,
                HyperParameters = settings.Options is null ? HyperParameters.None : HyperParameters.Parse(File.ReadAllText(settings.Options)),
                Restoration = defaults with
                {
                    TileSize = settings.Tile,
                    TileOverlap = settings.Overlap,
                    MemoryBudget = settings.Memory is { } memory ? (long)memory << 20 : defaults.MemoryBudget,
                    SelfEnsemble = settings.Ensemble,
                    NoiseLevel = settings.Noise,
                    AllowNonFinite = settings.AllowNonFinite,
                },
            };
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--options {settings.Options}: {e.Message}");
        }

        return RestorerFactory.Create("--model", model, new RestorerOptions { MaxDegreeOfParallelism = settings.Threads, Network = options });
    }

    /// <summary>An option that means nothing to a classical restorer, where one is given.</summary>
    private static string? NetworkOption(RestoreSettings settings) => settings switch
    {
        { Options: not null } => "--options",
        { Wrapper: not null } => "--wrapper",
        { Tile: not null } => "--tile",
        { Overlap: not null } => "--overlap",
        { Memory: not null } => "--memory",
        { Ensemble: true } => "--ensemble",
        { Noise: not null } => "--noise",
        { AllowNonFinite: true } => "--allow-non-finite",
        _ => null,
    };

    /// <summary>Tells of the first image whose result tiles have changed.</summary>
    private static string? TileNote(IRestorer restorer, string path, ImageBuffer image) =>
        restorer is NetworkRestorer { Network.Tiling: TilingSupport.Discouraged } network && network.CountTiles(image.Height, image.Width) is int tiles and > 1
            ? $"note: {network.Network.Architecture} looks at the whole image; '{path}' was restored in {tiles} tiles, which gives another result. --tile 0, or more --memory, restores it whole."
            : null;
}
