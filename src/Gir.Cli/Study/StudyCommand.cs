using Gir.Cli.Shell;
using Gir.Evaluation.Studies.Diffusion;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Imaging.Text;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Reports.Studies;

namespace Gir.Cli.Study;

/// <summary>Runs the experiments that are not done yet, and writes figures and tables of all.</summary>
internal static class StudyCommand
{
    public static async Task<int> RunAsync(StudySettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        if (settings.Experiments.FirstOrDefault(e => !DiffusionStudy.Experiments.Contains(e)) is { } unknown)
            throw new UsageException($"--experiment {unknown}: there is no such experiment; expected {Suggestion.Among(unknown, DiffusionStudy.Experiments)}.");
        string[] wanted = [.. settings.Experiments.Count == 0 ? DiffusionStudy.Experiments : DiffusionStudy.Experiments.Where(settings.Experiments.Contains)];
        DiffusionStudy study = Create(settings);
        if (settings.DryRun)
        {
            foreach (string experiment in wanted)
                terminal.Output.WriteLine($"{study.PathOf(experiment)}: {DiffusionStudy.Question(experiment)}{(File.Exists(study.PathOf(experiment)) ? " (done)" : "")}");
            return ExitCode.Fine;
        }

        OutputFolder.Prepare(settings.Output, "--output");
        TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = settings.Threads });
        IReadOnlyList<StudyResult> results = await new ProgressView(terminal).ShowAsync(
            "study", 1, progress => Task.Run(
                () => study.Run(wanted, new Told<DiffusionStudyProgress>(p => progress.Report(new WorkProgress(p.Done, p.Total, p.Part))), cancellationToken), CancellationToken.None));
        // What an earlier run left belongs into the page, too.
        IReadOnlyList<StudyResult> all = [.. DiffusionStudy.Experiments.Where(e => File.Exists(study.PathOf(e))).Select(e => results.FirstOrDefault(r => r.Experiment == e) ?? StudyResult.Load(study.PathOf(e)))];
        IReadOnlyList<string> files = DiffusionStudyReport.Write(all, settings.Output);
        terminal.Say($"{results.Count} of {DiffusionStudy.Experiments.Count} experiments, {files[^1]}");
        return ExitCode.Fine;
    }

    private static DiffusionStudy Create(StudySettings settings)
    {
        try
        {
            return new DiffusionStudy(settings.Input, new DiffusionStudyOptions
            {
                Output = settings.Output,
                Images = settings.Images,
                Seeds = settings.Seeds,
                Steps = settings.Steps,
                StepCounts = settings.StepCounts,
                BlurLevels = settings.BlurLevels,
                NetworkSteps = settings.NetworkSteps,
                CeilingSteps = settings.CeilingSteps,
                VariantSteps = settings.VariantSteps,
                Parallelism = new Parallelism(settings.Threads),
            });
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
