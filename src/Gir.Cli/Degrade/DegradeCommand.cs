using Gir.Cli.Shell;
using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Degrade;

/// <summary>Degrades every input, or rebuilds what a record tells, and writes images and records.</summary>
internal static class DegradeCommand
{
    public const string RecordsName = "records.jsonl";

    public static async Task<int> RunAsync(DegradeSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        IImageSource source = ImageSources.Create(settings);
        IReadOnlyList<Job> jobs = Jobs.Plan(settings, source);
        DepthMapFolder? depths = settings.Depth is null ? null : new DepthMapFolder(settings.Depth);
        Directory.CreateDirectory(settings.Output);

        var records = new string?[jobs.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellationToken };
        try
        {
            int done = 0;
            await new ProgressView(terminal).ShowAsync("Degrading", jobs.Count, progress => Parallel.ForAsync(0, jobs.Count, parallel, (i, token) =>
            {
                records[i] = Work(jobs[i], source, depths, settings.Force, token);
                progress.Report(new WorkProgress(Interlocked.Increment(ref done)));
                return ValueTask.CompletedTask;
            }));
        }
        finally
        {
            // Also after a failure or Ctrl-C: every image that is there has its record.
            if (settings.Replay is null)
                WriteRecords(settings.Output, records);
        }

        terminal.Say($"{jobs.Count} image{(jobs.Count == 1 ? "" : "s")} in {settings.Output}" + (settings.Replay is null ? $", records in {RecordsName}" : ", rebuilt bit for bit"));
        return 0;
    }

    /// <summary>One image; returns its record as one line.</summary>
    private static string Work(Job job, IImageSource source, DepthMapFolder? depths, bool overwrite, CancellationToken cancellationToken)
    {
        (ImageBuffer clean, ImageBuffer? alpha) = InputImages.SplitAlpha(ImageFile.Load(job.Input));
        try
        {
            IDepthEstimator depth = (IDepthEstimator?)depths?.For(job.Key) ?? new HeuristicDepthEstimator();
            (ImageBuffer degraded, string record) = source.Make(job.Key, clean, depth, cancellationToken);
            ImageFile.Save(job.Output, InputImages.JoinAlpha(degraded, alpha), overwrite: overwrite);
            return record;
        }
        catch (DegradationException e)
        {
            throw new UsageException($"{job.Input}: {e.Message}");
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{job.Output}: {e.Message}");
        }
    }

    private static void WriteRecords(string folder, string?[] records)
    {
        string[] lines = [.. records.OfType<string>()];
        if (lines.Length == 0)
            return;
        string path = Path.Combine(folder, RecordsName);
        string aside = path + ".partial";
        try
        {
            File.WriteAllText(aside, string.Concat(lines.Select(l => l + "\n")));
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
