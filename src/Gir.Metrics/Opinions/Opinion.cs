namespace Gir.Metrics.Opinions;

/// <summary>What people said of one image.</summary>
/// <param name="Image">The judged image's file name.</param>
/// <param name="Score">The published score, in the unit of its set.</param>
public sealed record Opinion(string Image, double Score)
{
    /// <summary>File name of the image that it was made of or compared with; null where the set has none.</summary>
    public string? Reference { get; init; }

    /// <summary>Standard deviation over the people, in the unit of the score; null where it is not published.</summary>
    public double? Spread { get; init; }

    /// <summary>The scene; images of one scene are no independent witnesses. Null: the image stands for itself.</summary>
    public string? Group { get; init; }

    /// <summary>What made the image, e.g. a restoration method; null where the set does not say.</summary>
    public string? Label { get; init; }
}
