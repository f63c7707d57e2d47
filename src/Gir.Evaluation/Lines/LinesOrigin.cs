namespace Gir.Evaluation.Lines;

/// <summary>Where lines come from, and what they hold for.</summary>
public sealed record LinesOrigin
{
    /// <summary>In words; may be empty.</summary>
    public string Provenance { get; init; } = "";

    /// <summary>
    /// The images that the lines were made on; reports on any others are refused, since a line is a mean PSNR over certain images.
    /// Null: not known, and not checked.
    /// </summary>
    public LinesTestSet? TestSet { get; init; }

    /// <summary>
    /// In words, the images that the lines were made on, where there is no hash to know them by: reports then carry a warning. Null: nothing is known.
    /// </summary>
    public string? Images { get; init; }

    /// <summary>Whether the networks behind the lines were trained with less than the paper's settings; default false.</summary>
    public bool IsReduced { get; init; }

    /// <summary>How the networks were trained, by name, e.g. "excellence" -> "SRResNet, 5000 iterations, batch 8, patch 64"; default none.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>The images that lines were made on.</summary>
/// <param name="Name">Name of the set, e.g. "gir-scenes-v1".</param>
/// <param name="Hash">What <see cref="TestSets.TestSet.Hash"/> or <see cref="Results.EvaluationConfiguration.ImagesHash"/> says of it.</param>
public sealed record LinesTestSet(
    [property: System.Text.Json.Serialization.JsonRequired] string Name,
    [property: System.Text.Json.Serialization.JsonRequired] string Hash);
