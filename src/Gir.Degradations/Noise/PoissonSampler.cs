using Gir.Imaging.Random;
using MathNet.Numerics;

namespace Gir.Degradations.Noise;

/// <summary>Poisson numbers whose every draw is a function of seed and element.</summary>
internal static class PoissonSampler
{
    // Below this, searching the distribution from 0 is quicker than rejection (which needs a mean of at least 10).
    private const double SearchLimit = 10;

    /// <summary>A Poisson number with the given mean (0..10^7).</summary>
    public static double Draw(double mean, ulong seed, ulong element) =>
        mean < SearchLimit ? Search(mean, seed, element) : Reject(mean, seed, element);

    private static double Search(double mean, ulong seed, ulong element)
    {
        (double uniform, _) = Uniforms(seed, 0, element);
        double probability = Math.Exp(-mean);
        double count = 0;
        // The sum of all probabilities may round to less than the largest uniform; no mean below 10 gets near this bound.
        for (double sum = probability; uniform >= sum && count < 200; sum += probability)
            probability *= mean / ++count;
        return count;
    }

    /// <summary>Hoermann, "The transformed rejection method for generating Poisson random variables" (1993), algorithm PTRS.</summary>
    private static double Reject(double mean, ulong seed, ulong element)
    {
        double b = 0.931 + (2.53 * Math.Sqrt(mean));
        double a = -0.059 + (0.02483 * b);
        double inverseAlpha = 1.1239 + (1.1328 / (b - 3.4));
        double squeeze = 0.9277 - (3.6224 / (b - 2));
        double logMean = Math.Log(mean);
        // Each attempt succeeds with more than 70 %; one stream per attempt keeps elements apart.
        for (uint attempt = 0; ; attempt++)
        {
            (double first, double v) = Uniforms(seed, attempt, element);
            double u = first - 0.5;
            double us = 0.5 - Math.Abs(u);
            double count = Math.Floor((((2 * a / us) + b) * u) + mean + 0.43);
            if (us >= 0.07 && v <= squeeze)
                return count;
            if (count < 0 || (us < 0.013 && v > us))
                continue;
            if (Math.Log(v * inverseAlpha / ((a / (us * us)) + b)) <= (count * logMean) - mean - SpecialFunctions.GammaLn(count + 1))
                return count;
        }
    }

    private static (double First, double Second) Uniforms(ulong seed, uint stream, ulong element)
    {
        PhiloxBlock block = Philox4x32.Block(seed, stream, element);
        return (Unit(block.X0, block.X1), Unit(block.X2, block.X3));
    }

    private static double Unit(uint low, uint high) => ((low | ((ulong)high << 32)) >> 11) * (1.0 / (1UL << 53));
}
