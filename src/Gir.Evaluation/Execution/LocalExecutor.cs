using Gir.Models.Tensors;
using Microsoft.Extensions.Logging;

namespace Gir.Evaluation.Execution;

/// <summary>Makes results in this process, several images at a time.</summary>
internal sealed class LocalExecutor(ILogger logger) : IBenchmarkExecutor
{
    public Task ExecuteAsync(BenchmarkJob job, IBenchmarkSink sink, CancellationToken cancellationToken)
    {
        var sources = new Dictionary<int, ImageSource>();
        foreach (BenchmarkItem item in job.Items)
        {
            if (!sources.TryGetValue(item.Image, out ImageSource? source))
                sources.Add(item.Image, source = new ImageSource(job.Images[item.Image], job.Options.DepthEstimator));
            source.Use();
        }

        var work = new ItemWork(job.Options, job.Restorers, job.Infos, logger);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Max(1, job.Options.Parallelism.MaxDegree),
            CancellationToken = cancellationToken,
        };
        return Parallel.ForEachAsync(job.Items, parallel, (item, token) =>
        {
            // Several images at a time leave no processor idle: a network's own threads would only compete with them.
            using ThreadLimit limit = ThreadLimit.Enter(parallel.MaxDegreeOfParallelism > 1 ? 1 : null);
            ImageSource source = sources[item.Image];
            try
            {
                if (!sink.IsGivenUp(item.Image))
                    work.Make(item, job.Tasks[item.Task], source, sink.Keep, token);
            }
            catch (ImageFailure failure)
            {
                sink.GiveUp(item.Image, failure.InnerException!);
            }
            finally
            {
                source.Release();
            }

            return ValueTask.CompletedTask;
        });
    }
}
