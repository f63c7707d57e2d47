namespace Gir.Metrics.Quality;

/// <summary>What a <see cref="QualityModel"/> sees of an image.</summary>
public enum QualityFeatureSet
{
    /// <summary>The image alone.</summary>
    NoReference,

    /// <summary>The image, and how it compares with its reference.</summary>
    FullReference,
}
