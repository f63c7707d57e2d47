using System.Globalization;
using Gir.Imaging.Text;

namespace Gir.Degradations.Tasks;

/// <summary>The 50 representative tasks of the GIR paper (Table 6), at representative strength.</summary>
/// <remarks>
/// Tasks 1 to 10 are the single operators, then come ten for each order k of 2 to 5. Images are cropped to multiples of 4 and
/// quantized after every operator, as the benchmark does.
/// </remarks>
public static class RepresentativeTasks
{
    // Line n is task n; operators stand with their defaults, which are the representative parameters.
    private const string Table =
        """
        resize
        blur
        noise
        compression
        damage
        ringing
        algorithm-artifact
        rain
        haze
        snow
        rain + ringing
        ringing + ringing
        noise + resize
        compression + algorithm-artifact
        haze + noise
        compression + damage
        damage + algorithm-artifact
        snow + compression
        noise + blur
        noise + ringing
        compression + damage + resize
        algorithm-artifact + algorithm-artifact + damage
        algorithm-artifact + noise + algorithm-artifact
        snow + compression + ringing
        haze + resize + resize
        rain + resize + resize
        noise + damage + damage
        algorithm-artifact + ringing + blur
        snow + blur + noise
        noise + compression + resize
        resize + ringing + damage + resize
        haze + resize + resize + resize
        noise + damage + resize + ringing
        rain + resize + resize + resize
        snow + ringing + algorithm-artifact + ringing
        blur + ringing + noise + damage
        haze + resize + blur + noise
        snow + noise + noise + noise
        blur + blur + blur + blur
        blur + ringing + ringing + algorithm-artifact
        algorithm-artifact + resize + blur + compression + damage
        noise + resize + damage + algorithm-artifact + resize
        snow + ringing + damage + resize + resize
        haze + blur + algorithm-artifact + noise + ringing
        resize + resize + resize + resize + resize
        rain + ringing + ringing + noise + compression
        snow + ringing + blur + noise + ringing
        compression + noise + noise + ringing + noise
        blur + resize + compression + ringing + blur
        haze + compression + damage + compression + noise
        """;

    private static readonly Lazy<DegradationTask[]> s_tasks = new(() => [.. Table.Split('\n').Select(Create)]);

    /// <summary>All 50, by number.</summary>
    public static IReadOnlyList<DegradationTask> All => s_tasks.Value;

    /// <summary>The first ten: every operator alone.</summary>
    public static IReadOnlyList<DegradationTask> Single => s_tasks.Value[..10];

    /// <summary>The task of an id, "1" to "50".</summary>
    /// <exception cref="DegradationException">There is none.</exception>
    public static DegradationTask Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return System.Array.Find(s_tasks.Value, t => t.Id == id)
            ?? throw new DegradationException($"No representative task '{Suggestion.Shortened(id)}': expected 1..50.");
    }

    private static DegradationTask Create(string expression, int index) =>
        new((index + 1).ToString(CultureInfo.InvariantCulture), DegradationPipeline.Parse(expression, DegradationPipelineOptions.Benchmark))
        {
            Number = index + 1,
            Group = DegradationTaskGroup.Representative,
        };
}
