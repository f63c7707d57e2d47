using System.Text;
using Gir.Cli.Evaluate;
using Gir.Cli.Shell;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Imaging.Files;
using Gir.Imaging.Observability;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Cli.Sweep;

/// <summary>Degrades images at every value of a parameter, restores them, and prints the means.</summary>
internal static class SweepCommand
{
    public static async Task<int> RunAsync(SweepSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        EvaluateSettings evaluation = settings.Evaluation;
        EvaluateCommand.Validate(evaluation);
        ParameterSweep sweep = ParameterSweep.Parse(settings.Text);
        Action<SweepTable> print = SweepOutput.Find(settings.Format, terminal);
        DegradationTask[] tasks = [.. sweep.Steps.Select(s => s.Task)];
        TestSet? set = evaluation.Images is null ? TestSet.Load(evaluation.TestSet ?? TestSet.Standard) : null;
        TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = evaluation.Threads });
        IReadOnlyList<IRestorer> restorers = RestorerChoice.Of(evaluation.Restorers, evaluation.Wrapper);
        BenchmarkOptions options = EvaluateCommand.WithMetrics(evaluation.Metrics, new BenchmarkOptions
        {
            Seed = evaluation.Seed ?? set?.Seed ?? 0,
            Parallelism = new Parallelism(evaluation.Threads),
            DepthEstimator = set is null && evaluation.Depth is null ? new HeuristicDepthEstimator() : null,
            Generality = new GeneralityOptions { Resamples = 0 },
        });
        Photographs? photographs = set is null ? Photographs.Load(evaluation, tasks.Any(t => t.Pipeline.UsesDepth), terminal) : null;
        IReadOnlyList<BenchmarkImage> images = photographs?.Images ?? [.. set!.Images.Take(evaluation.Limit ?? int.MaxValue)];
        if (settings.Chart is { } chart)
        {
            var guard = new FileGuard();
            foreach (InputImage image in photographs?.Inputs.Images ?? [])
                guard.Reads(image.Path, "one of the images");
            guard.Reads(evaluation.TestSet, "the file of --test-set");
            foreach (string name in RestorerChoice.Names(evaluation.Restorers))
                guard.Reads(name, "the file of --restorer");
            guard.Writes(chart, "the chart", evaluation.Force);
        }

        if (photographs is { LeftOut.Stops: false })
            options = options with { LeaveOut = (image, e) => photographs.LeftOut.Add(image.Name, e) };
        if (evaluation.DryRun)
        {
            terminal.Output.WriteLine($"{Words.Count(tasks.Length, "value")} of {sweep.Target} x {Words.Count(images.Count, "image")} x {Words.Count(restorers.Count, "restorer")} ({string.Join(", ", restorers.Select(i => i.Info.Name))})");
            return photographs?.LeftOut.Close(photographs.Total) ?? ExitCode.Fine;
        }

        if (settings.Chart is { } file)
            OutputFolder.PrepareFor(file, "--chart");
        GeneralityReport report = await new ProgressView(terminal).ShowAsync(
            "Sweeping",
            tasks.Length * (double)images.Count * restorers.Count,
            progress => new Benchmark(options).RunAsync(
                restorers, tasks, images, QualityLines.Input, new Told<BenchmarkProgress>(p => progress.Report(EvaluateCommand.Describe(p))), cancellationToken));
        SweepTable table = SweepTable.Of(sweep, report);
        if (settings.Chart is { } path)
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(SweepChart.Draw(table)));
        print(table);
        return photographs?.LeftOut.Close(photographs.Total) ?? ExitCode.Fine;
    }
}
