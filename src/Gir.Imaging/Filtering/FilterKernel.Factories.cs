namespace Gir.Imaging.Filtering;

/// <content>The kernels of the restoration literature, normalized to sum 1 unless said otherwise.</content>
public sealed partial class FilterKernel
{
    /// <summary>
    /// An isotropic Gaussian: exp(-(x^2 + y^2) / (2 sigma^2)) at integer offsets, divided by its sum; separable.
    /// </summary>
    /// <param name="size">Odd height and width, 1..<see cref="MaxSize"/>.</param>
    /// <param name="sigma">Standard deviation in pixels, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is even or out of range, or sigma is not a positive number.</exception>
    public static FilterKernel Gaussian(int size, double sigma)
    {
        CheckOddSize(size);
        CheckPositive(sigma, nameof(sigma));
        var factor = new double[size];
        for (int i = 0; i < size; i++)
        {
            double x = i - (size / 2);
            factor[i] = Math.Exp(-(x * x) / (2 * sigma * sigma));
        }

        Normalize(factor);
        return FromFactors(factor, factor);
    }

    /// <summary>A Gaussian with axes of its own (BSRGAN, Zhang et al. 2021; Real-ESRGAN, Wang et al. 2021).</summary>
    /// <param name="size">Odd height and width, 1..<see cref="MaxSize"/>.</param>
    /// <param name="sigmaX">Standard deviation along the first axis in pixels, above 0.</param>
    /// <param name="sigmaY">Standard deviation along the second axis in pixels, above 0.</param>
    /// <param name="theta">Angle of the first axis in radians, from x (right) towards y (down).</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is even or out of range, or a parameter is out of range.</exception>
    public static FilterKernel AnisotropicGaussian(int size, double sigmaX, double sigmaY, double theta) =>
        Elliptic(size, sigmaX, sigmaY, theta, distance => Math.Exp(-0.5 * distance));

    /// <summary>
    /// exp(-d^beta / 2), where d is the squared Mahalanobis distance (Real-ESRGAN, section 3.1): beta = 1 is the Gaussian, below 1
    /// it has heavier tails, above 1 it is flatter.
    /// </summary>
    /// <param name="size">Odd height and width, 1..<see cref="MaxSize"/>.</param>
    /// <param name="sigmaX">Standard deviation along the first axis in pixels, above 0.</param>
    /// <param name="sigmaY">Standard deviation along the second axis in pixels, above 0.</param>
    /// <param name="theta">Angle of the first axis in radians, from x (right) towards y (down).</param>
    /// <param name="beta">Shape, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is even or out of range, or a parameter is out of range.</exception>
    public static FilterKernel GeneralizedGaussian(int size, double sigmaX, double sigmaY, double theta, double beta)
    {
        CheckPositive(beta, nameof(beta));
        return Elliptic(size, sigmaX, sigmaY, theta, distance => Math.Exp(-0.5 * Math.Pow(distance, beta)));
    }

    /// <summary>1 / (1 + d^beta), where d is the squared Mahalanobis distance (Real-ESRGAN, section 3.1).</summary>
    /// <param name="size">Odd height and width, 1..<see cref="MaxSize"/>.</param>
    /// <param name="sigmaX">Standard deviation along the first axis in pixels, above 0.</param>
    /// <param name="sigmaY">Standard deviation along the second axis in pixels, above 0.</param>
    /// <param name="theta">Angle of the first axis in radians, from x (right) towards y (down).</param>
    /// <param name="beta">Shape, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is even or out of range, or a parameter is out of range.</exception>
    public static FilterKernel Plateau(int size, double sigmaX, double sigmaY, double theta, double beta)
    {
        CheckPositive(beta, nameof(beta));
        return Elliptic(size, sigmaX, sigmaY, theta, distance => 1 / (Math.Pow(distance, beta) + 1));
    }

    /// <summary>
    /// The ideal circular low-pass filter, cut off by the grid, which rings and overshoots (Real-ESRGAN, Eq. 6):
    /// cutoff * J1(cutoff * r) / (2 pi r), at the center cutoff^2 / (4 pi), divided by its sum.
    /// </summary>
    /// <param name="size">Odd height and width, 1..<see cref="MaxSize"/>.</param>
    /// <param name="cutoff">Cut-off frequency in radians per pixel, in (0, pi].</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is even or out of range, or the cut-off is not in (0, pi].</exception>
    public static FilterKernel Sinc(int size, double cutoff)
    {
        CheckOddSize(size);
        if (!(cutoff > 0 && cutoff <= Math.PI))
            throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "Expected a cut-off frequency in (0, pi].");
        int reach = size / 2;
        var octant = new double[(reach + 1) * (reach + 1)];
        for (int y = 0; y <= reach; y++)
        {
            for (int x = y; x <= reach; x++)
            {
                double radius = Math.Sqrt((x * x) + (y * y));
                octant[(y * (reach + 1)) + x] =
                    radius == 0 ? cutoff * cutoff / (4 * Math.PI) : cutoff * Bessel.J1(cutoff * radius) / (2 * Math.PI * radius);
            }
        }

