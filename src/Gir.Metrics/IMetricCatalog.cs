namespace Gir.Metrics;

/// <summary>Finds metrics by name.</summary>
/// <remarks>Implementations are safe for concurrent use.</remarks>
public interface IMetricCatalog
{
    /// <summary>All metrics that need a reference.</summary>
    IReadOnlyList<IFullReferenceMetric> FullReference { get; }

    /// <summary>All metrics that need none.</summary>
    IReadOnlyList<INoReferenceMetric> NoReference { get; }

    /// <summary>The full-reference metric of this name, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names there are.</exception>
    IFullReferenceMetric FindFullReference(string name);

    /// <summary>The no-reference metric of this name, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names there are.</exception>
    INoReferenceMetric FindNoReference(string name);
}
