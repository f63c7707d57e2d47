// Judges a restorer of your own beside those of the package: how many of the ten single degradations does it master?
//   dotnet run -c Release --project samples/EvaluateYourRestorer
using System.Globalization;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Generality;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Imaging.Filtering;
using Gir.Models.Restoration;

int images = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2;
TestSet set = TestSet.Load(TestSet.Standard);
IRestorer[] restorers = [new SharpenedMedian(), .. new[] { "median", "richardson-lucy" }.Select(name => Restorers.Create(name))];

// Give BenchmarkOptions.ResultsPath a file, and an interrupted run goes on where it was.
var benchmark = new Benchmark(new BenchmarkOptions { Seed = set.Seed });
GeneralityReport report = await benchmark.RunAsync(restorers, RepresentativeTasks.Single, [.. set.Images.Take(images)]);

foreach (RestorerGenerality restorer in report.Restorers)
{
    int mastered = restorer.Tasks.Count(t => t.Accepted == true);
    double psnr = restorer.Averages[GeneralityReport.PsnrName].Value;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{restorer.Name}: {psnr:F2} dB, improves {mastered} of {restorer.Tasks.Count} tasks"));
}

/// <summary>A restorer is one method: it gets the degraded image alone, and must not change it.</summary>
internal sealed class SharpenedMedian : IRestorer
{
    public RestorerInfo Info { get; } = new("sharpened-median", "median of 3 x 3, then twice the difference to its blur");

    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default)
    {
        ImageBuffer median = ImageFilter.Median(degraded, 3);
        cancellationToken.ThrowIfCancellationRequested();
        ImageBuffer blurred = ImageFilter.BoxMean(median, 1);
        for (int i = 0; i < median.Samples.Length; i++)
            median.Samples[i] += median.Samples[i] - blurred.Samples[i];
        return median;
    }
}
