using System.Numerics;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Tests.Kernels;

/// <summary>Every width does what one lane does, to the last bit.</summary>
public sealed unsafe class LanesTests
{
    private static readonly double[] s_values = [0, -0.0, 1, -1, 0.5, 1.5, 2.5, -2.5, 254.5, 255.49, 1e-3, -1e-3, 3.0000002, -7.75, 1e30, -1e-30, 1.0 / 3, 127];

    [Test]
    public void Singles_agree()
    {
        Agrees<float, Lanes512<float>>();
        Agrees<float, Lanes256<float>>();
    }

    [Test]
    public void Doubles_agree()
    {
        Agrees<double, Lanes512<double>>();
        Agrees<double, Lanes256<double>>();
    }

    [Test]
    public void Comparisons_with_NaN_are_false()
    {
        Assert.That(One<Lanes512<float>, float>(Lanes512<float>.IfGreater(Lanes512<float>.Of(float.NaN), Lanes512<float>.Of(0), Lanes512<float>.Of(1), Lanes512<float>.Of(2))), Is.EqualTo(2));
        Assert.That(One<Lanes256<float>, float>(Lanes256<float>.IfGreater(Lanes256<float>.Of(0), Lanes256<float>.Of(float.NaN), Lanes256<float>.Of(1), Lanes256<float>.Of(2))), Is.EqualTo(2));
        Assert.That(Lanes1<float>.IfGreater(Lanes1<float>.Of(float.NaN), Lanes1<float>.Of(0), Lanes1<float>.Of(1), Lanes1<float>.Of(2)).Value, Is.EqualTo(2));
    }

    [Test]
    public void Powers_of_two_are_exact()
    {
        for (int k = -126; k <= 127; k++)
        {
            float sum = k + 12582912f;
            float expected = (float)Math.Pow(2, k);
            Assert.That(One<Lanes512<float>, float>(LaneBits.PowerOfTwo(Lanes512<float>.Of(sum))), Is.EqualTo(expected));
            Assert.That(One<Lanes256<float>, float>(LaneBits.PowerOfTwo(Lanes256<float>.Of(sum))), Is.EqualTo(expected));
            Assert.That(LaneBits.PowerOfTwo(Lanes1<float>.Of(sum)).Value, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Levels_are_the_float_products_widened()
    {
        float* source = stackalloc float[8];
        for (int i = 0; i < 8; i++)
            source[i] = (i + 0.3f) / 7;
        double* wide = stackalloc double[8];
        double* half = stackalloc double[8];
        Lanes512<double>.Store(LaneBits.LoadLevels<Lanes512<double>>(source), wide);
        Lanes256<double>.Store(LaneBits.LoadLevels<Lanes256<double>>(source), half);
        Lanes256<double>.Store(LaneBits.LoadLevels<Lanes256<double>>(source + 4), half + 4);
        for (int i = 0; i < 8; i++)
        {
            Assert.That(wide[i], Is.EqualTo((double)(source[i] * 255f)));
            Assert.That(half[i], Is.EqualTo(wide[i]));
            Assert.That(LaneBits.LoadLevels<Lanes1<double>>(source + i).Value, Is.EqualTo(wide[i]));
        }
    }

    private static T One<TLanes, T>(TLanes lanes)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* all = stackalloc T[16];
        TLanes.Store(lanes, all);
        for (int i = 1; i < TLanes.Count; i++)
            Assert.That(all[i], Is.EqualTo(all[0]));
        return all[0];
    }

    private static void Agrees<T, TLanes>()
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        T[] values = [.. s_values.Select(T.CreateTruncating)];
        foreach (T x in values)
        {
            foreach (T y in values)
            {
                T[] expected = [.. Results<T, Lanes1<T>>(Lanes1<T>.Of(x), Lanes1<T>.Of(y)).Select(r => r.Value)];
                T[] actual = [.. Results<T, TLanes>(TLanes.Of(x), TLanes.Of(y)).Select(One<TLanes, T>)];
                Assert.That(actual, Is.EqualTo(expected), $"{x}, {y}");
            }
        }
    }

    private static TLanes[] Results<T, TLanes>(TLanes x, TLanes y)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T> =>
    [
        x + y, x - y, x * y, x / y, TLanes.Min(x, y), TLanes.Max(x, y), TLanes.Abs(x), TLanes.Sqrt(TLanes.Abs(x)),
        TLanes.Floor(x), TLanes.Round(x), TLanes.IfGreater(x, y, x, y),
    ];
}
