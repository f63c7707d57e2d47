using Gir.Metrics.Analysis;

namespace Gir.Evaluation.Studies;

/// <summary>A network's deep representation of images under several degradations.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Layer">The layer whose maps are the representation.</param>
/// <param name="Degradations">The degradations.</param>
/// <param name="Labels">The degradation of each point, an index into <paramref name="Degradations"/>.</param>
/// <param name="Points">The maps' principal components, point for point.</param>
/// <param name="CalinskiHarabasz">How much the points cluster by degradation; a network that generalizes better has a smaller index.</param>
/// <param name="Srga">The distance of each degradation's maps from the first one's (<see cref="Metrics.Analysis.Srga"/>): 0 for the first.</param>
public sealed record DegradationRepresentation(
    string Network, string Layer, IReadOnlyList<string> Degradations, IReadOnlyList<int> Labels, FeatureSet Points, double CalinskiHarabasz, IReadOnlyList<double> Srga)
{
    /// <summary>A layout of the points in a plane, for a picture.</summary>
    /// <param name="seed">Seed of the layout.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are fewer than 4 or more than 4000 points.</exception>
    public FeatureSet Plane(ulong seed = 0, CancellationToken cancellationToken = default) => Tsne.Embed(Points, new TsneOptions { Seed = seed }, cancellationToken);
}
