using Gir.Cli.Shell;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Shards;
using Gir.Imaging.Observability;
using Gir.Models.Restoration;

namespace Gir.Cli.Evaluate;

/// <summary>One part of an evaluation: results alone, which "evaluate merge" puts together with those of the others.</summary>
internal static class ShardRun
{
    /// <summary>The part that --shard names; null: the whole.</summary>
    public static Shard? Parse(EvaluateSettings settings)
    {
        if (settings.Shard is null)
            return null;
        string? other = settings switch
        {
            { Gates.Count: > 0 } => "--gate",
            { Cost: true } => "--cost",
            { Json: true } => "--json",
            _ => null,
        };
        if (other is not null)
            throw new UsageException($"--shard and {other}: a part of an evaluation has no report; \"gir evaluate merge\" makes it, and the same evaluation without --shard in the merged folder goes on from there.");
        return ParseShard(settings.Shard);
    }

    /// <summary>The value of --shard.</summary>
    /// <exception cref="UsageException">It is no shard.</exception>
    public static Shard ParseShard(string text)
    {
        try
        {
            return Shard.Parse(text);
        }
        catch (EvaluationException e)
        {
            throw new UsageException($"--shard: {e.Message}");
        }
    }

    /// <summary>Makes the part.</summary>
    public static async Task<int> RunAsync(
        Shard shard,
        EvaluateSettings settings,
        Benchmark benchmark,
        IReadOnlyList<IRestorer> restorers,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        QualityLines lines,
        Terminal terminal,
        CancellationToken cancellationToken)
    {
        int made = await new ProgressView(terminal).ShowAsync(
            $"Evaluating shard {shard}",
            (double)tasks.Count * images.Count * restorers.Count / shard.Count,
            progress => benchmark.RunShardAsync(
                shard, restorers, tasks, images, lines, new Told<BenchmarkProgress>(p => progress.Report(EvaluateCommand.Describe(p))), cancellationToken));
        terminal.Say($"Shard {shard}: {Words.Count(made, "result")} in {settings.Output}");
        return ExitCode.Fine;
    }
}
