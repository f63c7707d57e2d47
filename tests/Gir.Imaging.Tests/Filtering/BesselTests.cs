using Gir.Imaging.Filtering;
using MathNet.Numerics;

namespace Gir.Imaging.Tests.Filtering;

public sealed class BesselTests
{
    [Test]
    public void J1_is_that_of_the_reference_routine()
    {
        double worst = 0;
        for (double x = 1e-6; x < 1000; x *= 1.003)
            worst = Math.Max(worst, Math.Abs(Bessel.J1(x) - SpecialFunctions.BesselJ(1, x)));
        Assert.That(worst, Is.LessThanOrEqualTo(1e-14));
    }

    // Abramowitz and Stegun, table 9.1.
    [TestCase(0, 0)]
    [TestCase(1, 0.4400505857)]
    [TestCase(2, 0.5767248078)]
    [TestCase(10, 0.0434727462)]
    public void J1_is_that_of_the_tables(double x, double expected) => Assert.That(Bessel.J1(x), Is.EqualTo(expected).Within(1e-10));
}
