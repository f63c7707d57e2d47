using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>Rounds samples to 8-bit levels.</summary>
internal static class SampleQuantizer
{
    public static void Quantize(this ImageBuffer image)
    {
        foreach (ref float sample in image.Samples)
            sample = Math.Clamp(MathF.Round(sample * 255f, MidpointRounding.ToEven), 0f, 255f) / 255f;
    }
}
