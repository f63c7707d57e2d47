using Gir.Imaging;
using Gir.Metrics.FullReference;

namespace Gir.Metrics.Tests.FullReference;

[TestFixture]
public class Ciede2000Tests
{
    // The pairs are published to four decimals.
    private const double PublishedDigits = 6e-5;

    [Test]
    public void Agrees_with_the_published_pairs_in_both_orders()
    {
        double[] rows = SafeTensors.Load(TestData.Golden("metrics", "statistics.safetensors")).Doubles("ciede2000.sharma");
        Assert.That(rows, Has.Length.EqualTo(34 * 7));
        Assert.Multiple(() =>
        {
            for (int i = 0; i < rows.Length; i += 7)
            {
                var first = (rows[i], rows[i + 1], rows[i + 2]);
                var second = (rows[i + 3], rows[i + 4], rows[i + 5]);
                Assert.That(Ciede2000.Difference(first, second), Is.EqualTo(rows[i + 6]).Within(PublishedDigits), $"pair {(i / 7) + 1}");
                Assert.That(Ciede2000.Difference(second, first), Is.EqualTo(rows[i + 6]).Within(PublishedDigits), $"pair {(i / 7) + 1} turned round");
            }
        });
    }

    [Test]
    public void Gray_images_are_refused() =>
        Assert.That(
            () => new Ciede2000().Measure(new ImageBuffer(1, 4, 4), new ImageBuffer(1, 4, 4)),
            Throws.ArgumentException.With.Message.Contains("3 channels"));
}
