using System.Globalization;
using System.Numerics.Tensors;
using Gir.Imaging.Kernels;

namespace Gir.Imaging;

/// <summary>Tells images of samples in 0..1 from levels of 0..255 and from samples that are no numbers.</summary>
/// <remarks>
/// Filters overshoot: a bicubic kernel or a sinc leaves [0, 1] by a part of the range, and a chain of them by a little more, while levels of
/// 8 bits that all stay within 4 are a black picture. Between the two lies <see cref="Largest"/>.
/// </remarks>
internal static class SampleRange
{
    /// <summary>Largest magnitude of a sample that still passes as overshoot.</summary>
    public const float Largest = 4;

    /// <summary>Refuses an image that holds NaN, an infinity or levels of 0..255.</summary>
    /// <param name="image">The image, of any number of channels.</param>
    /// <param name="parameterName">The argument that the exception names.</param>
    /// <param name="what">What the image is, to begin the message with; null means "The image".</param>
    /// <exception cref="ArgumentException">A sample is not finite, or larger than overshoot; the message tells the first place, the value and what to do.</exception>
    public static void Check(ImageBuffer image, string parameterName, string? what = null)
    {
        if (Fault(image, what ?? "The image") is { } fault)
            throw new ArgumentException(fault, parameterName);
    }

    /// <summary>What <see cref="Check"/> would say; null: nothing.</summary>
    /// <param name="image">The image.</param>
    /// <param name="what">What the image is, to begin the message with.</param>
    /// <param name="largest">Largest magnitude that passes; <see cref="float.MaxValue"/> asks for finite samples alone.</param>
    public static string? Fault(ImageBuffer image, string what, float largest = Largest)
    {
        int index = MagnitudeScan.FirstBeyond(image.Samples, largest);
        if (index < 0)
            return null;
        float value = image.Samples[index];
        (int channel, int pixel) = Math.DivRem(index, image.PlaneLength);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what} holds {value} at channel {channel}, row {pixel / image.Width}, column {pixel % image.Width} (from 0): expected {Expected(image, value)}");
    }

    private static string Expected(ImageBuffer image, float value)
    {
        if (!float.IsFinite(value))
            return "finite samples in 0..1.";
        // Overshoot reaches a part of the range, in levels as well.
        int range = TensorPrimitives.MaxNumber<float>(image.Samples) <= Largest * byte.MaxValue ? byte.MaxValue : ushort.MaxValue;
        return string.Create(CultureInfo.InvariantCulture, $"samples in 0..1. Divide levels of 0..{range} by {range} first.");
    }
}
