using Gir.Imaging.Settings;

namespace Gir.Degradations;

/// <summary>
/// What <see cref="GirDegradationsServiceCollectionExtensions.AddGirDegradations"/> sets up. Configuration section "Gir:Degradations", with the settings Quantization,
/// CropMultiple and MaximumOrder of <see cref="Pipeline"/>.
/// </summary>
public sealed class GirDegradationsOptions : ISectionOptions
{
    /// <summary>How pipelines are built; default <see cref="DegradationPipelineOptions.Default"/>. Its catalog is extended by <see cref="AdditionalOperators"/>.</summary>
    public DegradationPipelineOptions Pipeline { get; set; } = DegradationPipelineOptions.Default;

    /// <summary>Operators of the application's own, beside those of the catalog; empty by default.</summary>
    public IList<DegradationDescriptor> AdditionalOperators { get; } = [];

    static string ISectionOptions.Section => "Gir:Degradations";

    void ISectionOptions.Read(SettingsReader settings)
    {
        settings.Choice<Quantization>(nameof(DegradationPipelineOptions.Quantization), v => Pipeline = Pipeline with { Quantization = v });
        settings.Integer(nameof(DegradationPipelineOptions.CropMultiple), v => Pipeline = Pipeline with { CropMultiple = v });
        settings.Integer(nameof(DegradationPipelineOptions.MaximumOrder), v => Pipeline = Pipeline with { MaximumOrder = v });
    }

    IEnumerable<string> ISectionOptions.Faults() => Fault() is { } fault ? [fault] : [];

    private string? Fault()
    {
        if (Pipeline is null)
            return "Pipeline is null.";
        try
        {
            _ = Build();
            return null;
        }
        catch (Exception exception) when (exception is DegradationException or ArgumentException)
        {
            return exception.Message;
        }
    }

    internal DegradationPipelineOptions Build()
    {
        Pipeline.Validate();
        return Pipeline with { Catalog = AdditionalOperators.Aggregate(Pipeline.Catalog, (catalog, descriptor) => catalog.With(descriptor)) };
    }
}
