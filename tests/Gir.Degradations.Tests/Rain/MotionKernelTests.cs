using System.Globalization;
using Gir.Degradations.Rain;

namespace Gir.Degradations.Tests.Rain;

[TestFixture]
public sealed class MotionKernelTests
{
    private static readonly SafeTensors s_golden = SafeTensors.Load(TestData.Golden("degradations", "motion_kernels.safetensors"));

    public static IEnumerable<string> Kernels() =>
        s_golden.Names.Where(n => n.EndsWith(".kernel", StringComparison.Ordinal)).Select(n => n[..^7]).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Kernels))]
    public void Kernels_equal_those_made_with_OpenCV(string name)
    {
        // motion.L20.a-45.w5
        string[] parts = name.Split('.');
        (int length, int angle, int width) = (Number(parts[1]), Number(parts[2]), Number(parts[3]));
        double[] matrix = MotionKernel.Matrix(length, angle);
        Assert.That(Worst(matrix, s_golden.Doubles(name + ".matrix")), Is.LessThan(1e-12));
        Assert.That(Worst(MotionKernel.Rotated(length, matrix), s_golden.Doubles(name + ".rotated")), Is.LessThan(1e-12));
        Assert.That(Worst(MotionKernel.Create(width, length, angle), s_golden.Doubles(name + ".kernel")), Is.LessThan(1e-12));
    }

    [Test]
    public void Widths_beyond_nine_are_normalized_Gaussians()
    {
        Assert.That(MotionKernel.GaussianTaps(13).Sum(), Is.EqualTo(1).Within(1e-15));
        foreach (int width in new[] { 1, 3, 5, 7, 9 })
            Assert.That(MotionKernel.GaussianTaps(width).Sum(), Is.EqualTo(1), $"width {width}");
    }

    private static double Worst(double[] actual, double[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        return actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max();
    }

    private static int Number(string part) => int.Parse(part.AsSpan(1), CultureInfo.InvariantCulture);
}
