using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Evaluation.Recipes;

/// <summary>
/// Exposes a share of pictures too long: y = min(g x, 1), g within 1.1..2, small ones as likely as large ones on a logarithmic scale. Pale parts, skies above all, burn out to an
/// even white, as they do in photographs: it is no haze, and belongs to the clean picture.
/// </summary>
internal sealed class ExposureSampler(double share) : PictureAugmentation(share)
{
    private const double LeastGain = 1.1;
    private const double MostGain = 2;

    /// <inheritdoc/>
    protected override void Change(ImageBuffer picture, PhiloxRandom random)
    {
        var gain = (float)(LeastGain * Math.Pow(MostGain / LeastGain, random.NextDouble()));
        Span<float> samples = picture.Samples;
        for (int i = 0; i < samples.Length; i++)
            samples[i] = Math.Min(gain * samples[i], 1);
        // Photographs have eight bits.
        picture.Quantize();
    }
}
