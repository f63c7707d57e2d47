using Gir.Metrics.FullReference;

namespace Gir.Metrics.Tests.FullReference;

[TestFixture]
public class FullReferenceGoldenTests
{
    // The goldens' own tolerances (pairs.json, "tolerance").
    private const double PsnrTolerance = 1e-9;
    private const double SsimTolerance = 1e-9;
    private const double RelativeErrorTolerance = 1e-12;

    // Stated beside the photographs' values ("yiqRounded"): 0.299 R + 0.587 G + 0.114 B in floating point has exact .5 ties whose rounding
    // depends on the order of summation. Gir adds whole numbers, which is checked to 1e-9 below.
    private const double YiqPsnrTolerance = 1e-3;

    private static readonly Dictionary<string, (IFullReferenceMetric Metric, double Unit, double Absolute, double Relative)> Metrics = new()
    {
        ["mae255"] = (new Mae(), 255, 0, RelativeErrorTolerance),
        ["rmse255"] = (new Rmse(), 255, 0, RelativeErrorTolerance),
        ["psnrRgb"] = (new Psnr(), 1, PsnrTolerance, 0),
        ["psnrYBasicSr"] = (new Psnr(new PsnrOptions { Color = MetricColor.LumaBt601 }), 1, PsnrTolerance, 0),
        ["psnrYBasicSrCrop4"] = (new Psnr(new PsnrOptions { Color = MetricColor.LumaBt601, Crop = 4 }), 1, PsnrTolerance, 0),
        ["psnrYYiqRounded"] = (new Psnr(new PsnrOptions { Color = MetricColor.GrayYiqRounded }), 1, YiqPsnrTolerance, 0),
        ["ssimRgb"] = (new Ssim(), 1, SsimTolerance, 0),
        ["ssimYBasicSr"] = (new Ssim(new SsimOptions { Color = MetricColor.LumaBt601 }), 1, SsimTolerance, 0),
        ["ssimGrayMatlab"] = (new Ssim(new SsimOptions { Color = MetricColor.GrayMatlab }), 1, SsimTolerance, 0),
    };

    private static IEnumerable<string> Names => Metrics.Keys;

    [TestCaseSource(nameof(Names))]
    public void Agrees_with_the_golden_values_on_synthetic_scenes(string name) => Check(name, GoldenPairs.Synthetic);

    [TestCaseSource(nameof(Names))]
    [Category(TestData.RealData)]
    public void Agrees_with_the_golden_values_on_photographs(string name) => Check(name, GoldenPairs.Photographs);

    [Test]
    public void Rounded_gray_is_the_whole_number_nearest_to_the_exact_mix_ties_to_even()
    {
        var metric = new Psnr(new PsnrOptions { Color = MetricColor.GrayYiqRounded });
        foreach (GoldenPair pair in GoldenPairs.Synthetic.Pairs.Where(p => p.Reference != p.Distorted))
        {
            long sum = 0;
            for (int i = 0; i < pair.Reference.PlaneLength; i++)
            {
                long difference = Gray(pair.Reference, i) - Gray(pair.Distorted, i);
                sum += difference * difference;
            }

            double expected = 10 * Math.Log10(255.0 * 255 * pair.Reference.PlaneLength / sum);
            Assert.That(metric.Measure(pair.Reference, pair.Distorted).Value, Is.EqualTo(expected).Within(PsnrTolerance), pair.Name);
        }

        static long Gray(Gir.Imaging.ImageBuffer image, int i)
        {
            long Level(int c) => (long)Math.Round(image.Samples[(c * image.PlaneLength) + i] * 255.0);
            (long quotient, long rest) = Math.DivRem((299 * Level(0)) + (587 * Level(1)) + (114 * Level(2)), 1000);
            return rest > 500 || (rest == 500 && (quotient & 1) == 1) ? quotient + 1 : quotient;
        }
    }

    private static void Check(string name, GoldenPairs goldens)
    {
        (IFullReferenceMetric metric, double unit, double absolute, double relative) = Metrics[name];
        Assert.That(goldens.Pairs, Has.Count.EqualTo(30));
        Assert.Multiple(() =>
        {
            foreach (GoldenPair pair in goldens.Pairs)
            {
                double expected = pair.Values[name];
                double actual = metric.Measure(pair.Reference, pair.Distorted).Value * unit;
                if (double.IsInfinity(expected))
                    Assert.That(actual, Is.EqualTo(expected), pair.Name);
                else
                    Assert.That(actual, Is.EqualTo(expected).Within(absolute + (relative * Math.Abs(expected))), pair.Name);
            }
        });
    }
}
