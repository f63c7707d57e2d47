using System.Globalization;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Imaging.Resampling;
using Gir.Metrics.Dimensions;
using Gir.Models.Restoration;

namespace Gir.Reports.Failures;

/// <summary>The worst images of each failure sign, made again, with maps.</summary>
internal static class WorstPictures
{
    private const int LargestSide = 384;

    public static IReadOnlyList<ReportPanel> Of(
        Benchmark benchmark,
        GeneralityReport report,
        IReadOnlyList<ResultRecord> results,
        IReadOnlyList<(RestorerGenerality Result, IRestorer Restorer)> restorers,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        int count,
        CancellationToken cancellationToken)
    {
        var panels = new List<ReportPanel>();
        foreach ((RestorerGenerality result, IRestorer restorer) in restorers)
        {
            FailureScore[] scores = FailureResults.Of(results, result);
            foreach (bool missing in (bool[])[true, false])
            {
                double Amount(FailureScore score) => missing ? score.Under : score.Over;
                // One image of a task: the same task is worst on all of them.
                IEnumerable<FailureScore> worst = scores.OrderByDescending(Amount).ThenBy(s => s.Result.Task, StringComparer.Ordinal).ThenBy(s => s.Result.Image, StringComparer.Ordinal)
                    .DistinctBy(s => s.Result.Task).Take(count).Where(s => Amount(s) > FailureResults.Limit);
                foreach (FailureScore score in worst)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (images.FirstOrDefault(i => i.Name == score.Result.Image) is { } image)
                        panels.Add(Panel(benchmark, report, result, restorer, tasks.First(t => t.Id == score.Result.Task), image, score, missing, cancellationToken));
                }
            }
        }

        return panels;
    }

    private static ReportPanel Panel(
        Benchmark benchmark, GeneralityReport report, RestorerGenerality result, IRestorer restorer, DegradationTask task, BenchmarkImage image, FailureScore score, bool missing, CancellationToken cancellationToken)
    {
        BenchmarkPictures pictures = benchmark.Reproduce([restorer], task, image, cancellationToken);
        new DimensionMeter().Measure(pictures.Reference, pictures.Restored[0], out DimensionMaps maps);
        string name = Ranking.ShortName(report, result);
        string operators = string.Join(" + ", task.Pipeline.Operators.Select(o => o.Name));
        return new ReportPanel(
            $"{(missing ? "Missing" : "Added")}: {name}, task {task.Id}",
            string.Create(CultureInfo.InvariantCulture, $"{operators}, image {image.Name}: under {score.Under:0.00}, over {score.Over:0.00}."),
            [
                Small("degraded", pictures.Degraded),
                Small(name, pictures.Restored[0]),
                Small("clean", pictures.Reference),
                Small(missing ? "where detail is missing" : "where detail was added", FailureMap.Draw(pictures.Restored[0], missing ? maps.Under : maps.Over, missing)),
            ]);
    }

    private static ReportPicture Small(string name, ImageBuffer image)
    {
        double scale = Math.Min(1, (double)LargestSide / Math.Max(image.Height, image.Width));
        (int height, int width) = (Math.Max(1, (int)(image.Height * scale)), Math.Max(1, (int)(image.Width * scale)));
        ImageBuffer small = scale < 1 ? Resampler.Resize(image, height, width, ResamplingKernel.Bicubic, ResamplingConvention.MatlabUint8Symmetric) : image;
        return ReportPicture.Of(name, "", small);
    }
}
