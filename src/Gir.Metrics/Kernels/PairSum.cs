using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>Sums a term of two rows: the squared or absolute difference.</summary>
/// <remarks>
/// Lane layout: element i is added to lane i mod 32; the 32 lanes are added up in order at the end, whatever the vector
/// width, so all widths give the same bits. Inputs may alias one another; nothing is written.
/// </remarks>
internal static unsafe class PairSum
{
    private const int Lanes = 32;
    private const double LargestLevel = SampleRange.Largest * byte.MaxValue;

    /// <summary>The term that is summed.</summary>
    public interface ITerm
    {
        static abstract T Of<T>(T difference)
            where T : struct, ILanes<T, double>;
    }

    /// <summary>Sums over float samples, taken as levels 0..255; NaN where a sample is NaN or beyond <see cref="SampleRange.Largest"/>.</summary>
    /// <remarks>A look at the samples beforehand would wait for memory twice: large images are bound by it.</remarks>
    public static double Levels<TTerm>(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        where TTerm : struct, ITerm
    {
        fixed (float* pa = a, pb = b)
        {
            return Vector512.IsHardwareAccelerated ? Levels<TTerm, Lanes512<double>>(pa, pb, a.Length)
                : Vector256.IsHardwareAccelerated ? Levels<TTerm, Lanes256<double>>(pa, pb, a.Length)
                : Levels<TTerm, Lanes1<double>>(pa, pb, a.Length);
        }
    }

    /// <summary>Sums over doubles.</summary>
    public static double Doubles<TTerm>(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        where TTerm : struct, ITerm
    {
        fixed (double* pa = a, pb = b)
        {
            return Vector512.IsHardwareAccelerated ? Doubles<TTerm, Lanes512<double>>(pa, pb, a.Length)
                : Vector256.IsHardwareAccelerated ? Doubles<TTerm, Lanes256<double>>(pa, pb, a.Length)
                : Doubles<TTerm, Lanes1<double>>(pa, pb, a.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static double Levels<TTerm, T>(float* a, float* b, int length)
        where TTerm : struct, ITerm
        where T : struct, ILanes<T, double>
    {
        double* lanes = stackalloc double[Lanes];
        Unsafe.InitBlock(lanes, 0, Lanes * sizeof(double));
        T largest = T.Of(0);
        int i = 0;
        for (; i <= length - Lanes; i += Lanes)
        {
            for (int lane = 0; lane < Lanes; lane += T.Count)
            {
                T first = LaneBits.LoadLevels<T>(a + i + lane);
                T second = LaneBits.LoadLevels<T>(b + i + lane);
                // Max may forget a number beside NaN, which the sum never does.
                largest = T.Max(largest, T.Max(T.Abs(first), T.Abs(second)));
                T.Store(T.Load(lanes + lane) + TTerm.Of(first - second), lanes + lane);
            }
        }

        double* magnitudes = stackalloc double[T.Count];
        T.Store(largest, magnitudes);
        bool fits = true;
        for (int lane = 0; lane < T.Count; lane++)
            fits &= magnitudes[lane] <= LargestLevel;
        for (int lane = 0; i < length; i++, lane++)
        {
            Lanes1<double> first = LaneBits.LoadLevels<Lanes1<double>>(a + i);
            Lanes1<double> second = LaneBits.LoadLevels<Lanes1<double>>(b + i);
            fits &= Math.Abs(first.Value) <= LargestLevel && Math.Abs(second.Value) <= LargestLevel;
            Lanes1<double>.Store(Lanes1<double>.Load(lanes + lane) + TTerm.Of(first - second), lanes + lane);
        }

        return fits ? AddUp(lanes) : double.NaN;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static double Doubles<TTerm, T>(double* a, double* b, int length)
        where TTerm : struct, ITerm
        where T : struct, ILanes<T, double>
    {
        double* lanes = stackalloc double[Lanes];
        Unsafe.InitBlock(lanes, 0, Lanes * sizeof(double));
        int i = 0;
        for (; i <= length - Lanes; i += Lanes)
        {
            for (int lane = 0; lane < Lanes; lane += T.Count)
            {
                T difference = T.Load(a + i + lane) - T.Load(b + i + lane);
                T.Store(T.Load(lanes + lane) + TTerm.Of(difference), lanes + lane);
            }
        }

        for (int lane = 0; i < length; i++, lane++)
            Lanes1<double>.Store(Lanes1<double>.Load(lanes + lane) + TTerm.Of(Lanes1<double>.Load(a + i) - Lanes1<double>.Load(b + i)), lanes + lane);
        return AddUp(lanes);
    }

    private static double AddUp(double* lanes)
    {
        double sum = 0;
        for (int lane = 0; lane < Lanes; lane++)
            sum += lanes[lane];
        return sum;
    }

    /// <summary>The squared difference.</summary>
    public readonly struct Square : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T difference)
            where T : struct, ILanes<T, double> => difference * difference;
    }

    /// <summary>The absolute difference.</summary>
    public readonly struct Absolute : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T difference)
            where T : struct, ILanes<T, double> => T.Abs(difference);
    }
}
