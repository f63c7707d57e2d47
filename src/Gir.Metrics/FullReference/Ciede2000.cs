using System.Buffers;
using Gir.Imaging;
using Gir.Imaging.Observability;

namespace Gir.Metrics.FullReference;

/// <summary>
/// The mean color difference CIEDE2000 (Sharma, Wu, Dalal: "The CIEDE2000 Color-Difference Formula", 2005) over all pixels,
/// between the CIE Lab values of two sRGB images (D65, 2 degrees). 0 for identical images, about 1 just noticeable; lower is better.
/// </summary>
/// <remarks>
/// Agrees with scikit-image's deltaE_ciede2000 of rgb2lab. Samples outside [0, 1] are clamped, as sRGB has no other
/// colors. Three channels, any size from one pixel. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.
/// </remarks>
public sealed class Ciede2000 : IFullReferenceMetric
{
    private const double Degrees = 180 / Math.PI;
    // Hues exactly opposite must count as 180 degrees apart or less, whatever the last bit says (Sharma's pair 14).
    private const double OppositeSlack = 1e-10;
    private static readonly double[] LinearOfLevel = [.. Enumerable.Range(0, 256).Select(level => Linear(level / 255.0))];
    private readonly int _crop;
    private readonly string _convention;

    /// <summary>CIEDE2000.</summary>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public Ciede2000(int crop = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        _crop = crop;
        _convention = $"sRGB to CIE Lab (D65), {(crop == 0 ? "no crop" : $"crop {crop}")}, mean over pixels";
    }

    /// <inheritdoc/>
    public string Name => "ciede2000";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => Needs.Unfit(channels, height, width);

    private MetricNeeds Needs => new(Name, 1, _crop, MetricChannels.Rgb);

    /// <summary>The difference of two CIE Lab colors, with all parametric factors 1.</summary>
    public static double Difference((double L, double A, double B) first, (double L, double A, double B) second)
    {
        double meanChroma = (Math.Sqrt((first.A * first.A) + (first.B * first.B)) + Math.Sqrt((second.A * second.A) + (second.B * second.B))) / 2;
        double power = Power7(meanChroma);
        double stretch = 1 + (0.5 * (1 - Math.Sqrt(power / (power + Power7(25)))));
        (double a1, double a2) = (first.A * stretch, second.A * stretch);
        double chroma1 = Math.Sqrt((a1 * a1) + (first.B * first.B));
        double chroma2 = Math.Sqrt((a2 * a2) + (second.B * second.B));
        double hue1 = Hue(first.B, a1);
        double hue2 = Hue(second.B, a2);
        double hueDifference = hue2 - hue1;
        double hueSum = hue1 + hue2;
        double meanHue = hueSum / 2;
        if (chroma1 * chroma2 == 0)
        {
            hueDifference = 0;
            meanHue = hueSum;
        }
        else if (Math.Abs(hueDifference) > 180 + OppositeSlack)
        {
            hueDifference -= Math.CopySign(360, hueDifference);
            meanHue = hueSum < 360 ? (hueSum + 360) / 2 : (hueSum - 360) / 2;
        }

        double lightnessDifference = second.L - first.L;
        double chromaDifference = chroma2 - chroma1;
        double hueChord = 2 * Math.Sqrt(chroma1 * chroma2) * Math.Sin(hueDifference / 2 / Degrees);
        double meanLightness = (first.L + second.L) / 2;
        double primeChroma = (chroma1 + chroma2) / 2;
        double t = 1 - (0.17 * Cos(meanHue - 30)) + (0.24 * Cos(2 * meanHue)) + (0.32 * Cos((3 * meanHue) + 6)) - (0.20 * Cos((4 * meanHue) - 63));
        double fromMiddle = (meanLightness - 50) * (meanLightness - 50);
        double weightL = 1 + (0.015 * fromMiddle / Math.Sqrt(20 + fromMiddle));
        double weightC = 1 + (0.045 * primeChroma);
        double weightH = 1 + (0.015 * primeChroma * t);
        double fromBlue = (meanHue - 275) / 25;
        double primePower = Power7(primeChroma);
        double rotation = -2 * Math.Sqrt(primePower / (primePower + Power7(25))) * Math.Sin(60 * Math.Exp(-fromBlue * fromBlue) / Degrees);
        double l = lightnessDifference / weightL;
        double c = chromaDifference / weightC;
        double h = hueChord / weightH;
        return Math.Sqrt(Math.Max(0, (l * l) + (c * c) + (h * h) + (rotation * c * h)));
    }

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        Needs.Check(reference, distorted);
        int height = reference.Height - (2 * _crop);
        double[] sums = ArrayPool<double>.Shared.Rent(height);
        parallelism.For(height, 4, new Rows(reference, distorted, _crop, sums));
        double sum = Kernels.RowSum.Of(sums.AsSpan(0, height));
        ArrayPool<double>.Shared.Return(sums);
        double mean = sum / ((double)height * (reference.Width - (2 * _crop)));
        return work.Complete(new MetricScore(Name, mean, _convention, HigherIsBetter: false));
    }

    /// <summary>CIE Lab of an sRGB color with components in [0, 1]; the digits of the matrix are scikit-image's.</summary>
    internal static (double L, double A, double B) ToLab(float red, float green, float blue)
    {
        (double r, double g, double b) = (LinearOf(red), LinearOf(green), LinearOf(blue));
        double x = Root(((0.412453 * r) + (0.357580 * g) + (0.180423 * b)) / 0.95047);
        double y = Root((0.212671 * r) + (0.715160 * g) + (0.072169 * b));
        double z = Root(((0.019334 * r) + (0.119193 * g) + (0.950227 * b)) / 1.08883);
        return ((116 * y) - 16, 500 * (x - y), 200 * (y - z));
    }

    private static double LinearOf(float sample)
    {
        // 8-bit images take the table: their 256 levels are recognized exactly.
        float level = Math.Clamp(sample, 0f, 1f) * 255f;
        int whole = (int)level;
        return whole == level ? LinearOfLevel[whole] : Linear(level / 255.0);
    }

    private static double Linear(double value) =>
        value > 0.04045 ? Math.Pow((value + 0.055) / 1.055, 2.4) : value / 12.92;

    private static double Root(double value) => value > 0.008856 ? Math.Cbrt(value) : (7.787 * value) + (16.0 / 116);

    private static double Hue(double b, double a)
    {
        double hue = Math.Atan2(b, a) * Degrees;
        return hue < 0 ? hue + 360 : hue;
    }

    private static double Cos(double degrees) => Math.Cos(degrees / Degrees);

    private static double Power7(double value)
    {
        double square = value * value;
        return square * square * square * value;
    }

    private readonly struct Rows(ImageBuffer reference, ImageBuffer distorted, int crop, double[] sums) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                double sum = 0;
                int y = row + crop;
                for (int x = crop; x < reference.Width - crop; x++)
                    sum += Difference(Lab(reference, y, x), Lab(distorted, y, x));
                sums[row] = sum;
            }
        }

        private static (double L, double A, double B) Lab(ImageBuffer image, int y, int x)
        {
            int at = (y * image.Width) + x;
            Span<float> samples = image.Samples;
            return ToLab(samples[at], samples[at + image.PlaneLength], samples[at + (2 * image.PlaneLength)]);
        }
    }
}
