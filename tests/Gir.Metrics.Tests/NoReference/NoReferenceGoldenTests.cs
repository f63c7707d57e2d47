using Gir.Imaging;
using Gir.Metrics.NoReference;

namespace Gir.Metrics.Tests.NoReference;

[TestFixture]
public class NoReferenceGoldenTests
{
    // The goldens' own tolerances (pairs.json, "tolerance").
    private const double EntropyTolerance = 1e-9;
    private const double PiqeTolerance = 1e-6;
    private const double ColorfulnessTolerance = 1e-9;

    private static readonly Dictionary<string, (INoReferenceMetric Metric, double Tolerance)> Metrics = new()
    {
        ["entropyGrayMatlab"] = (new Entropy(), EntropyTolerance),
        ["entropyGrayYiqRounded"] = (new Entropy(MetricColor.GrayYiqRounded), EntropyTolerance),
        ["piqe"] = (new Piqe(), PiqeTolerance),
        ["colourfulness"] = (new Colorfulness(), ColorfulnessTolerance),
    };

    private static IEnumerable<string> Names => Metrics.Keys;

    [TestCaseSource(nameof(Names))]
    public void Agrees_with_the_golden_values_on_synthetic_scenes(string name) => Check(name, GoldenPairs.Synthetic);

    [TestCaseSource(nameof(Names))]
    [Category(TestData.RealData)]
    public void Agrees_with_the_golden_values_on_photographs(string name) => Check(name, GoldenPairs.Photographs);

    private static void Check(string name, GoldenPairs goldens)
    {
        (INoReferenceMetric metric, double tolerance) = Metrics[name];
        int compared = 0;
        Assert.Multiple(() =>
        {
            foreach (GoldenPair pair in goldens.Pairs.Concat(goldens.Clean))
            {
                if (!pair.Values.TryGetValue(name, out double expected))
                    continue;
                compared++;
                ImageBuffer image = name switch
                {
                    "entropyGrayYiqRounded" => GoldenGray.Rounded(pair.Distorted),
                    "piqe" => GoldenGray.Stretched(pair.Distorted),
                    _ => pair.Distorted,
                };
                Assert.That(metric.Measure(image).Value, Is.EqualTo(expected).Within(tolerance), pair.Name);
            }
        });
        Assert.That(compared, Is.GreaterThanOrEqualTo(30));
    }
}
