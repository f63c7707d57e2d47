using Gir.Cli.Shell;
using Gir.Metrics;
using Gir.Metrics.Learned;
using Gir.Models.Features;
using Gir.Models.Features.Layouts;
using Gir.Models.Serialization;

namespace Gir.Cli.Score;

/// <summary>Metrics that see images through a network: one that comes with the library, or one whose weights the user brings.</summary>
internal static class LearnedMetrics
{
    private const string Aligned = "alignment";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["lpips", "dists", Aligned];

    /// <summary>What a list of metrics says of one.</summary>
    public static (string Best, string Convention) Describe(string name) => name == Aligned ? ("higher", $"cosine of {LayoutClassifier.Shipped.Name}, which knows procedural scenes alone") : ("lower", "needs --weights");

    /// <summary>Makes one.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="weights">The files of --weights.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="UsageException">There are no files, or they do not hold what the metric needs.</exception>
    public static IFullReferenceMetric Create(string name, IReadOnlyList<string> weights, int crop)
    {
        if (name.Equals(Aligned, StringComparison.OrdinalIgnoreCase))
            return Alignment(crop);
        bool isLpips = name.Equals("lpips", StringComparison.OrdinalIgnoreCase);
        string needed = isLpips
            ? "VGG-16 or AlexNet of torchvision and the linear layers of LPIPS (lin0 to lin4)"
            : "VGG-16 of torchvision and the weights of DISTS (alpha and beta)";
        if (weights.Count == 0)
            throw new UsageException($"--metrics {name}: needs --weights, once or twice, with {needed}; the library has none of its own.");
        try
        {
            var network = PerceptualNetwork.Load(weights, isSmooth: !isLpips);
            return isLpips
                ? new Lpips(network, network.Layers, [.. network.Layers.Select((_, i) => Head(network, name, $"lin{i}", needed))], crop)
                : new Dists(network, network.Layers, Head(network, name, "alpha", needed), Head(network, name, "beta", needed), crop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or CheckpointFormatException)
        {
            throw new UsageException($"--weights: {e.Message}");
        }
    }

    private static Alignment Alignment(int crop)
    {
        LayoutClassifier classifier = LayoutClassifier.Shipped;
        return new Alignment(classifier, new SemanticsCalibration(classifier.Name, classifier.DescriptorLayer, classifier.Measured!.LocalChance, classifier.Measured.Chance), crop);
    }

    private static IReadOnlyList<double> Head(PerceptualNetwork network, string metric, string head, string needed) => network.Heads.TryGetValue(head, out IReadOnlyList<double>? weights)
        ? weights
        : throw new UsageException($"--metrics {metric}: the files of --weights hold no '{head}'; expected {needed}.");
}