        // Bessel functions are dear, and the kernel has the symmetry of the square: an eighth of the weights says all.
        return Radial(size, (x, y) =>
        {
            (int a, int b) = ((int)Math.Abs(x), (int)Math.Abs(y));
            return octant[(Math.Min(a, b) * (reach + 1)) + Math.Max(a, b)];
        });
    }

    /// <summary>The mean of a square; separable.</summary>
    /// <param name="size">Height and width, 1..<see cref="MaxSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public static FilterKernel Box(int size)
    {
        CheckSize(size, nameof(size));
        var factor = new double[size];
        Array.Fill(factor, 1.0 / size);
        return FromFactors(factor, factor);
    }

    /// <summary>
    /// Defocus by a round aperture: each weight is the area of its pixel inside a circle, exactly (as MATLAB's fspecial("disk") means
    /// it), divided by the sum.
    /// </summary>
    /// <param name="radius">Radius of the circle in pixels, above 0, at most 511.</param>
    /// <returns>A kernel of the smallest odd size that holds the circle.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The radius is out of range.</exception>
    public static FilterKernel Disk(double radius)
    {
        CheckExtent(radius, nameof(radius), MaxSize / 2);
        int reach = (int)Math.Ceiling(radius - 0.5);
        return Radial((2 * reach) + 1, (x, y) =>
            CornerArea(radius, x + 0.5, y + 0.5) - CornerArea(radius, x - 0.5, y + 0.5)
            - CornerArea(radius, x + 0.5, y - 0.5) + CornerArea(radius, x - 0.5, y - 0.5));
    }

    /// <summary>
    /// Linear motion: max(0, 1 - distance to the segment), a line one pixel wide with anti-aliased sides, divided by the sum. As
    /// MATLAB's fspecial("motion") but for its last pixels, where that one measures the distance to the end in another way.
    /// </summary>
    /// <param name="length">Length of the motion in pixels, at least 1 (no motion), at most 1000.</param>
    /// <param name="angleDegrees">Direction in degrees, counter-clockwise from right.</param>
    /// <returns>A kernel of the smallest odd size that holds the segment.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of range, or the angle is not finite.</exception>
    public static FilterKernel Motion(double length, double angleDegrees)
    {
        if (!(length is >= 1 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(length), length, "Expected 1..1000 pixels.");
        CheckFinite(angleDegrees, nameof(angleDegrees));
        // Reduced before the conversion, so that a half turn gives the same bits.
        double angle = angleDegrees % 180 * Math.PI / 180;
        double half = (length - 1) / 2;
        // Rows grow downwards, angles counter-clockwise.
        (double dx, double dy) = (Math.Cos(angle), -Math.Sin(angle));
        int reach = (int)Math.Ceiling(half * Math.Max(Math.Abs(dx), Math.Abs(dy)));
        return Radial((2 * reach) + 1, (x, y) =>
        {
            double along = Math.Clamp((x * dx) + (y * dy), -half, half);
            double distance = Math.Sqrt(Square(x - (along * dx)) + Square(y - (along * dy)));
            return Math.Max(0, 1 - distance);
        });
    }

    // Sigma = U diag(sigmaX^2, sigmaY^2) U^T with U the rotation by theta: d = v^T Sigma^-1 v.
    private static FilterKernel Elliptic(int size, double sigmaX, double sigmaY, double theta, Func<double, double> density)
    {
        CheckOddSize(size);
        CheckPositive(sigmaX, nameof(sigmaX));
        CheckPositive(sigmaY, nameof(sigmaY));
        CheckFinite(theta, nameof(theta));
        (double sin, double cos) = Math.SinCos(theta);
        return Radial(size, (x, y) => density(Square(((x * cos) + (y * sin)) / sigmaX) + Square(((y * cos) - (x * sin)) / sigmaY)));
    }

    private static FilterKernel Radial(int size, Func<double, double, double> density)
    {
        var weights = new double[size * size];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = density((i % size) - (size / 2), (i / size) - (size / 2));
        Normalize(weights);
        return FromWeights(weights, size, size);
    }

    // Area of the circle inside the rectangle from the origin to (a, b), with the sign of a * b: differences of four give a pixel's.
    private static double CornerArea(double radius, double a, double b)
    {
        double sign = Math.Sign(a) * Math.Sign(b);
        (a, b) = (Math.Min(Math.Abs(a), radius), Math.Min(Math.Abs(b), radius));
        if ((a * a) + (b * b) <= radius * radius)
            return sign * a * b;
        double leaves = Math.Sqrt((radius * radius) - (b * b));
        return sign * ((b * leaves) + ArcArea(radius, a) - ArcArea(radius, leaves));
    }

    // The antiderivative of sqrt(radius^2 - x^2).
    private static double ArcArea(double radius, double x) =>
        0.5 * ((x * Math.Sqrt(Math.Max(0, (radius * radius) - (x * x)))) + (radius * radius * Math.Asin(Math.Min(1, x / radius))));

    private static double Square(double value) => value * value;

    private static void Normalize(double[] weights)
    {
        double sum = 0;
        foreach (double weight in weights)
            sum += weight;
        for (int i = 0; i < weights.Length; i++)
            weights[i] /= sum;
    }

    private static void CheckOddSize(int size)
    {
        if (size is < 1 or > MaxSize || size % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"Expected an odd size in 1..{MaxSize}.");
    }

    private static void CheckPositive(double value, string name) => CheckExtent(value, name, double.MaxValue);

    private static void CheckExtent(double value, string name, double maximum)
    {
        if (!(value > 0 && value <= maximum))
            throw new ArgumentOutOfRangeException(name, value, maximum == double.MaxValue ? "Expected a number above 0." : $"Expected a number above 0 and at most {maximum}.");
    }

    private static void CheckFinite(double value, string name)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(name, value, "Expected a finite number.");
    }
}
