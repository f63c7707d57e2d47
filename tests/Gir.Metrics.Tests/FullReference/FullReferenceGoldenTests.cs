using Gir.Metrics.FullReference;

namespace Gir.Metrics.Tests.FullReference;

[TestFixture]
public class FullReferenceGoldenTests
{
    // The goldens' own tolerances (pairs.json, "tolerance").
    private const double PsnrTolerance = 1e-9;
    private const double SsimTolerance = 1e-9;
    private const double GmsdTolerance = 1e-9;
    private const double VifTolerance = 1e-8;
    private const double FsimTolerance = 1e-6;
    private const double CiedeTolerance = 1e-6;
    private const double RelativeErrorTolerance = 1e-12;

    private static readonly Dictionary<string, (IFullReferenceMetric Metric, double Unit, double Absolute, double Relative)> Metrics = new()
    {
        ["mae255"] = (new Mae(), 255, 0, RelativeErrorTolerance),
        ["rmse255"] = (new Rmse(), 255, 0, RelativeErrorTolerance),
        ["psnrRgb"] = (new Psnr(), 1, PsnrTolerance, 0),
        ["psnrYBasicSr"] = (new Psnr(new PsnrOptions { Color = MetricColor.LumaBt601 }), 1, PsnrTolerance, 0),
        ["psnrYBasicSrCrop4"] = (new Psnr(new PsnrOptions { Color = MetricColor.LumaBt601, Crop = 4 }), 1, PsnrTolerance, 0),
        ["psnrYYiqRounded"] = (new Psnr(new PsnrOptions { Color = MetricColor.GrayYiqRounded }), 1, PsnrTolerance, 0),
        ["ssimRgb"] = (new Ssim(), 1, SsimTolerance, 0),
        ["ssimYBasicSr"] = (new Ssim(new SsimOptions { Color = MetricColor.LumaBt601 }), 1, SsimTolerance, 0),
        ["ssimGrayMatlab"] = (new Ssim(new SsimOptions { Color = MetricColor.GrayMatlab }), 1, SsimTolerance, 0),
        ["msSsimGrayMatlabProduct"] = (Scales(MetricColor.GrayMatlab, MsSsimForm.Product), 1, SsimTolerance, 0),
        ["msSsimGrayMatlabWeightedSum"] = (Scales(MetricColor.GrayMatlab, MsSsimForm.WeightedSum), 1, SsimTolerance, 0),
        ["msSsimYBasicSrProduct"] = (Scales(MetricColor.LumaBt601, MsSsimForm.Product), 1, SsimTolerance, 0),
        ["msSsimYBasicSrWeightedSum"] = (Scales(MetricColor.LumaBt601, MsSsimForm.WeightedSum), 1, SsimTolerance, 0),
        ["msSsimRgbChannelMeanProduct"] = (new MsSsim(), 1, SsimTolerance, 0),
        ["msSsimRgbChannelMeanWeightedSum"] = (Scales(MetricColor.Rgb, MsSsimForm.WeightedSum), 1, SsimTolerance, 0),
        ["gmsdGrayMatlab"] = (new Gmsd(), 1, GmsdTolerance, 0),
        ["gmsdYiqRounded"] = (new Gmsd(MetricColor.GrayYiqRounded), 1, GmsdTolerance, 0),
        ["vifpGrayMatlab"] = (new Vif(), 1, VifTolerance, 0),
        ["fsim"] = (new Fsim(), 1, FsimTolerance, 0),
        ["fsimc"] = (new Fsim(chromatic: true), 1, FsimTolerance, 0),
        ["ciede2000Mean"] = (new Ciede2000(), 1, CiedeTolerance, 0),
    };

    private static IEnumerable<string> Names => Metrics.Keys;

    [TestCaseSource(nameof(Names))]
    public void Agrees_with_the_golden_values_on_synthetic_scenes(string name) => Check(name, GoldenPairs.Synthetic);

    [TestCaseSource(nameof(Names))]
    [Category(TestData.RealData)]
    public void Agrees_with_the_golden_values_on_photographs(string name) => Check(name, GoldenPairs.Photographs);

    private static MsSsim Scales(MetricColor color, MsSsimForm form) => new(new MsSsimOptions { Color = color, Form = form });

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
                bool yiq = name.Contains("YiqRounded", StringComparison.Ordinal);
                double actual = metric.Measure(
                    yiq ? GoldenGray.Rounded(pair.Reference) : pair.Reference, yiq ? GoldenGray.Rounded(pair.Distorted) : pair.Distorted).Value * unit;
                if (double.IsInfinity(expected))
                    Assert.That(actual, Is.EqualTo(expected), pair.Name);
                else
                    Assert.That(actual, Is.EqualTo(expected).Within(absolute + (relative * Math.Abs(expected))), pair.Name);
            }
        });
    }
}
