namespace Gir.Evaluation.Results;

/// <summary>How one restorer did on one degraded image.</summary>
/// <param name="Restorer">The restorer's name, or <see cref="InputName"/> for the degraded image itself.</param>
/// <param name="Task">The task's id.</param>
/// <param name="Image">The image's name.</param>
/// <param name="Metrics">Values by metric name; NaN where a metric could not measure the image (NIQE of a flat one, SSIM of a tiny one). PSNR always can.</param>
public sealed record ResultRecord(string Restorer, string Task, string Image, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>The name under which the degraded images themselves are scored; no restorer may bear it.</summary>
    public const string InputName = "input";

    /// <summary>What tells the restorer from others of its name (<see cref="Gir.Models.Restoration.IRestorer.Identity"/>); null where the name says everything.</summary>
    public string? Identity { get; init; }
}
