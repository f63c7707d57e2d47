using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Evaluation.Recipes;

/// <summary>
/// Gives a share of pictures another tone, as other light, another camera or another taste would: y = b + (w - b) g_c s(x)^gamma, with the saturation s changed
/// about the luma. A pale picture is then as likely as a dark one, and both are clean.
/// </summary>
internal sealed class ToneSampler(double share) : PictureAugmentation(share)
{
    private const int Entries = 1024;

    // Ranges wide enough to meet fog-pale and dusk-dark pictures that are nonetheless meant to be so.
    private const double LargestLogGamma = 0.55;
    private const double LargestBlack = 0.14;
    private const double LeastWhite = 0.78;
    private const double LargestLogGain = 0.08;
    private static readonly (double Least, double Most) s_saturation = (0.4, 1.3);

    /// <inheritdoc/>
    protected override void Change(ImageBuffer picture, PhiloxRandom random)
    {
        double gamma = Math.Exp(Between(random, -LargestLogGamma, LargestLogGamma));
        // Half of the pictures keep their black and white, since most photographs have them.
        double black = random.NextDouble() < 0.5 ? 0 : Between(random, 0, LargestBlack);
        double white = random.NextDouble() < 0.5 ? 1 : Between(random, LeastWhite, 1);
        var saturation = (float)Between(random, s_saturation.Least, s_saturation.Most);

        if (picture.Channels == 3)
            Saturate(picture, saturation);
        Span<float> curve = stackalloc float[Entries + 1];
        for (int c = 0; c < picture.Channels; c++)
        {
            double gain = picture.Channels == 1 ? 1 : Math.Exp(Between(random, -LargestLogGain, LargestLogGain));
            for (int i = 0; i < curve.Length; i++)
                curve[i] = (float)Math.Clamp(black + ((white - black) * gain * Math.Pow((double)i / Entries, gamma)), 0, 1);
            Look(curve, picture.Plane(c));
        }

        // Photographs have eight bits.
        picture.Quantize();
    }

    private static double Between(PhiloxRandom random, double least, double most) => least + ((most - least) * random.NextDouble());

    private static void Saturate(ImageBuffer image, float saturation)
    {
        Span<float> red = image.Plane(0);
        Span<float> green = image.Plane(1);
        Span<float> blue = image.Plane(2);
        for (int i = 0; i < red.Length; i++)
        {
            float luma = (0.299f * red[i]) + (0.587f * green[i]) + (0.114f * blue[i]);
            red[i] = luma + (saturation * (red[i] - luma));
            green[i] = luma + (saturation * (green[i] - luma));
            blue[i] = luma + (saturation * (blue[i] - luma));
        }
    }

    private static void Look(ReadOnlySpan<float> curve, Span<float> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            float position = Math.Clamp(samples[i], 0, 1) * Entries;
            int index = Math.Min((int)position, Entries - 1);
            samples[i] = curve[index] + ((position - index) * (curve[index + 1] - curve[index]));
        }
    }
}
