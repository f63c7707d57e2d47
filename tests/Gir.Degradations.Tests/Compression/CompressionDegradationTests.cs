using System.Globalization;
using Gir.Degradations.Compression;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Compression;

public sealed class CompressionDegradationTests
{
    [Test]
    public void Jpeg_is_exact() => CheckExact(Goldens.Synthetic);

    [Test]
    [Category(TestData.RealData)]
    public void Jpeg_is_exact_on_photographs() => CheckExact(Goldens.Photographs);

    [Test]
    public void The_approximation_gives_the_goldens_but_for_quantization_ties()
    {
        SafeTensors golden = SafeTensors.Load(Goldens.Synthetic("diffjpeg.safetensors"));
        string[] names = [.. golden.Names.Where(n => n.EndsWith(".u8", StringComparison.Ordinal))];
        Assert.That(names, Has.Length.EqualTo(12));
        foreach (string name in names)
        {
            // "diffJpeg.scene05odd.q30.u8"
            string[] parts = name.Split('.');
            var compression = new CompressionDegradation { Kind = CompressionKind.DiffJpeg, Quality = int.Parse(parts[2][1..], CultureInfo.InvariantCulture) };
            byte[] actual = Images.ToLevels(Goldens.Degrade(Goldens.Synthetic, parts[1], compression));
            byte[] expected = golden.Bytes(name);
            // A coefficient within float error of a half rounds either way and moves its whole block.
            int far = actual.Where((level, i) => Math.Abs(level - expected[i]) > 1).Count();
            Assert.That(far, Is.LessThanOrEqualTo(0.005 * expected.Length), name);
            double error = actual.Select((level, i) => Math.Pow(level - expected[i], 2)).Average();
            Assert.That(error == 0 ? 99 : 10 * Math.Log10(255 * 255 / error), Is.GreaterThanOrEqualTo(55), name);
        }
    }

    [TestCase("compression(kind=diff-jpeg, quality=100)")]
    [TestCase("compression(kind=diff-jpeg, subsampling=chroma444)")]
    public void What_the_approximation_lacks_is_refused_when_the_pipeline_is_built(string expression) =>
        Assert.That(() => DegradationPipeline.Parse(expression), Throws.TypeOf<DegradationException>().With.Message.Contains("operator 1 (compression)"));

    [Test]
    public void Random_quality_is_an_integer_of_30_to_95()
    {
        var random = new PhiloxRandom(3);
        int[] drawn = [.. Enumerable.Range(0, 5000).Select(_ => ((CompressionDegradation)CompressionDegradation.Descriptor.Sample(random)).Quality)];
        Assert.That(drawn.Distinct().Order(), Is.EqualTo(Enumerable.Range(30, 66)));
    }

    [TestCase(0)]
    [TestCase(101)]
    public void Quality_out_of_range_is_refused(int quality) =>
        Assert.That(() => new CompressionDegradation { Quality = quality }, Throws.TypeOf<DegradationException>().With.Message.Contains("1..100"));

    private static void CheckExact(Func<string, string> folder)
    {
        int compared = 0;
        foreach (string file in new[] { "jpeg_420.safetensors", "jpeg_444_422.safetensors" })
        {
            SafeTensors golden = SafeTensors.Load(folder(file));
            foreach (string name in golden.Names)
            {
                // "jpeg422.scene05odd.q50"
                string[] parts = name.Split('.');
                var compression = new CompressionDegradation
                {
                    Quality = int.Parse(parts[2][1..], CultureInfo.InvariantCulture),
                    Subsampling = Enum.Parse<ChromaSubsampling>("Chroma" + parts[0][4..]),
                };
                ImageBuffer actual = Goldens.Degrade(folder, parts[1], compression);
                Assert.That(Images.LevelDifferences(Images.ToLevels(actual), golden.Bytes(name)).Count, Is.Zero, name);
                compared++;
            }
        }

        Assert.That(compared, Is.GreaterThan(20));
    }
}
