using Gir.Cli.Shell;
using Gir.Metrics;
using Gir.Metrics.Learned;
using Gir.Models.Features;
using Gir.Models.Features.Layouts;

namespace Gir.Cli.Score;

/// <summary>Metrics that see images through a network: one that comes with the library, or one whose weights the user brings.</summary>
internal static class LearnedMetrics
{
    private const string Aligned = "alignment";
    private const string Semantic = "semantics";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["lpips", "dists", Semantic, Aligned];

    /// <summary>What a list of metrics says of one.</summary>
    public static (string Best, string Convention) Describe(string name) => name switch
    {
        Aligned => ("higher", $"cosine of {LayoutClassifier.Shipped.Name}, which knows procedural scenes alone"),
        Semantic => ("higher", "needs --weights and --calibration"),
        _ => ("lower", "needs --weights"),
    };

    /// <summary>Makes one.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="weights">The files of --weights.</param>
    /// <param name="calibration">The file of --calibration, of which semantics has need.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="UsageException">There are no files, or they do not hold what the metric needs.</exception>
    public static IFullReferenceMetric Create(string name, IReadOnlyList<string> weights, string? calibration, int crop)
    {
        if (name.Equals(Aligned, StringComparison.OrdinalIgnoreCase))
            return Alignment(crop);
        if (name.Equals(Semantic, StringComparison.OrdinalIgnoreCase))
            return Semantics(weights, calibration, crop);
        bool isLpips = name.Equals("lpips", StringComparison.OrdinalIgnoreCase);
        string needed = isLpips
            ? "VGG-16 or AlexNet of torchvision and the linear layers of LPIPS (lin0 to lin4)"
            : "VGG-16 of torchvision and the weights of DISTS (alpha and beta)";
        if (weights.Count == 0)
            throw new UsageException($"--metrics {name}: needs --weights, once or twice, with {needed}; the library has none of its own.");
        return UserFile.Read<IFullReferenceMetric>("--weights", () =>
        {
            var network = PerceptualNetwork.Load(weights, isSmooth: !isLpips);
            return isLpips
                ? new Lpips(network, network.Layers, [.. network.Layers.Select((_, i) => Head(network, name, $"lin{i}", needed))], crop)
                : new Dists(network, network.Layers, Head(network, name, "alpha", needed), Head(network, name, "beta", needed), crop);
        });
    }

    /// <summary>The network that semantics sees through.</summary>
    /// <exception cref="UsageException">There are no files, or they hold none.</exception>
    public static PerceptualNetwork SemanticNetwork(IReadOnlyList<string> weights) => weights.Count == 0
        ? throw new UsageException($"--weights: {Semantic} needs VGG-16 or AlexNet of torchvision; the library has none of its own.")
        : UserFile.Read("--weights", () => PerceptualNetwork.Load(weights));

    private static Semantics Semantics(IReadOnlyList<string> weights, string? calibration, int crop)
    {
        if (calibration is null)
            throw new UsageException($"--metrics {Semantic}: needs --calibration, which 'gir score calibrate' measures with the same --weights on pictures that have nothing to do with one another.");
        PerceptualNetwork network = SemanticNetwork(weights);
        return UserFile.Read("--calibration", () => new Semantics(network, SemanticsCalibration.Load(calibration), crop));
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
