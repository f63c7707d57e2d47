namespace Gir.Evaluation.Results;

/// <summary>A line of a file of results: a <see cref="ResultRecord"/>, and the run that it belongs to.</summary>
/// <param name="Run">The run's short fingerprint: lines of another file are told apart by it.</param>
/// <param name="Restorer">The restorer's name.</param>
/// <param name="Task">The task's id.</param>
/// <param name="Image">The image's name.</param>
/// <param name="Metrics">Values by metric name.</param>
/// <param name="Identity">The restorer's identity; null where the name says everything.</param>
internal sealed record ResultLine(
    string Run, string Restorer, string Task, string Image, IReadOnlyDictionary<string, double> Metrics, string? Identity = null)
{
    public ResultRecord ToRecord() => new(Restorer, Task, Image, Metrics) { Identity = Identity };

    public static ResultLine Of(string run, ResultRecord record) => new(run, record.Restorer, record.Task, record.Image, record.Metrics, record.Identity);
}
