using Gir.Imaging.Codecs;
using Gir.Metrics.NoReference;

namespace Gir.Metrics.Tests.NoReference;

[TestFixture]
public class NiqeBuiltInModelTests
{
    [Test]
    [Category(TestData.RealData)]
    public void The_embedded_numbers_are_those_that_fitting_the_Kodak_images_gives()
    {
        string[] files = [.. Directory.GetFiles(TestData.Shared("data", "kodak"), "kodim*.png").Order(StringComparer.Ordinal)];
        Assert.That(files, Has.Length.EqualTo(24));
        NiqeModel fitted = NiqeModel.Fit(NiqeModel.BuiltIn.Name, files.Select(f => ImageFile.Load(f)));
        Assert.That(fitted.Mean.ToArray(), Is.EqualTo(NiqeModel.BuiltIn.Mean.ToArray()));
        Assert.That(fitted.Covariance.ToArray(), Is.EqualTo(NiqeModel.BuiltIn.Covariance.ToArray()));
    }
}
