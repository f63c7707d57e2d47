namespace Gir.Degradations.Rain;

/// <summary>
/// The streak kernel of the reference rain generator: a diagonal of ones, turned and shrunk by an affine warp, then blurred.
/// </summary>
/// <remarks>
/// The warp is OpenCV's <c>warpAffine</c> with bilinear interpolation and a zero border, which places source coordinates on a grid of
/// 1/32 pixel; without that grid the samples differ by up to 0.03. The blur is OpenCV's <c>GaussianBlur</c> with sigma 0: fixed
/// taps up to width 9, a Gaussian of sigma 0.3 ((w - 1) / 2 - 1) + 0.8 beyond. The sum is not normalized: it grows with the length.
/// </remarks>
internal static class MotionKernel
{
    private const int GridBits = 5;
    private const int GridSize = 1 << GridBits;

    /// <summary>A length x length kernel, row-major.</summary>
    /// <param name="width">Width of the blur, odd: the streak's thickness.</param>
    /// <param name="length">Side of the kernel; the streak is a little shorter.</param>
    /// <param name="angle">Degrees from the vertical; positive leans the lower end to the right.</param>
    public static double[] Create(int width, int length, double angle) =>
        Blur(Rotated(length, Matrix(length, angle)), length, GaussianTaps(width));

    /// <summary>OpenCV's getRotationMatrix2D about (length / 2, length / 2) by angle - 45 degrees, scale 1 - length / 100: two rows of three.</summary>
    internal static double[] Matrix(int length, double angle)
    {
        double radians = (angle - 45) * (Math.PI / 180);
        double scale = 1 - (length / 100.0);
        double alpha = scale * Math.Cos(radians);
        double beta = scale * Math.Sin(radians);
        double center = length / 2.0;
        return
        [
            alpha, beta, ((1 - alpha) * center) - (beta * center),
            -beta, alpha, (beta * center) + ((1 - alpha) * center),
        ];
    }

    /// <summary>The identity matrix, warped.</summary>
    internal static double[] Rotated(int length, ReadOnlySpan<double> matrix)
    {
        double determinant = 1 / ((matrix[0] * matrix[4]) - (matrix[1] * matrix[3]));
        (double xx, double xy, double yx, double yy) =
            (matrix[4] * determinant, -matrix[1] * determinant, -matrix[3] * determinant, matrix[0] * determinant);
        double x0 = -(xx * matrix[2]) - (xy * matrix[5]);
        double y0 = -(yx * matrix[2]) - (yy * matrix[5]);

        var rotated = new double[length * length];
        for (int y = 0; y < length; y++)
        {
            for (int x = 0; x < length; x++)
            {
                int sourceX = Grid((xy * y) + x0, xx * x);
                int sourceY = Grid((yy * y) + y0, yx * x);
                rotated[(y * length) + x] = SampleDiagonal(length, sourceX, sourceY);
            }
        }

        return rotated;
    }

    internal static double[] GaussianTaps(int width) => width switch
    {
        1 => [1],
        3 => [0.25, 0.5, 0.25],
        5 => [1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0],
        7 => [2 / 64.0, 7 / 64.0, 14 / 64.0, 18 / 64.0, 14 / 64.0, 7 / 64.0, 2 / 64.0],
        9 => [4 / 256.0, 13 / 256.0, 30 / 256.0, 51 / 256.0, 60 / 256.0, 51 / 256.0, 30 / 256.0, 13 / 256.0, 4 / 256.0],
        _ => NormalizedGaussian(width),
    };

    private static double[] NormalizedGaussian(int width)
    {
        double sigma = (0.3 * (((width - 1) * 0.5) - 1)) + 0.8;
        var taps = new double[width];
        double sum = 0;
        for (int i = 0; i < width; i++)
        {
            double distance = i - ((width - 1) * 0.5);
            taps[i] = Math.Exp(-(distance * distance) / (2 * sigma * sigma));
            sum += taps[i];
        }

        for (int i = 0; i < width; i++)
            taps[i] /= sum;
        return taps;
    }

    /// <summary>A source coordinate in 1/32 pixel: the row's part and the column's part are rounded to 1/1024 apart.</summary>
    private static int Grid(double rowPart, double columnPart) =>
        ((int)Math.Round(rowPart * 1024, MidpointRounding.ToEven) + (GridSize / 2) + (int)Math.Round(columnPart * 1024, MidpointRounding.ToEven))
        >> GridBits;

    private static double SampleDiagonal(int length, int gridX, int gridY)
    {
        (int x, int y) = (gridX >> GridBits, gridY >> GridBits);
        double right = (gridX & (GridSize - 1)) / (double)GridSize;
        double down = (gridY & (GridSize - 1)) / (double)GridSize;
        return (Diagonal(x, y) * (1 - right) * (1 - down)) + (Diagonal(x + 1, y) * right * (1 - down))
            + (Diagonal(x, y + 1) * (1 - right) * down) + (Diagonal(x + 1, y + 1) * right * down);

        double Diagonal(int column, int row) => column == row && column >= 0 && column < length ? 1 : 0;
    }

    private static double[] Blur(double[] source, int length, double[] taps)
    {
        int radius = taps.Length / 2;
        var rows = new double[source.Length];
        var result = new double[source.Length];
        for (int y = 0; y < length; y++)
        {
            for (int x = 0; x < length; x++)
            {
                double sum = 0;
                for (int t = 0; t < taps.Length; t++)
                    sum += taps[t] * source[(y * length) + Reflection.Index(x + t - radius, length)];
                rows[(y * length) + x] = sum;
            }
        }

        for (int y = 0; y < length; y++)
        {
            for (int x = 0; x < length; x++)
            {
                double sum = 0;
                for (int t = 0; t < taps.Length; t++)
                    sum += taps[t] * rows[(Reflection.Index(y + t - radius, length) * length) + x];
                result[(y * length) + x] = sum;
            }
        }

        return result;
    }
}
