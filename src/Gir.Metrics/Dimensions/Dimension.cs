namespace Gir.Metrics.Dimensions;

/// <summary>One of the numbers of <see cref="DimensionScores"/>.</summary>
public enum Dimension
{
    /// <summary>Detail of the reference that is missing, 0..1; 0 is best.</summary>
    Under,

    /// <summary>Detail that the reference does not explain, 0..1; 0 is best.</summary>
    Over,

    /// <summary>3 (over - under), -3..3; 0 is best.</summary>
    Detail,

    /// <summary>Twice the logarithm to base 2 of the edges' gain, -3..3; negative: blurred, positive: over-sharpened; 0 is best.</summary>
    Sharpness,
}
