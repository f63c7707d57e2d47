using Gir.Degradations.Tasks;
using Gir.Evaluation.Results;

namespace Gir.Evaluation.Tests;

/// <summary>Small configurations and results.</summary>
internal static class Examples
{
    public static EvaluationConfiguration Configuration(ulong seed = 7, int tasks = 2, int images = 3) => new(
        "0.1.0.0",
        seed,
        [.. Enumerable.Range(1, tasks).Select(i => new EvaluatedTask($"{i}", $"noise(sigma={i})", ["noise"], DegradationTaskGroup.Representative))],
        [.. Enumerable.Range(1, images).Select(i => new EvaluatedImage($"image{i}", $"hash{i}"))],
        [new EvaluatedMetric("psnr", "RGB", true)]);

    public static ResultRecord Result(string restorer, string task, string image, double psnr) =>
        new(restorer, task, image, new Dictionary<string, double> { ["psnr"] = psnr });

    /// <summary>Adds one restorer's PSNR, by task and image.</summary>
    public static void Add(this ResultStore store, string restorer, double[][] psnr)
    {
        for (int t = 0; t < psnr.Length; t++)
        {
            for (int i = 0; i < psnr[t].Length; i++)
                store.Append(Result(restorer, store.Configuration.Tasks[t].Id, store.Configuration.Images[i].Name, psnr[t][i]));
        }
    }
}
