namespace Gir.Models.Generative.Diffusion;

/// <summary>How much of an image is left at each timestep: betas, and the products of 1 - beta. All in double.</summary>
internal sealed class NoiseSchedule
{
    private const double CosineOffset = 0.008;
    private const double LargestBeta = 0.999;

    /// <exception cref="ArgumentException">A beta lies outside of [0, 1].</exception>
    public NoiseSchedule(IReadOnlyList<double> betas)
    {
        if (betas.Count == 0 || betas.Any(b => b is not (>= 0 and <= 1)))
            throw new ArgumentException("Expected betas in 0..1, at least one.", nameof(betas));
        Betas = betas;
        var left = new double[betas.Count];
        double product = 1;
        for (int i = 0; i < left.Length; i++)
            left[i] = product *= 1 - betas[i];
        AlphaBars = left;
    }

    /// <summary>Share of noise that each timestep adds.</summary>
    public IReadOnlyList<double> Betas { get; }

    /// <summary>Share of the image's variance that is left after each timestep.</summary>
    public IReadOnlyList<double> AlphaBars { get; }

    /// <summary>Timesteps.</summary>
    public int Count => Betas.Count;

    /// <summary>Stable Diffusion's: linear in the root of beta, which latent-diffusion calls "linear" and diffusers "scaled_linear".</summary>
    public static NoiseSchedule ScaledLinear(int steps = 1000, double start = 0.00085, double end = 0.012) =>
        new([.. Between(Math.Sqrt(start), Math.Sqrt(end), steps).Select(b => b * b)]);

    /// <summary>Linear in beta, which latent-diffusion calls "sqrt_linear".</summary>
    public static NoiseSchedule Linear(int steps, double start, double end) => new(Between(start, end, steps));

    /// <summary>guided-diffusion's "linear": from 0.0001 to 0.02, times 1000 / steps.</summary>
    public static NoiseSchedule GuidedLinear(int steps) => Linear(steps, 1000.0 / steps * 0.0001, 1000.0 / steps * 0.02);

    /// <summary>Roots of betas that are linear.</summary>
    public static NoiseSchedule Root(int steps, double start, double end) => new([.. Between(start, end, steps).Select(Math.Sqrt)]);

    /// <summary>Half a cosine (Nichol, Dhariwal: "Improved Denoising Diffusion Probabilistic Models", ICML 2021, equation 17).</summary>
    public static NoiseSchedule Cosine(int steps)
    {
        double Left(int i) => Math.Pow(Math.Cos((((double)i / steps) + CosineOffset) / (1 + CosineOffset) * Math.PI / 2), 2);
        return new([.. Enumerable.Range(0, steps).Select(i => Math.Clamp(1 - (Left(i + 1) / Left(i)), 0, LargestBeta))]);
    }

    /// <summary>
    /// The same with nothing left of the image at the last timestep (Lin, Liu, Li, Yang: "Common Diffusion Noise Schedules and Sample Steps are Flawed", WACV 2024,
    /// algorithm 1). There a network that predicts noise says nothing of the image.
    /// </summary>
    public NoiseSchedule WithoutTerminalSignal()
    {
        double[] roots = [.. AlphaBars.Select(Math.Sqrt)];
        (double first, double last) = (roots[0], roots[^1]);
        double[] left = [.. roots.Select(r => Math.Pow((r - last) * first / (first - last), 2))];
        return new([.. left.Select((a, i) => 1 - (i == 0 ? a : a / left[i - 1]))]);
    }

    private static double[] Between(double start, double end, int count) =>
        [.. Enumerable.Range(0, count).Select(i => count == 1 ? start : i == count - 1 ? end : start + (i * ((end - start) / (count - 1))))];
}
