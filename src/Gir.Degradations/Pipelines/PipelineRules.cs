using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>What makes a pipeline legal.</summary>
internal static class PipelineRules
{
    public static DegradationDescriptor[] Check(IReadOnlyList<IDegradation> operators, DegradationPipelineOptions options)
    {
        if (operators.Count == 0)
            throw new DegradationException("A pipeline needs at least one operator, but there is none.");
        if (operators.Count > options.MaximumOrder)
        {
            throw new DegradationException(
                $"A pipeline may have at most {options.MaximumOrder} operators, but there are {operators.Count}; operator {options.MaximumOrder + 1} is {operators[options.MaximumOrder]?.Name}.");
        }

        var descriptors = new DegradationDescriptor[operators.Count];
        for (int i = 0; i < descriptors.Length; i++)
        {
            IDegradation degradation = operators[i] ?? throw new DegradationException($"Operator {i + 1} is null.");
            descriptors[i] = options.Catalog.DescriptorOf(degradation) ?? throw new DegradationException(
                $"Operator {i + 1} ({degradation.Name}, of type {degradation.GetType().Name}) is not in the catalogue: add its descriptor to one with DegradationCatalog.With and pass that in the options.");
            if (Misplaced(descriptors[i], i) is { } fault)
                throw new DegradationException(fault);
            if (degradation.Fault is { } mismatch)
                throw new DegradationException($"operator {i + 1} ({descriptors[i].Name}): {mismatch}");
        }

        return descriptors;
    }

    /// <summary>Says what is wrong with an operator at a position (from 0); null: nothing.</summary>
    public static string? Misplaced(DegradationDescriptor descriptor, int position) => descriptor.IsWeather && position > 0
        ? $"operator {position + 1} is '{descriptor.Name}', but weather (rain, haze, snow) may stand only first."
        : null;

    public static void CheckKey(string imageKey)
    {
        if (!IsWellFormed(imageKey))
            throw new ArgumentException("The image key holds half a surrogate pair: expected well-formed text.", nameof(imageKey));
    }

    /// <summary>Whether a text holds no half surrogate pair, which no record could keep.</summary>
    public static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }

        return true;
    }

    public static void CheckImage(ImageBuffer image, int cropMultiple)
    {
        if (image.Channels is not (1 or 3))
            throw new DegradationException($"The image has {image.Channels} channels: expected 1 (gray) or 3 (RGB); split off an alpha channel first.");
        if (image.Height < cropMultiple || image.Width < cropMultiple)
        {
            throw new DegradationException(
                $"The image is {image.Height} x {image.Width} (height x width), too small to be cropped to multiples of {cropMultiple}.");
        }

        if (SampleRange.Fault(image, "The image") is { } fault)
            throw new DegradationException(fault);
    }

    /// <summary>Says what is wrong with what an operator returned; null: nothing.</summary>
    public static string? ResultFault(ImageBuffer? result, ImageBuffer image) =>
        result is null ? "it returned null, expected an image."
        : !result.HasShapeOf(image) ? $"it returned an image of {result} (channels x height x width), expected one of {image}."
        : SampleRange.Fault(result, "its result", float.MaxValue);
}
