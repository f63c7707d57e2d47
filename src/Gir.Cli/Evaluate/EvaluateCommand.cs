using Gir.Cli.Shell;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Execution;
using Gir.Evaluation.Gates;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Shards;
using Gir.Evaluation.Studies;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Imaging.Text;
using Gir.Metrics;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Zoo;
using Gir.Reports;
using Spectre.Console;

namespace Gir.Cli.Evaluate;

/// <summary>Sets a benchmark up, runs it and shows the report.</summary>
internal static class EvaluateCommand
{
    public static async Task<int> RunAsync(EvaluateSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        IAnsiConsole console = terminal.Console;
        LineComparison comparison = settings.AboveLines ? LineComparison.Strict : LineComparison.AtLeast;
        if (settings.Published)
        {
            if (settings.Json)
                PublishedTable.PrintJson(terminal.Output, comparison);
            else
                PublishedTable.Print(console, comparison);
            return ExitCode.Fine;
        }

        Validate(settings);
        Shard? shard = ShardRun.Parse(settings);
        RestorationGate? whole = WholeGate(settings);
        TestSet? set = settings.Images is null ? TestSet.Load(settings.TestSet ?? TestSet.Standard) : null;
        IReadOnlyList<DegradationTask> tasks = whole?.ResolveTasks() ?? Tasks(settings, set);
        TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = settings.Threads });
        IReadOnlyList<IRestorer> restorers = RestorerChoice.Of(whole is not null && settings.Restorers.Count == 0 ? ModelZoo.Shipped : settings.Restorers, settings.Wrapper);
        if (whole is not null && restorers.FirstOrDefault(r => r is ITaskAwareRestorer) is { } told)
            throw new UsageException($"--restorer {told.Info.Name}: it is told the task; the gate '{whole.Name}' judges restorers that are not.");
        BenchmarkOptions options = WithMetrics(whole is null ? settings.Metrics : "", new BenchmarkOptions
        {
            Seed = settings.Seed ?? set?.Seed ?? 0,
            Parallelism = new Parallelism(settings.Threads),
            DepthEstimator = set is null && settings.Depth is null ? new HeuristicDepthEstimator() : null,
            ResultsPath = Path.Combine(settings.Output, whole is null ? "results.jsonl" : "gate-results.jsonl"),
            Generality = new GeneralityOptions { Comparison = comparison, MissingLines = MissingLines.LeaveOut },
        });
        Gate[] gates = whole is null ? [.. settings.Gates.Select(g => Gate.Parse(g, Judged(options)))] : [];
        Photographs? photographs = set is null ? Photographs.Load(settings, tasks.Any(t => t.Pipeline.UsesDepth), terminal) : null;
        IReadOnlyList<BenchmarkImage> images = photographs?.Images ?? [.. set!.Images.Take(settings.Limit ?? int.MaxValue)];
        string path = Path.Combine(settings.Output, whole is null ? "report.json" : "gate.json");
        Guard(settings, options.ResultsPath!, path, photographs);
        if (photographs is { LeftOut.Stops: false })
            options = options with { LeaveOut = (image, e) => photographs.LeftOut.Add(image.Name, e) };
        var benchmark = new Benchmark(options);
        QualityLines lines = whole is null ? LinesChoice.Of(settings.Lines, benchmark.Describe(tasks, images)) : QualityLines.Input;
        if (settings.DryRun)
        {
            string against = whole is null ? $"lines: {lines.Label}" : $"gate: {whole.Name}";
            terminal.Output.WriteLine($"{Words.Count(tasks.Count, "task")} x {Words.Count(images.Count, "image")} x {Words.Count(restorers.Count, "restorer")} ({string.Join(", ", restorers.Select(i => i.Info.Name))}), {against}, to {settings.Output}{(shard is null ? "" : $", shard {shard}")}");
            return photographs?.LeftOut.Close(photographs.Total) ?? ExitCode.Fine;
        }

        OutputFolder.Prepare(settings.Output, "--output");
        // Now, not after hours of work.
        IReadOnlyList<ReportPanel> panels = ReportPages.Panels(settings);
        if (set is not null && options.Seed == set.Seed)
            Verify(terminal, set, tasks, options.Parallelism, cancellationToken);
        if (settings.Force)
        {
            File.Delete(options.ResultsPath!);
            File.Delete(Path.Combine(settings.Output, "shard.json"));
        }

        await using IBenchmarkClusterConnection? cluster = await ConnectAsync(settings, terminal, cancellationToken);
        benchmark = new Benchmark(options with { Executor = cluster });
        if (shard is not null)
        {
            int made = await ShardRun.RunAsync(shard, settings, benchmark, restorers, tasks, images, lines, terminal, cancellationToken);
            return photographs?.LeftOut.Close(photographs.Total) ?? made;
        }

        double total = tasks.Count * (double)images.Count * restorers.Count;
        Task<T> Show<T>(Func<IProgress<BenchmarkProgress>, Task<T>> work) => new ProgressView(terminal).ShowAsync(
            "Evaluating", total, progress => work(new Told<BenchmarkProgress>(p => progress.Report(Describe(p)))));
        if (whole is not null)
        {
            GateReport judged = await Show(progress => benchmark.JudgeAsync(restorers, whole, images, progress, cancellationToken));
            judged.Save(path);
            Tell(settings, terminal, path, judged.ToJson, () => GateTable.Print(console, judged));
            int partly = photographs?.LeftOut.Close(photographs.Total) ?? ExitCode.Fine;
            return partly == ExitCode.Fine ? GateTable.Judge(terminal, judged) : partly;
        }

        GeneralityReport report = await Show(progress => benchmark.RunAsync(restorers, tasks, images, lines, progress, cancellationToken));
        report.Save(path);
        IReadOnlyList<RestorationCost> costs = settings.Cost ? await Task.Run(() => CostTable.Measure(settings, restorers, cancellationToken), cancellationToken) : [];
        EvaluationPage page = await ReportPages.MakeAsync(settings, benchmark, report, restorers, tasks, images, terminal, cancellationToken);
        page = page with { Costs = costs, Panels = panels };
        page.Save(settings.Output);
        Tell(settings, terminal, $"{path}, to look at: {Path.ChangeExtension(path, ".html")}", report.ToJson, () =>
        {
            ReportTables.Print(console, report);
            StudyTables.Print(console, report);
            CostTable.Print(settings, terminal, report, costs);
        });
        foreach (RestorerGenerality restorer in report.Restorers.Prepend(report.Input))
        {
            foreach ((string metric, int count) in restorer.NotMeasured ?? new Dictionary<string, int>())
                terminal.Note($"note: {metric} could not measure {Words.Count(count, "result")} of {restorer.Name}; its means are over the others.");
        }

        int code = photographs?.LeftOut.Close(photographs.Total) ?? ExitCode.Fine;
        return code == ExitCode.Fine ? Gate.Judge(terminal, gates, gate => Worst(report, gate)) : code;
    }

    /// <summary>The cluster of --cluster; null: this process makes the results.</summary>
    private static async Task<IBenchmarkClusterConnection?> ConnectAsync(EvaluateSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        if (settings.Cluster is not { } address)
            return null;
        try
        {
            return await OptionalPackages.Cluster(address).ConnectAsync(address, terminal.Note, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--cluster: {e.Message}");
        }
    }

    private static void Tell(EvaluateSettings settings, Terminal terminal, string path, Func<string> json, Action tables)
    {
        if (settings.Json)
        {
            terminal.Output.WriteLine(json());
            return;
        }

        tables();
        terminal.Say($"Report: {path}");
    }

    /// <summary>The gate of --gate where that is a gate's name or file; null where there is none, or limits of single numbers.</summary>
    private static RestorationGate? WholeGate(EvaluateSettings settings)
    {
        if (settings.Gates.FirstOrDefault(g => g.IndexOfAny(['<', '>']) < 0) is not { } name)
            return null;
        if (settings.Gates.Count > 1)
            throw new UsageException($"--gate {name}: a gate of its own tasks goes with no other --gate.");
        string? other = settings switch
        {
            { Tasks.Count: > 0 } => "--tasks",
            { Lines: not null } => "--lines",
            { AboveLines: true } => "--above-lines",
            _ => null,
        };
        if (other is not null)
            throw new UsageException($"--gate {name} and {other}: the gate says itself what is evaluated; expected one of them.");
        if (!RestorationGate.Names.Contains(name) && !File.Exists(name))
            throw new UsageException($"--gate {name}: expected NAME>=NUMBER, NAME<=NUMBER, {string.Join(", ", RestorationGate.Names)} or the JSON file of a gate.");
        return RestorationGate.Load(name);
    }

    internal static void Validate(EvaluateSettings settings)
    {
        CommonOptions.RequireThreads(settings.Threads);
        CommonOptions.RequireLimit(settings.Limit);
        if (settings.Pictures is < 0 or > ReportPages.MostPictures)
            throw new UsageException($"--pictures {settings.Pictures}: expected 0..{ReportPages.MostPictures}.");
        if (settings.Panels is { } panels && !Directory.Exists(panels))
            throw new UsageException($"--panels {panels}: there is no such folder.");
        if (settings.Depth is not null && settings.Images is null)
            throw new UsageException("--depth goes with --images: scenes have exact depth of their own.");
        if (settings.Categories && (settings.Images is null || !Directory.Exists(settings.Images)))
            throw new UsageException("--categories goes with a folder of --images, whose subfolders are the categories.");
        if (settings.Categories && settings.Depth is not null)
            throw new UsageException("--categories and --depth: images of two categories may bear the same name; expected one of them.");
        if (settings.TestSet is not null && settings.Images is not null)
            throw new UsageException("--test-set and --images: expected one of them.");
    }

    internal static WorkProgress Describe(BenchmarkProgress progress) => new(
        progress.Done,
        progress.Total,
        progress.Restorer is null ? $"{progress.Resumed} results taken over" : $"task {progress.Task}, {progress.Image}, {progress.Restorer}");

    /// <summary>Tells, without stopping, where this platform degrades images otherwise than the one that the set was made on.</summary>
    private static void Verify(
        Terminal terminal, TestSet set, IReadOnlyList<DegradationTask> tasks, Parallelism parallelism, CancellationToken cancellationToken)
    {
        try
        {
            set.Verify(tasks, parallelism, cancellationToken);
        }
        catch (EvaluationException e)
        {
            terminal.Note("note: " + e.Message);
        }
    }

    private static DegradationTask[] Tasks(EvaluateSettings settings, TestSet? set)
    {
        IReadOnlyList<string> names = settings.Tasks.Count > 0 ? settings.Tasks : [set is null ? "representative" : "single"];
        return [.. names.SelectMany(n => n.Trim() == "cross" ? (set ?? TestSet.Load(TestSet.Standard)).CrossValidation : TaskSet.Parse(n)).DistinctBy(t => t.Id)];
    }

    /// <summary>Whether every metric is asked for; of an image too small for some, their values are missing.</summary>
    internal static bool IsAll(string names) => names.Trim().Equals("all", StringComparison.OrdinalIgnoreCase);

    internal static BenchmarkOptions WithMetrics(string names, BenchmarkOptions options)
    {
        var catalog = new MetricCatalog();
        if (IsAll(names))
            return options with { FullReference = catalog.FullReference, NoReference = catalog.NoReference };
        string[] wanted = [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Prepend("psnr").Distinct()];
        string[] known = [.. catalog.FullReference.Select(m => m.Name).Concat(catalog.NoReference.Select(m => m.Name))];
        if (wanted.FirstOrDefault(w => !known.Contains(w)) is { } unknown)
            throw new UsageException($"--metrics: there is no metric '{unknown}'; expected {Suggestion.Among(unknown, known)}.");
        return options with
        {
            FullReference = [.. wanted.Where(w => catalog.FullReference.Any(m => m.Name == w)).Select(catalog.FindFullReference)],
            NoReference = [.. wanted.Where(w => catalog.NoReference.Any(m => m.Name == w)).Select(catalog.FindNoReference)],
        };
    }

    /// <summary>What gates can ask for: of every restorer.</summary>
    private static string[] Judged(BenchmarkOptions options) =>
        ["ar", "er", .. options.FullReference.Select(m => m.Name), .. options.NoReference.Select(m => m.Name)];

    /// <summary>The value of the restorer that does worst: a gate holds for all.</summary>
    private static double? Worst(GeneralityReport report, Gate gate)
    {
        double?[] values =
        [
            .. report.Restorers.Select(r => gate.Name switch
            {
                "ar" => r.AcceptanceRate.Value,
                "er" => r.ExcellenceRate.Value,
                _ => r.Averages[gate.Name].Value,
            }),
        ];
        return values.Length == 0 || values.Contains(null) ? null : gate.IsAtLeast ? values.Min() : values.Max();
    }

    private static void Guard(EvaluateSettings settings, string results, string report, Photographs? photographs)
    {
        var guard = new FileGuard();
        foreach (InputImage image in photographs?.Inputs.Images ?? [])
            guard.Reads(image.Path, "one of the images");
        guard.ReadsFolder(settings.Depth, "in the folder of --depth");
        guard.Reads(settings.Lines, "the file of --lines");
        guard.Reads(settings.TestSet, "the file of --test-set");
        foreach (string name in settings.Gates)
            guard.Reads(name, "the file of --gate");
        foreach (string name in settings.Tasks)
            guard.Reads(name, "the file of --tasks");
        foreach (string name in RestorerChoice.Names(settings.Restorers))
            guard.Reads(name, "the file of --restorer");
        guard.Writes(results, "the file of results", replace: true);
        foreach (string extension in (string[])[".json", ".html", ".md", ".csv"])
            guard.Writes(Path.ChangeExtension(report, extension), "the report", replace: true);
    }
}
