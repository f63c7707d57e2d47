using Gir.Imaging.Text;

namespace Gir.Evaluation.Quality;

/// <summary>How a learned quality model is made: what is done to which images, and how the network learns from it. Its JSON form is a recipe that comes with the package.</summary>
/// <param name="Format">"gir-quality-recipe".</param>
/// <param name="Version">1.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Seed">All draws follow from it.</param>
/// <param name="Side">Height and width of the pictures, cut from the middle of photographs; at least 192.</param>
/// <param name="Photographs">Most photographs to learn from.</param>
/// <param name="Scenes">Procedural scenes to learn from.</param>
/// <param name="FirstScene">The seed of the first scene.</param>
/// <param name="Missing">Sweeps that take detail away, weak to strong: <see cref="QualitySweep"/>.</param>
/// <param name="Added">Sweeps that add detail.</param>
/// <param name="Mixed">Sweeps that add detail while they repair something else: they are ordered in what was added, and in all only where metrics agree.</param>
/// <param name="Sharpened">Sweeps that sharpen too much.</param>
/// <param name="Unseen">Sweeps that are measured and not learned.</param>
/// <param name="Chains">Pipelines whose prefixes are compared.</param>
/// <param name="Degraded">Pipelines whose results restorers get.</param>
/// <param name="Restorers">The restorers.</param>
/// <param name="Hidden">Widths of the two hidden layers.</param>
/// <param name="Iterations">Steps of the optimizer.</param>
/// <param name="Batch">Pairs a step.</param>
/// <param name="LearningRate">The rate at the start, of a cosine.</param>
/// <param name="WeightDecay">Decoupled weight decay.</param>
/// <param name="FeatureNoise">The deviation of noise that is added to standardized features, so that a network of few scenes does not learn them by heart.</param>
/// <param name="Spread">The deviation of a predicted score in the fidelity loss.</param>
/// <param name="Divergence">The weight of the Kullback-Leibler divergence to soft labels.</param>
internal sealed record QualityRecipe(
    string Format,
    int Version,
    string Name,
    string Description,
    int Seed,
    int Side,
    int Photographs,
    int Scenes,
    int FirstScene,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Mixed,
    IReadOnlyList<string> Sharpened,
    IReadOnlyList<string> Unseen,
    IReadOnlyList<string> Chains,
    IReadOnlyList<string> Degraded,
    IReadOnlyList<string> Restorers,
    IReadOnlyList<int> Hidden,
    int Iterations,
    int Batch,
    double LearningRate,
    double WeightDecay,
    double FeatureNoise,
    double Spread,
    double Divergence)
{
    private const string FormatName = "gir-quality-recipe";
    private const string Kind = "a quality recipe";
    private const int LongestFile = 1 << 18;
    private const int MostImages = 10_000;
    private const int MostTexts = 100;

    private static readonly BuiltInTexts s_texts = new("Gir.Evaluation.Quality.", "quality recipe", LongestFile);

    /// <summary>Names of the recipes that come with the package.</summary>
    public static IReadOnlyList<string> Names => s_texts.Names;

    /// <summary>A recipe by name, or from a file.</summary>
    /// <exception cref="EvaluationException">There is neither, or the file is no recipe.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static QualityRecipe Load(string nameOrPath) => FromJson(s_texts.Load(nameOrPath), nameOrPath);

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="EvaluationException">The text is no recipe; the message says what is wrong, and where.</exception>
    public static QualityRecipe FromJson(string json, string source) => StrictJson.Read(json, EvaluationJson.Source(source, Kind), root =>
    {
        root.RequireFormat(Kind, FormatName, 1);
        QualityRecipe recipe = root.As<QualityRecipe>();
        return recipe.Fault() is { } fault ? throw root.Fault(fault) : recipe;
    });

    private string? Fault()
    {
        IReadOnlyList<string>[] lists = [Missing, Added, Mixed, Sharpened, Unseen, Chains, Degraded, Restorers];
        return this switch
        {
            { Name.Length: 0 or > 100 } => "name: expected 1..100 characters.",
            { Seed: < 0 } => $"seed {Seed}: expected at least 0.",
            { Side: < 192 or > 4096 } => $"side {Side}: expected 192..4096.",
            { Photographs: < 0 or > MostImages } => $"photographs {Photographs}: expected 0..{MostImages}.",
            { Scenes: < 0 or > MostImages } => $"scenes {Scenes}: expected 0..{MostImages}.",
            { FirstScene: < 0 } => $"firstScene {FirstScene}: expected at least 0.",
            { Hidden.Count: not 2 } => $"hidden: found {Hidden.Count} widths, expected 2.",
            { Iterations: < 1 or > 10_000_000 } => $"iterations {Iterations}: expected 1..10000000.",
            { Batch: < 1 or > 100_000 } => $"batch {Batch}: expected 1..100000.",
            { LearningRate: not (> 0 and <= 1) } => FormattableString.Invariant($"learningRate {LearningRate}: expected above 0, at most 1."),
            { WeightDecay: not (>= 0 and <= 1) } => FormattableString.Invariant($"weightDecay {WeightDecay}: expected 0..1."),
            { FeatureNoise: not (>= 0 and <= 10) } => FormattableString.Invariant($"featureNoise {FeatureNoise}: expected 0..10."),
            { Spread: not (>= 0.01 and <= 10) } => FormattableString.Invariant($"spread {Spread}: expected 0.01..10."),
            { Divergence: not (>= 0 and <= 100) } => FormattableString.Invariant($"divergence {Divergence}: expected 0..100."),
            _ when Hidden.Any(width => width is < 1 or > 1024) => "hidden: expected widths of 1..1024.",
            _ when Missing.Count + Added.Count + Sharpened.Count == 0 => "missing, added, sharpened: expected a sweep in one of them.",
            _ when lists.Any(list => list.Count > MostTexts) => $"expected at most {MostTexts} texts in a list.",
            _ => null,
        };
    }
}
