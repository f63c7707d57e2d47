using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>How the colors of a sample are set right by those of the initially restored image.</summary>
public enum ColorFix
{
    /// <summary>They are left as they are.</summary>
    None,

    /// <summary>Large structures are taken over, as StableSR and DiffBIR do.</summary>
    Wavelet,

    /// <summary>Means and standard deviations of the channels are taken over (Huang, Belongie 2017).</summary>
    Statistics,
}

/// <summary>The color fixes, [n, c, h, w] of one size each.</summary>
internal static class ColorFixes
{
    private const int Levels = 5;
    private const float Epsilon = 1e-5f;

    /// <summary>Detail of one image, and the rest of another.</summary>
    public static Tensor Wavelet(Tensor content, Tensor style) => content - Low(content) + Low(style);

    /// <summary>An image with another one's means and standard deviations.</summary>
    public static Tensor Statistics(Tensor content, Tensor style)
    {
        (Tensor mean, Tensor deviation) = Moments(content);
        (Tensor styleMean, Tensor styleDeviation) = Moments(style);
        return ((content - mean) / deviation * styleDeviation) + styleMean;

        static (Tensor Mean, Tensor Deviation) Moments(Tensor x) => (x.Mean([2, 3], keepDimensions: true), (x.Variance([2, 3], keepDimensions: true, unbiased: true) + Epsilon).Sqrt());
    }

    // Blurs with [1 2 1] / 4 in both directions, each twice as far apart as the last.
    private static Tensor Low(Tensor x)
    {
        int channels = x.Shape[1];
        float[] taps = [1, 2, 1, 2, 4, 2, 1, 2, 1];
        var kernel = Tensor.From([.. Enumerable.Range(0, channels).SelectMany(_ => taps.Select(t => t / 16))], [channels, 1, 3, 3], x.Backend);
        for (int level = 0; level < Levels; level++)
        {
            int radius = 1 << level;
            x = x.Pad2d(TensorPadMode.Replicate, radius, radius, radius, radius).Conv2d(kernel, null, 1, 0, radius, channels);
        }

        return x;
    }
}
