namespace Gir.Degradations;

/// <summary>What <see cref="GirDegradationsServiceCollectionExtensions.AddGirDegradations"/> sets up.</summary>
public sealed class DegradationsOptions
{
    /// <summary>How pipelines are built; default <see cref="DegradationPipelineOptions.Default"/>. Its catalog is extended by <see cref="AdditionalOperators"/>.</summary>
    public DegradationPipelineOptions Pipeline { get; set; } = DegradationPipelineOptions.Default;

    /// <summary>Operators of the application's own, beside those of the catalog; empty by default.</summary>
    public IList<DegradationDescriptor> AdditionalOperators { get; } = [];

    /// <summary>Says what is wrong; null: nothing.</summary>
    internal string? Fault()
    {
        if (Pipeline is null)
            return "DegradationsOptions.Pipeline is null.";
        try
        {
            _ = Build();
            return null;
        }
        catch (Exception exception) when (exception is DegradationException or ArgumentException)
        {
            return $"DegradationsOptions: {exception.Message}";
        }
    }

    internal DegradationPipelineOptions Build()
    {
        Pipeline.Validate();
        return Pipeline with { Catalog = AdditionalOperators.Aggregate(Pipeline.Catalog, (catalog, descriptor) => catalog.With(descriptor)) };
    }
}
