using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Gates;

/// <summary>Holds complete results against a gate.</summary>
internal sealed class GateJudge(RestorationGate gate, GateTasks tasks, ResultStore results, EvaluationConfiguration? configuration = null)
{
    private readonly EvaluationConfiguration _configuration = configuration ?? results.Configuration;

    public GateReport Report(IReadOnlyList<RestorerInfo> restorers) => new(
        GateReport.FormatName,
        GateReport.CurrentFormatVersion,
        gate.Name,
        gate.Description,
        _configuration.Seed,
        [.. _configuration.Images.Select(i => i.Name)],
        _configuration.Fingerprint(),
        [.. restorers.Select(Judge)]);

    private GateVerdict Judge(RestorerInfo restorer)
    {
        GateTaskResult[] measured = [.. tasks.All.Where(t => t.Id != RestorationGate.CleanTask).Select(t => Measure(restorer, t))];
        GateCleanResult[] clean = gate.Clean is null ? [] : [.. _configuration.Images.Select(i => new GateCleanResult(i.Name, Psnr(restorer.Name, restorer.Identity, RestorationGate.CleanTask, i.Name)))];
        HashSet<string> set = [.. tasks.Set.Select(t => t.Id)];
        return new GateVerdict(restorer.Name, restorer.Identity, [.. Checks(measured, [.. measured.Where(m => set.Contains(m.Task))], clean)], measured, clean);
    }

    private IEnumerable<GateCheck> Checks(GateTaskResult[] measured, GateTaskResult[] set, GateCleanResult[] clean)
    {
        if (gate.Clean is { } least)
        {
            GateCleanResult worst = clean.MinBy(c => c.Psnr)!;
            yield return new GateCheck("clean in, clean out: worst image", worst.Image + Below(clean.Count(c => !(c.Psnr >= least)), clean.Length), worst.Psnr, least);
        }

        if (gate.WorstGain is { } harm)
        {
            GateTaskResult worst = set.MinBy(t => t.Gain)!;
            yield return new GateCheck("no harm: worst gain of a task", Name(worst) + Below(set.Count(t => !(t.Gain >= harm)), set.Length), worst.Gain, harm);
        }

        if (gate.MeanGain is { } mean)
            yield return new GateCheck("mean gain", $"{set.Length} tasks", set.Average(t => t.Gain), mean);
        foreach ((string id, GateLine line) in gate.Lines)
        {
            GateTaskResult task = measured.First(t => t.Task == id);
            if (line.Psnr is { } psnr)
                yield return new GateCheck("PSNR", Name(task), task.Psnr, psnr);
            if (line.Gain is { } gain)
                yield return new GateCheck("gain", Name(task), task.Gain, gain);
        }
    }

    private static string Below(int count, int of) => count > 1 ? $"; {count} of {of} below" : "";

    private static string Name(GateTaskResult task) => $"{task.Task} ({string.Join(" + ", task.Operators)})";

    private GateTaskResult Measure(RestorerInfo restorer, DegradationTask task) => new(
        task.Id,
        [.. task.Pipeline.Operators.Select(o => o.Name)],
        Mean(ResultRecord.InputName, null, task),
        Mean(restorer.Name, restorer.Identity, task));

    // Summed in the order of the images, whatever order the results were made in.
    private double Mean(string restorer, string? identity, DegradationTask task) =>
        _configuration.Images.Sum(i => Psnr(restorer, identity, task.Id, i.Name)) / _configuration.Images.Count;

    private double Psnr(string restorer, string? identity, string task, string image) =>
        (results.Find(restorer, task, image, identity)
            ?? throw new EvaluationException($"There is no result of '{restorer}' on task '{task}', image '{image}': the run is not complete."))
        .Metrics[GeneralityReport.PsnrName];
}
