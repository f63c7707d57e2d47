using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>Adds up, over a row of products a b, what a fit of an asymmetric generalized Gaussian needs.</summary>
/// <remarks>
/// <c>lanes</c> holds five sums of eight lanes: squares of the negative products, of the positive ones, how many of each,
/// and magnitudes. Element i goes to lane i mod 8 in every vector width; lengths are multiples of 8. The inputs may overlap
/// one another, but not the lanes.
/// </remarks>
internal static unsafe class AggdMoments
{
    public const int Sums = 5;
    public const int Lanes = 8;

    public static void Add(double* a, double* b, int length, double* lanes)
    {
        if (Vector512.IsHardwareAccelerated)
            Add<Lanes512<double>>(a, b, length, lanes);
        else if (Vector256.IsHardwareAccelerated)
            Add<Lanes256<double>>(a, b, length, lanes);
        else
            Add<Lanes1<double>>(a, b, length, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Add<T>(double* a, double* b, int length, double* lanes)
        where T : struct, ILanes<T, double>
    {
        T zero = T.Of(0);
        T one = T.Of(1);
        for (int lane = 0; lane < Lanes; lane += T.Count)
        {
            T negative = T.Load(lanes + lane);
            T positive = T.Load(lanes + Lanes + lane);
            T negatives = T.Load(lanes + (2 * Lanes) + lane);
            T positives = T.Load(lanes + (3 * Lanes) + lane);
            T magnitude = T.Load(lanes + (4 * Lanes) + lane);
            for (int i = lane; i < length; i += Lanes)
            {
                T product = T.Load(a + i) * T.Load(b + i);
                T square = product * product;
                negative += T.IfGreater(zero, product, square, zero);
                positive += T.IfGreater(product, zero, square, zero);
                negatives += T.IfGreater(zero, product, one, zero);
                positives += T.IfGreater(product, zero, one, zero);
                magnitude += T.Abs(product);
            }

            T.Store(negative, lanes + lane);
            T.Store(positive, lanes + Lanes + lane);
            T.Store(negatives, lanes + (2 * Lanes) + lane);
            T.Store(positives, lanes + (3 * Lanes) + lane);
            T.Store(magnitude, lanes + (4 * Lanes) + lane);
        }
    }

    /// <summary>The eight lanes of one sum, added up in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Total(double* lanes, int sum)
    {
        double total = 0;
        for (int lane = 0; lane < Lanes; lane++)
            total += lanes[(sum * Lanes) + lane];
        return total;
    }
}
