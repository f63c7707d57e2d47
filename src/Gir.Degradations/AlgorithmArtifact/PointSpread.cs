namespace Gir.Degradations.AlgorithmArtifact;

/// <summary>The blur that the deconvolution believes in.</summary>
public enum PointSpread
{
    /// <summary>All weights equal: the reference generator.</summary>
    Box,

    /// <summary>An isotropic Gaussian.</summary>
    Gaussian,
}
