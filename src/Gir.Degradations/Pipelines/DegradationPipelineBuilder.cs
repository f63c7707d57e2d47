namespace Gir.Degradations;

/// <summary>Builds a <see cref="DegradationPipeline"/> step by step; the rules are checked by <see cref="Build"/>.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class DegradationPipelineBuilder
{
    private readonly List<IDegradation> _operators = [];
    private DegradationPipelineOptions _options = DegradationPipelineOptions.Default;

    internal DegradationPipelineBuilder()
    {
    }

    /// <summary>Adds an operator after those added before.</summary>
    public DegradationPipelineBuilder Add(IDegradation degradation)
    {
        ArgumentNullException.ThrowIfNull(degradation);
        _operators.Add(degradation);
        return this;
    }

    /// <summary>Adds an operator of the catalog by name, with its representative parameters or the given ones.</summary>
    /// <exception cref="DegradationException">The name or a parameter is unknown, or a value is not allowed.</exception>
    public DegradationPipelineBuilder Add(string name, DegradationParameterSet? parameters = null) =>
        Add(_options.Catalog.Get(name).Create(parameters));

    /// <summary>Sets when samples are rounded to 8-bit levels; default after every operator.</summary>
    public DegradationPipelineBuilder Quantize(Quantization quantization) => With(_options with { Quantization = quantization });

    /// <summary>Crops images to multiples of a size before the first operator; the benchmark uses 4.</summary>
    public DegradationPipelineBuilder CropToMultiple(int multiple) => With(_options with { CropMultiple = multiple });

    /// <summary>Replaces all settings.</summary>
    public DegradationPipelineBuilder With(DegradationPipelineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        return this;
    }

    /// <summary>The pipeline.</summary>
    /// <exception cref="DegradationException">The operators break a rule; the message names the operator and its position.</exception>
    public DegradationPipeline Build() => new(_operators, _options);
}
