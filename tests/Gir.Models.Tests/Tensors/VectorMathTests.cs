using System.Runtime.Intrinsics;
using Gir.Models.Tensors.Backends.Cpu.Kernels;
using MathNet.Numerics;

namespace Gir.Models.Tests.Tensors;

/// <summary>Elementary functions against double precision over dense ranges; the bounds are those of the doc comments.</summary>
public sealed class VectorMathTests
{
    // Of a value in 0.5..1.
    private const double HalfUnit = 1.0 / (1 << 24);

    private const int Points = 1 << 15;

    [Test]
    public void Exp_is_within_one_unit_in_the_last_place() => Assert.That(
        WorstUnits(-103.9, 88.7, VectorMath.Exp, Math.Exp), Is.LessThanOrEqualTo(1));

    [Test]
    public void Exp_ends_at_its_limits()
    {
        Assert.That(One(VectorMath.Exp, 0), Is.EqualTo(1));
        Assert.That(One(VectorMath.Exp, float.NegativeInfinity), Is.Zero);
        Assert.That(One(VectorMath.Exp, -104.5f), Is.Zero);
        Assert.That(One(VectorMath.Exp, 89), Is.EqualTo(float.PositiveInfinity));
        Assert.That(One(VectorMath.Exp, float.PositiveInfinity), Is.EqualTo(float.PositiveInfinity));
        Assert.That(One(VectorMath.Exp, float.NaN), Is.NaN);
    }

    [Test]
    public void Log_is_within_two_units_in_the_last_place() => Assert.That(
        Math.Max(WorstUnits(1e-30, 4, VectorMath.Log, Math.Log), WorstUnits(4, 1e30, VectorMath.Log, Math.Log)), Is.LessThanOrEqualTo(2));

    [Test]
    public void Erf_is_within_two_units_of_one() => Assert.That(WorstDifference(-4.5, 4.5, VectorMath.Erf, SpecialFunctions.Erf), Is.LessThanOrEqualTo(2 * HalfUnit));

    [Test]
    public void Sigmoid_is_within_three_units_in_the_last_place() => Assert.That(
        WorstUnits(-80, 80, VectorMath.Sigmoid, x => 1 / (1 + Math.Exp(-x))), Is.LessThanOrEqualTo(3));

    private static double WorstUnits(double from, double to, Func<Vector512<float>, Vector512<float>> function, Func<double, double> exact) =>
        Worst(from, to, function, exact, y => Math.Max(Math.ScaleB(1, Math.ILogB(y) - 23), float.Epsilon));

    private static double WorstDifference(double from, double to, Func<Vector512<float>, Vector512<float>> function, Func<double, double> exact) =>
        Worst(from, to, function, exact, _ => 1);

    private static double Worst(
        double from, double to, Func<Vector512<float>, Vector512<float>> function, Func<double, double> exact, Func<double, double> unit)
    {
        double worst = 0;
        var lanes = new float[16];
        for (int i = 0; i < Points; i += 16)
        {
            for (int k = 0; k < 16; k++)
                lanes[k] = (float)(from + ((to - from) * (i + k) / Points));
            Vector512<float> y = function(Vector512.Create(lanes));
            for (int k = 0; k < 16; k++)
            {
                double expected = exact(lanes[k]);
                worst = Math.Max(worst, Math.Abs(y[k] - expected) / unit(expected));
            }
        }

        return worst;
    }

    private static float One(Func<Vector512<float>, Vector512<float>> function, float x) => function(Vector512.Create(x)).ToScalar();
}
