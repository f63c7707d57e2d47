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
