namespace Gir.Imaging.Resampling;

/// <summary>The continuous kernels, normalized to a sample distance of one.</summary>
internal static class KernelFunctions
{
    /// <summary>Keys (1981), Eq. 15 with free parameter a.</summary>
    public static double Cubic(double x, double a)
    {
        x = Math.Abs(x);
        if (x < 1)
            return ((((a + 2) * x) - (a + 3)) * x * x) + 1;
        return x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * a : 0;
    }

    public static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));

    public static double Lanczos(double x, int a) => Math.Abs(x) < a ? Sinc(x) * Sinc(x / a) : 0;

    public static double Hamming(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? Sinc(x) * (0.54 + (0.46 * Math.Cos(Math.PI * x))) : 0;
    }

    private static double Sinc(double x)
    {
        // Exactly 0 at the other integers, so that an unchanged size changes nothing.
        if (Math.Round(x) == x)
            return x == 0 ? 1 : 0;
        return Math.Sin(Math.PI * x) / (Math.PI * x);
    }
}
