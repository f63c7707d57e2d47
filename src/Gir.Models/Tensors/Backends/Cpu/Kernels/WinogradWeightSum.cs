using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<double>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The last transform of a weight gradient by Winograd's minimal filtering, dW = D M D^T, of the 6 x 6 elements M of 16 input channels of one output, in
/// double: M is small, and its rounding would add to every weight's. A kernel of k x k is the result of F(k x k, s x s), k + s = 7: column p of D is
/// (1, p, .., p^(k-1)) / n(p), the last (0, .., 0, 1); see <see cref="WinogradPoints"/>. Lane layout: lane = input channel. Aliasing: none.
/// </summary>
internal static unsafe class WinogradWeightSum
{
    /// <summary>Input channels of a call.</summary>
    public const int Channels = 16;

    private const int Points = WinogradPoints.Count;
    private const int Half = Channels / 2;
    private const int LargestKernel = 5;

    /// <summary>Adds up the slices in order and transforms the sum.</summary>
    /// <param name="sums">Element e of slice s, channel c, at sums[s slicePitch + e pitch + c].</param>
    /// <param name="slices">Number of slices.</param>
    /// <param name="slicePitch">From slice to slice.</param>
    /// <param name="pitch">From element to element.</param>
    /// <param name="kernel">Side of the kernel: 3 or 5.</param>
    /// <param name="channels">Channels to write, 1 to 16.</param>
    /// <param name="dweight">Receives the kernels, one behind the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* sums, int slices, nint slicePitch, nint pitch, int kernel, int channels, float* dweight)
    {
        double* elements = stackalloc double[Points * Points * Half];
        double* rows = stackalloc double[LargestKernel * Points * Half];
        for (int first = 0; first < channels; first += Half)
        {
            for (int e = 0; e < Points * Points; e++)
            {
                float* from = sums + first + (e * pitch);
                V sum = Widen(from);
                for (int slice = 1; slice < slices; slice++)
                    sum += Widen(from + (slice * slicePitch));
                sum.Store(elements + (e * Half));
            }

            for (int j = 0; j < Points; j++)
                Transform(elements + (j * Half), Points * Half, kernel, rows + (j * Half), Points * Half);
            for (int i = 0; i < kernel; i++)
                Transform(rows + (i * Points * Half), Half, kernel, elements + (i * kernel * Half), Half);
            for (int c = 0; c < Math.Min(Half, channels - first); c++, dweight += kernel * kernel)
            {
                for (int t = 0; t < kernel * kernel; t++)
                    dweight[t] = (float)elements[(t * Half) + c];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(double* from, nint step, int kernel, double* to, nint toStep)
    {
        V m1 = Vector512.Load(from + step), m2 = Vector512.Load(from + (2 * step));
        V m3 = Vector512.Load(from + (3 * step)), m4 = Vector512.Load(from + (4 * step)), m5 = Vector512.Load(from + (5 * step));
        const double NearSquare = WinogradPoints.NearSquare, FarSquare = WinogradPoints.FarSquare;
        V even = (m1 + m2) * WinogradPoints.AtNear, odd = (m1 - m2) * (WinogradPoints.Near * WinogradPoints.AtNear);
        V evenFar = (m3 + m4) * WinogradPoints.AtFar, oddFar = (m3 - m4) * (WinogradPoints.Far * WinogradPoints.AtFar);
        ((Vector512.Load(from) * WinogradPoints.AtZero) + even + evenFar).Store(to);
        (odd + oddFar).Store(to + toStep);
        V second = (even * NearSquare) + (evenFar * FarSquare);
        if (kernel == 3)
        {
            (second + m5).Store(to + (2 * toStep));
            return;
        }

        second.Store(to + (2 * toStep));
        ((odd * NearSquare) + (oddFar * FarSquare)).Store(to + (3 * toStep));
        ((even * (NearSquare * NearSquare)) + (evenFar * (FarSquare * FarSquare)) + m5).Store(to + (4 * toStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Widen(float* from) => Vector512.WidenLower(Vector256.Load(from).ToVector512Unsafe());
}
