using Gir.Cli.Shell;
using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Imaging;

namespace Gir.Cli.Degrade;

/// <summary>Degrades every input, or rebuilds what a record tells, and writes images and records.</summary>
internal static class DegradeCommand
{
    public static async Task<int> RunAsync(DegradeSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        if (settings.List)
            return List(settings, terminal);
        if (settings.Input is null || settings.Output is not { } output)
            throw new UsageException("Expected --input and --output (or --list).");
        if (settings.Force && settings.Resume)
            throw new UsageException("--force and --resume: expected one of them.");
        IImageSource source = ImageSources.Create(settings);
        InputImages inputs = InputImages.Find(settings.Input, terminal);
        await inputs.ReadPipesAsync(cancellationToken);
        var leftOut = new LeftOut(terminal, stops: settings.Strict || !inputs.IsFolder);
        IReadOnlyList<Job> jobs = Jobs.Plan(settings, output, inputs, source, leftOut);
        if (jobs.Count == 0)
            return leftOut.Close(inputs.Images.Count);
        if (settings.DryRun)
        {
            foreach (Job job in jobs)
                terminal.Output.WriteLine($"{job.Input.Path} -> {job.Output}: {source.Describe(job.Key)}");
            return leftOut.Close(inputs.Images.Count);
        }

        if (output == InputImage.StandardInput)
        {
            await WorkAsync(settings, terminal, jobs, source, log: null, leftOut, cancellationToken);
            return leftOut.Close(inputs.Images.Count);
        }

        string folder = Jobs.FolderOf(output, inputs);
        OutputFolder.Prepare(folder, "--output");
        using RecordLog? log = settings.Replay is null ? RecordLog.Open(Path.Combine(folder, RecordLog.UsualName)) : null;
        IReadOnlyList<Job> open = settings.Resume ? Open(jobs, source, log) : jobs;
        int written = await WorkAsync(settings, terminal, open, source, log, leftOut, cancellationToken);
        log?.Complete();
        string earlier = open.Count < jobs.Count ? $" beside {jobs.Count - open.Count} of an earlier run" : "";
        terminal.Say((folder == output ? $"{Words.Count(written, "image")} in {output}{earlier}" : output)
            + (log is null ? ", rebuilt bit for bit" : $", records in {RecordLog.UsualName}"));
        return leftOut.Close(inputs.Images.Count);
    }

    private static int List(DegradeSettings settings, Terminal terminal)
    {
        if (settings.Json)
            OperatorList.PrintJson(terminal.Output);
        else
            OperatorList.PrintTable(terminal.Console);
        return ExitCode.Fine;
    }

    /// <summary>The jobs that an earlier run left undone.</summary>
    private static Job[] Open(IReadOnlyList<Job> jobs, IImageSource source, RecordLog? log)
    {
        var open = new List<Job>();
        foreach (Job job in jobs)
        {
            if (!File.Exists(job.Output))
                open.Add(job);
            else if (log is not null && !source.IsRecorded(log, Path.GetFileName(job.Output), job.Key))
                throw new UsageException($"'{job.Output}' is there, but was made otherwise, or is no result of degrade; --force replaces it.");
        }

        return [.. open];
    }

    private static async Task<int> WorkAsync(
        DegradeSettings settings, Terminal terminal, IReadOnlyList<Job> jobs, IImageSource source, RecordLog? log, LeftOut leftOut, CancellationToken cancellationToken)
    {
        DepthMapFolder? depths = settings.Depth is null ? null : new DepthMapFolder(settings.Depth) { Images = [.. jobs.Select(j => j.Input.Path)] };
        var writer = new ResultWriter(terminal, settings.Bits, settings.Force || settings.Resume);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellationToken };
        (int done, int written) = (0, 0);
        await new ProgressView(terminal).ShowAsync("Degrading", jobs.Count, progress => Parallel.ForEachAsync(jobs, parallel, (job, token) =>
        {
            if (Make(job, source, depths, leftOut, token) is { } made)
            {
                // The record first: whenever the process is killed, every image has its record.
                log?.Append(Path.GetFileName(job.Output), made.Record);
                writer.Save(job.Output, job.Extension, made.Clean.WithAlpha(made.Image), made.Clean);
                Interlocked.Increment(ref written);
            }

            progress.Report(new WorkProgress(Interlocked.Increment(ref done)));
            return ValueTask.CompletedTask;
        }));
        return written;
    }

    private static (Picture Clean, ImageBuffer Image, DegradationRecord Record)? Make(
        Job job, IImageSource source, DepthMapFolder? depths, LeftOut leftOut, CancellationToken cancellationToken)
    {
        try
        {
            Picture clean = job.Input.Load();
            if (Finite.Fault(clean.Color, $"'{job.Input.Path}'") is { } fault)
                throw new UsageException(fault);
            IDepthEstimator depth = depths?.For(job.Key) ?? new HeuristicDepthEstimator();
            (ImageBuffer degraded, DegradationRecord record) = source.Make(job.Key, clean.Visible, depth, cancellationToken);
            return (clean, degraded, record);
        }
        catch (Exception e) when (LeftOut.IsInputs(e))
        {
            leftOut.Add(job.Input.Path, e);
            return null;
        }
    }
}
