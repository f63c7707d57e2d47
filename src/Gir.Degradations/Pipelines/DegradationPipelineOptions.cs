using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>How a pipeline is built and run, beside its operators.</summary>
public sealed record DegradationPipelineOptions
{
    /// <summary>The defaults: quantize after every operator, no cropping, one to five operators of the standard catalog.</summary>
    public static DegradationPipelineOptions Default { get; } = new();

    /// <summary>The settings of the benchmark: as the defaults, but images are first cropped to multiples of 4.</summary>
    public static DegradationPipelineOptions Benchmark { get; } = new() { CropMultiple = 4 };

    /// <summary>When samples are rounded to 8-bit levels; default after every operator.</summary>
    public Quantization Quantization { get; init; } = Quantization.Each;

    /// <summary>
    /// Before the first operator, height and width are cropped (right and bottom) to multiples of this; 1..64. Default 1: no cropping;
    /// the benchmark's generator crops to multiples of 4.
    /// </summary>
    public int CropMultiple { get; init; } = 1;

    /// <summary>The largest number of operators allowed, 1..64; default 5, as in the paper.</summary>
    public int MaximumOrder { get; init; } = DegradationPipeline.PaperMaximumOrder;

    /// <summary>The operators that may stand in the pipeline; default the standard ten.</summary>
    public DegradationCatalog Catalog { get; init; } = DegradationCatalog.Standard;

    /// <summary>Checks the settings.</summary>
    /// <exception cref="DegradationException">A setting is out of range.</exception>
    internal void Validate()
    {
        if (!Enum.IsDefined(Quantization))
            throw new DegradationException($"quantization = {Quantization}: expected one of {string.Join(", ", ChoiceWords<Quantization>.Words)}.");
        if (CropMultiple is < 1 or > 64)
            throw new DegradationException($"cropMultiple = {CropMultiple}: expected an integer in 1..64.");
        if (MaximumOrder is < 1 or > 64)
            throw new DegradationException($"maximumOrder = {MaximumOrder}: expected an integer in 1..64.");
        if (Catalog is null)
            throw new DegradationException("catalog: expected a catalogue, but it was null.");
    }
}
