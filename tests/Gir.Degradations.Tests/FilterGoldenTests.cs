using Gir.Degradations.Blur;
using Gir.Degradations.Ringing;
using Gir.Imaging;

namespace Gir.Degradations.Tests;

/// <summary>Blur and ringing against double-precision sums of scipy with BasicSR's kernels.</summary>
public sealed class FilterGoldenTests
{
    // Float32 accumulation: torch differs by 1.1e-6, OpenCV by 4.9e-7 from the double-precision sums.
    private const double FloatTolerance = 3e-6;

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("gray.aniso.k9.0.5.2.5.1.571", new BlurDegradation { Kind = BlurKind.Anisotropic, Size = 9, Sigma = 0.5, SigmaY = 2.5, Theta = Math.PI / 2 });
        yield return Case("gray.iso.k23.s1.37", new BlurDegradation { Size = 23, Sigma = 1.37 });
        yield return Case("gray.sinc.k23.w1.5", new RingingDegradation { Size = 23, Omega = 1.5 });
        yield return Case("scene05odd.aniso.k21.3.1.-1.2", new BlurDegradation { Kind = BlurKind.Anisotropic, Size = 21, Sigma = 3, SigmaY = 1, Theta = -1.2 });
        yield return Case(
            "scene05odd.generalized.k11.1.5.0.9.-2.b0.75",
            new BlurDegradation { Kind = BlurKind.GeneralizedGaussian, Size = 11, Sigma = 1.5, SigmaY = 0.9, Theta = -2, Beta = 0.75 });
        yield return Case("scene05odd.plateau.k21.3.1.0.7.b1.5", new BlurDegradation { Kind = BlurKind.Plateau, Size = 21, Sigma = 3, SigmaY = 1, Theta = 0.7, Beta = 1.5 });
        yield return Case("scene05odd.iso.k21.s3", new BlurDegradation { Size = 21, Sigma = 3 });
        yield return Case("scene05odd.iso.k7.s0.2", new BlurDegradation { Size = 7, Sigma = 0.2 });
        yield return Case("scene05odd.sinc.k15.w1.2", new RingingDegradation());
        yield return Case("scene05odd.sinc.k15.w3.14159", new RingingDegradation { Omega = Math.PI });
        yield return Case("scene05odd.sinc.k7.w1.0472", new RingingDegradation { Size = 7, Omega = Math.PI / 3 });
        yield return Case("scene19.iso.k15.s2", new BlurDegradation());
        yield return Case("scene08.sinc.k15.w1.2", new RingingDegradation());
    }

    [TestCaseSource(nameof(Cases))]
    public void The_operator_gives_the_golden(string crop, string name, IDegradation degradation) => Check(Goldens.Synthetic, crop, name, degradation);

    [Test]
    [Category(TestData.RealData)]
    public void The_operators_give_the_goldens_of_photographs()
    {
        SafeTensors golden = SafeTensors.Load(Goldens.Photographs("filtered.safetensors"));
        int compared = 0;
        foreach (string name in golden.Names.Where(n => n.EndsWith(".u8", StringComparison.Ordinal)))
        {
            string[] parts = name.Split('.', 3);
            string kernel = parts[2][..^3];
            IDegradation? degradation = kernel == "iso.k15.s2" ? new BlurDegradation() : kernel == "sinc.k15.w1.2" ? new RingingDegradation() : null;
            if (degradation is null)
                continue;
            Goldens.AssertSameLevels(Goldens.Degrade(Goldens.Photographs, parts[1], degradation), golden.Bytes(name));
            compared++;
        }

        Assert.That(compared, Is.GreaterThanOrEqualTo(2));
    }

    private static void Check(Func<string, string> folder, string crop, string name, IDegradation degradation)
    {
        SafeTensors golden = SafeTensors.Load(folder("filtered.safetensors"));
        ImageBuffer actual = Goldens.Degrade(folder, crop, degradation);
        if (golden.Contains($"filter.{crop}.{name}.f32"))
            Assert.That(Images.MaxDifference(Images.Interleave(actual), golden.Doubles($"filter.{crop}.{name}.f32")), Is.LessThanOrEqualTo(FloatTolerance));
        Goldens.AssertSameLevels(actual, golden.Bytes($"filter.{crop}.{name}.u8"));
    }

    private static TestCaseData Case(string name, IDegradation degradation)
    {
        string[] parts = name.Split('.', 2);
        return new TestCaseData(parts[0], parts[1], degradation).SetArgDisplayNames(name);
    }
}
