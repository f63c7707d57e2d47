using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Metrics.NoReference;

namespace Gir.Metrics.Tests.NoReference;

[TestFixture]
public class NiqeTests
{
    // niqe.json: two filter orders of the reference agree to 7.2e-12 when snapped; raw scores move by up to 0.29 with rounding noise.
    private const double SnappedTolerance = 1e-6;
    private const double RawTolerance = 0.29;

    [Test]
    [Category(TestData.RealData)]
    public void Agrees_with_the_authors_model_on_all_Kodak_images([Values] bool raw)
    {
        NiqeModel model = NiqeModel.Load(TestData.Shared("data", "niqe", "modelparameters.mat"));
        var metric = new Niqe(new NiqeOptions { Model = model, Raw = raw });
        using JsonDocument goldens = JsonDocument.Parse(File.ReadAllBytes(TestData.Shared("golden", "photos", "metrics", "niqe.json")));
        int compared = 0;
        foreach (JsonElement golden in goldens.RootElement.GetProperty("clean").EnumerateArray())
        {
            string image = golden.GetProperty("image").GetString()!;
            MetricScore score = metric.Measure(ImageFile.Load(TestData.Shared(image.Split('/'))));
            double expected = golden.GetProperty(raw ? "raw" : "snapped").GetDouble();
            Assert.That(score.Value, Is.EqualTo(expected).Within(raw ? RawTolerance : SnappedTolerance), image);
            Assert.That(score.Model, Is.EqualTo("modelparameters.mat"));
            compared++;
        }

        Assert.That(compared, Is.EqualTo(24));
    }

    [TestCase("blur2")]
    [TestCase("contrast")]
    [Category(TestData.RealData)]
    public void Agrees_with_the_authors_model_on_degraded_copies_made_by_their_recipes(string distortion)
    {
        using JsonDocument goldens = JsonDocument.Parse(File.ReadAllBytes(TestData.Shared("golden", "photos", "metrics", "niqe.json")));
        JsonElement golden = goldens.RootElement.GetProperty("distorted").EnumerateArray().Single(e => e.GetProperty("distortion").GetString() == distortion);
        ImageBuffer clean = ImageFile.Load(TestData.Shared(golden.GetProperty("image").GetString()!.Split('/')));
        ImageBuffer distorted = distortion == "blur2" ? Blur(clean) : LowerContrast(clean);
        NiqeModel model = NiqeModel.Load(TestData.Shared("data", "niqe", "modelparameters.mat"));
        Assert.That(new Niqe(new NiqeOptions { Model = model }).Measure(distorted).Value, Is.EqualTo(golden.GetProperty("snapped").GetDouble()).Within(SnappedTolerance));
        Assert.That(new Niqe(new NiqeOptions { Model = model, Raw = true }).Measure(distorted).Value, Is.EqualTo(golden.GetProperty("raw").GetDouble()).Within(RawTolerance));
        Assert.That(new Colorfulness().Measure(distorted).Value, Is.EqualTo(golden.GetProperty("colourfulness").GetDouble()).Within(1e-9));
        Assert.That(new Entropy().Measure(distorted).Value, Is.EqualTo(golden.GetProperty("entropyGrayMatlab").GetDouble()).Within(1e-9));
    }

    /// <summary>15 taps of a Gaussian of sigma 2 in double precision, reflected without the edge: a float32 filter rounds some levels the other way.</summary>
    private static ImageBuffer Blur(ImageBuffer image)
    {
        double[] taps = [.. Enumerable.Range(-7, 15).Select(t => Math.Exp(-t * t / 8.0))];
        double total = taps.Sum();
        static int Inside(int at, int count) => at < 0 ? -at : at >= count ? (2 * count) - 2 - at : at;
        var result = new ImageBuffer(image.Channels, image.Height, image.Width);
        var rows = new double[image.Height, image.Width];
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < image.Height; y++)
            {
                for (int x = 0; x < image.Width; x++)
                {
                    rows[y, x] = 0;
                    for (int t = -7; t <= 7; t++)
                        rows[y, x] += taps[t + 7] / total * Math.Round(image[c, y, Inside(x + t, image.Width)] * 255.0);
                }
            }

            for (int y = 0; y < image.Height; y++)
            {
                for (int x = 0; x < image.Width; x++)
                {
                    double sum = 0;
                    for (int t = -7; t <= 7; t++)
                        sum += taps[t + 7] / total * rows[Inside(y + t, image.Height), x];
                    result[c, y, x] = (float)(Math.Round(sum) / 255);
                }
            }
        }

        return result;
    }

    private static ImageBuffer LowerContrast(ImageBuffer image)
    {
        double[] levels = [.. image.Samples.ToArray().Select(v => Math.Round(v * 255.0))];
        double mean = levels.Average();
        return new ImageBuffer(image.Channels, image.Height, image.Width, [.. levels.Select(v => (float)(Math.Round(((v - mean) * 0.7) + mean) / 255))]);
    }

    [Test]
    [Category(TestData.RealData)]
    public void Both_published_files_hold_the_same_model()
    {
        NiqeModel matlab = NiqeModel.Load(TestData.Shared("data", "niqe", "modelparameters.mat"));
        NiqeModel numpy = NiqeModel.Load(TestData.Shared("data", "niqe", "niqe_pris_params.npz"), "numpy");
        Assert.That(numpy.Mean.ToArray(), Is.EqualTo(matlab.Mean.ToArray()));
        Assert.That(numpy.Covariance.ToArray(), Is.EqualTo(matlab.Covariance.ToArray()));
        Assert.That(numpy.Name, Is.EqualTo("numpy"));
    }
}
