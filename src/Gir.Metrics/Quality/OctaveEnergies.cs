namespace Gir.Metrics.Quality;

/// <summary>Energies of an image's octaves, by Haar's wavelet: logarithms to base 2 of the mean squared details of 2 x 2 pixels, in levels, from fine to coarse.</summary>
internal static class OctaveEnergies
{
    public const int Count = 5;

    // A tenth of a level: what lies below is rounding.
    private const double Floor = 0.01;

    public static double[] Of(LevelPlane luma)
    {
        double[] current = luma.Values.ToArray();
        (int height, int width) = (luma.Height, luma.Width);
        var logarithms = new double[Count];
        for (int octave = 0; octave < Count; octave++)
        {
            (int halfHeight, int halfWidth) = (height / 2, width / 2);
            var next = new double[halfHeight * halfWidth];
            double energy = 0;
            for (int y = 0; y < halfHeight; y++)
            {
                ReadOnlySpan<double> upper = current.AsSpan(2 * y * width, width);
                ReadOnlySpan<double> lower = current.AsSpan(((2 * y) + 1) * width, width);
                for (int x = 0; x < halfWidth; x++)
                {
                    (double a, double b, double c, double d) = (upper[2 * x], upper[(2 * x) + 1], lower[2 * x], lower[(2 * x) + 1]);
                    double across = a - b + (c - d);
                    double down = a + b - (c + d);
                    double diagonal = a - b - (c - d);
                    energy += ((across * across) + (down * down) + (diagonal * diagonal)) / 16;
                    next[(y * halfWidth) + x] = (a + b + (c + d)) / 4;
                }
            }

            logarithms[octave] = Math.Log2((energy / next.Length) + Floor);
            (current, height, width) = (next, halfHeight, halfWidth);
        }

        return logarithms;
    }
}
