using System.Globalization;
using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Filtering;

namespace Gir.Evaluation.Quality;

/// <summary>What is done to a picture.</summary>
/// <param name="picture">The picture; not to be changed.</param>
/// <param name="texture">A texture of the picture's size, mean 0 and deviation 1, of another picture.</param>
/// <param name="seed">All draws follow from it.</param>
internal delegate ImageBuffer QualityChange(ImageBuffer picture, ImageBuffer texture, ulong seed);

/// <summary>One operator from weak to strong: a degradation as <see cref="ParameterSweep"/> writes it, or one of three filters that are no degradations.</summary>
/// <param name="Text">"noise.sigma=5,10,20", or "median.passes=..", "texture.sigma=..", "unsharp.amount=..".</param>
/// <param name="Steps">The changes, each stronger than the one before.</param>
internal sealed record QualitySweep(string Text, IReadOnlyList<(string Id, QualityChange Change)> Steps)
{
    private const string Median = "median.passes";
    private const string Texture = "texture.sigma";
    private const string Unsharp = "unsharp.amount";
    private const double UnsharpSigma = 1.5;

    /// <summary>Reads a sweep.</summary>
    /// <exception cref="DegradationException">The text is no sweep; the message says what was expected.</exception>
    public static QualitySweep Parse(string text)
    {
        int equals = text.IndexOf('=');
        string target = equals < 0 ? "" : text[..equals].Trim();
        Func<double, QualityChange>? filter = target switch
        {
            Median => passes => (picture, _, _) => Repeat(picture, (int)passes),
            Texture => sigma => (picture, texture, _) => Add(picture, texture, (float)(sigma / 255)),
            Unsharp => amount => (picture, _, _) => Sharpen(picture, (float)amount),
            _ => null,
        };
        if (filter is null)
        {
            return new QualitySweep(
                text, [.. ParameterSweep.Parse(text).Steps.Select(step => (step.Task.Id, new QualityChange((picture, _, seed) => step.Task.Pipeline.Degrade(picture, seed))))]);
        }

        var steps = new List<(string Id, QualityChange Change)>();
        foreach (string value in text[(equals + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double strength) || strength is not (> 0 and <= 255))
                throw new DegradationException($"'{text}': found '{value}', expected a number above 0, at most 255.");
            steps.Add(($"{target}={value}", filter(strength)));
        }

        return new QualitySweep(text, steps);
    }

    private static ImageBuffer Repeat(ImageBuffer picture, int passes)
    {
        ImageBuffer result = ImageFilter.Median(picture, 3);
        for (int pass = 1; pass < passes; pass++)
            result = ImageFilter.Median(result, pass % 2 == 1 ? 5 : 3);
        return result;
    }

    private static ImageBuffer Add(ImageBuffer picture, ImageBuffer texture, float weight)
    {
        ImageBuffer result = picture.Clone();
        for (int channel = 0; channel < result.Channels; channel++)
        {
            Span<float> plane = result.Plane(channel);
            for (int i = 0; i < plane.Length; i++)
                plane[i] += weight * texture.Samples[i];
        }

        result.Quantize();
        return result;
    }

    private static ImageBuffer Sharpen(ImageBuffer picture, float amount)
    {
        ImageBuffer result = ImageFilter.GaussianBlur(picture, 11, UnsharpSigma);
        for (int i = 0; i < result.Samples.Length; i++)
            result.Samples[i] = picture.Samples[i] + (amount * (picture.Samples[i] - result.Samples[i]));
        result.Quantize();
        return result;
    }
}
