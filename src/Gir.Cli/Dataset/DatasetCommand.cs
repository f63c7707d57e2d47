using System.Globalization;
using Gir.Cli.Evaluate;
using Gir.Cli.Shell;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Observability;

namespace Gir.Cli.Dataset;

/// <summary>Writes a set's file, or rebuilds the set's images.</summary>
internal static class DatasetCommand
{
    public static async Task<int> CreateAsync(DatasetSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        EvaluateSettings source = settings.Photographs;
        EvaluateCommand.Validate(source);
        DegradationTask[] tasks = [.. source.Tasks.SelectMany(TaskSet.Parse).DistinctBy(t => t.Id)];
        Photographs photographs = Photographs.Load(source, tasks.Any(t => t.Pipeline.UsesDepth), terminal);
        FileGuard guard = Guard(photographs);
        foreach (string name in source.Tasks)
            guard.Reads(name, "the file of --tasks");
        guard.Writes(settings.Manifest, "the file of the set", source.Force);
        OutputFolder.PrepareFor(settings.Manifest, "--output");
        DegradedSet set = await new ProgressView(terminal).ShowAsync("Degrading", tasks.Length * (double)photographs.Images.Count, progress => Task.Run(
            () => DegradedSet.Create(
                Path.GetFileNameWithoutExtension(settings.Manifest), source.Seed ?? 0, tasks, photographs.Images, Estimator(source), new Parallelism(source.Threads), Tell(progress), cancellationToken),
            cancellationToken));
        set.Save(settings.Manifest);
        terminal.Say($"{Words.Count(tasks.Length, "task")} x {Words.Count(photographs.Images.Count, "image")}: {settings.Manifest}");
        return ExitCode.Fine;
    }

    public static async Task<int> BuildAsync(DatasetSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        EvaluateSettings source = settings.Photographs;
        EvaluateCommand.Validate(source);
        if (!File.Exists(settings.Manifest))
            throw new UsageException($"--set {settings.Manifest}: there is no such file.");
        DegradedSet set = DegradedSet.Load(settings.Manifest);
        Photographs photographs = Photographs.Load(source, set.Tasks.Any(t => t.Pipeline.UsesDepth), terminal);
        string[] folders = [.. set.Tasks.Select((t, i) => FolderOf(t.Id, i))];
        FileGuard guard = Guard(photographs);
        guard.Reads(settings.Manifest, "the file of --set");
        foreach (string folder in folders)
        {
            foreach (string name in set.ImageNames)
                guard.Writes(PathOf(source.Output, folder, name), $"task {folder} of '{name}'", source.Force);
        }

        OutputFolder.RequireFolderName(source.Output, "--output");
        OutputFolder.Prepare(source.Output, "--output");
        foreach (string folder in folders.SelectMany(f => set.ImageNames.Select(n => Path.GetDirectoryName(PathOf(source.Output, f, n))!)).Distinct())
            OutputFolder.Prepare(folder, "--output");
        IReadOnlyList<string> different = await new ProgressView(terminal).ShowAsync("Degrading", folders.Length * (double)set.ImageNames.Count, progress => Task.Run(
            () => set.Build(
                photographs.Images,
                (task, name, image) => ImageFile.Save(PathOf(source.Output, folders[task], name), image, overwrite: true),
                Estimator(source),
                new Parallelism(source.Threads),
                Tell(progress),
                cancellationToken),
            cancellationToken));
        int total = folders.Length * set.ImageNames.Count;
        terminal.Say($"{Words.Count(total, "image")} in {source.Output}, {(different.Count == 0 ? "all" : (total - different.Count).ToString(CultureInfo.InvariantCulture))} of them the same bit for bit as when the set was made.");
        foreach (string name in different)
            terminal.Error.WriteLine($"different: {name}");
        return different.Count == 0 ? ExitCode.Fine : ExitCode.Partly;
    }

    private static Told<int> Tell(IProgress<WorkProgress> progress) => new(done => progress.Report(new WorkProgress(done)));

    private static HeuristicDepthEstimator? Estimator(EvaluateSettings settings) => settings.Depth is null ? new HeuristicDepthEstimator() : null;

    private static FileGuard Guard(Photographs photographs)
    {
        var guard = new FileGuard();
        foreach (InputImage image in photographs.Inputs.Images)
            guard.Reads(image.Path, "one of the images");
        return guard;
    }

    /// <summary>A task's folder: its id where that is a plain name, else its number.</summary>
    private static string FolderOf(string id, int index) => id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? id
        : string.Create(CultureInfo.InvariantCulture, $"task-{index + 1}");

    private static string PathOf(string output, string folder, string image) => Path.Combine([output, folder, .. Path.ChangeExtension(image, ".png").Split('/')]);
}
