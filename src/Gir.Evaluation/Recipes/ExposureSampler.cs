using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Training;

namespace Gir.Evaluation.Recipes;

/// <summary>
/// Exposes a share of pictures too long: y = min(g x, 1), g within 1.1..2, small ones as likely as large ones on a logarithmic scale. Pale parts, skies above all, burn out to an
/// even white, as they do in photographs: it is no haze, and belongs to the clean picture.
/// </summary>
internal sealed class ExposureSampler(double share)
{
    private const double LeastGain = 1.1;
    private const double MostGain = 2;

    /// <summary>The picture as a longer exposure gives it, in new memory; the clean picture itself where the draw leaves it.</summary>
    public ImageBuffer Expose(TrainingImage picture, PhiloxRandom random)
    {
        ImageBuffer clean = picture.Clean;
        if (random.NextDouble() >= share)
            return clean;
        var gain = (float)(LeastGain * Math.Pow(MostGain / LeastGain, random.NextDouble()));
        ImageBuffer result = ImagePool.Rent(clean.Channels, clean.Height, clean.Width);
        Span<float> from = clean.Samples;
        Span<float> to = result.Samples;
        for (int i = 0; i < to.Length; i++)
            to[i] = Math.Min(gain * from[i], 1);
        // Photographs have eight bits.
        result.Quantize();
        return result;
    }
}
