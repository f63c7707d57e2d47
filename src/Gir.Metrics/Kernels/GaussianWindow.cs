namespace Gir.Metrics.Kernels;

/// <summary>Normalized sampled Gaussians.</summary>
internal static class GaussianWindow
{
    /// <summary>exp(-x^2 / (2 sigma^2)) at whole numbers around the center, divided by its sum; the outer product with itself is the 2-D window.</summary>
    public static double[] Create(int taps, double sigma)
    {
        var window = new double[taps];
        double sum = 0;
        for (int i = 0; i < taps; i++)
        {
            double x = i - ((taps - 1) / 2.0);
            window[i] = Math.Exp(-x * x / (2 * sigma * sigma));
            sum += window[i];
        }

        for (int i = 0; i < taps; i++)
            window[i] /= sum;
        return window;
    }
}
