using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>One stage of a mixed-radix Stockham transform of eight columns at once.</summary>
/// <remarks>
/// An element of the transform is eight neighboring doubles, one per column; real and imaginary parts lie in planes of their
/// own. Lanes are columns, so every width does the same operations. Source and target must not overlap.
/// </remarks>
internal static unsafe class FourierColumns
{
    public const int Columns = 8;

    /// <summary>Combines <paramref name="radix"/> transforms of length <paramref name="done"/> into one of radix x done.</summary>
    /// <param name="sourceReal">n elements.</param>
    /// <param name="sourceImaginary">n elements.</param>
    /// <param name="targetReal">n elements.</param>
    /// <param name="targetImaginary">n elements.</param>
    /// <param name="n">Length of the whole transform.</param>
    /// <param name="radix">The factor of this stage.</param>
    /// <param name="done">Product of the factors before.</param>
    /// <param name="cosines">cos(2 pi k / n) for k in 0..n-1.</param>
    /// <param name="sines">sin(-+2 pi k / n), negative for the forward transform.</param>
    public static void Stage(
        double* sourceReal, double* sourceImaginary, double* targetReal, double* targetImaginary,
        int n, int radix, int done, double* cosines, double* sines)
    {
        if (Vector512.IsHardwareAccelerated)
            Stage<Lanes512<double>>(sourceReal, sourceImaginary, targetReal, targetImaginary, n, radix, done, cosines, sines);
        else if (Vector256.IsHardwareAccelerated)
            Stage<Lanes256<double>>(sourceReal, sourceImaginary, targetReal, targetImaginary, n, radix, done, cosines, sines);
        else
            Stage<Lanes1<double>>(sourceReal, sourceImaginary, targetReal, targetImaginary, n, radix, done, cosines, sines);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Stage<T>(
        double* sourceReal, double* sourceImaginary, double* targetReal, double* targetImaginary,
        int n, int radix, int done, double* cosines, double* sines)
        where T : struct, ILanes<T, double>
    {
        // Decimation in time: sub-transform r of group g holds frequency k at (g + r * groups) * done + k.
        int groups = n / (radix * done);
        int step = n / (radix * done);
        for (int group = 0; group < groups; group++)
        {
            for (int k = 0; k < done; k++)
            {
                for (int q = 0; q < radix; q++)
                {
                    int frequency = k + (q * done);
                    int output = ((group * radix * done) + frequency) * Columns;
                    for (int lane = 0; lane < Columns; lane += T.Count)
                    {
                        int first = (((group * done) + k) * Columns) + lane;
                        T real = T.Load(sourceReal + first);
                        T imaginary = T.Load(sourceImaginary + first);
                        for (int r = 1; r < radix; r++)
                        {
                            int input = first + (r * groups * done * Columns);
                            int twiddle = (int)((long)frequency * r * step % n);
                            T c = T.Of(cosines[twiddle]);
                            T s = T.Of(sines[twiddle]);
                            T x = T.Load(sourceReal + input);
                            T y = T.Load(sourceImaginary + input);
                            real += (x * c) - (y * s);
                            imaginary += (x * s) + (y * c);
                        }

                        T.Store(real, targetReal + output + lane);
                        T.Store(imaginary, targetImaginary + output + lane);
                    }
                }
            }
        }
    }
}
