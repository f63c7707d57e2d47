using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<double>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The filter transform of Winograd's minimal filtering (Lavin, Gray 2016), U = G g G^T, of 8 output channels at a time, in double: the weights are
/// few, and their rounding would be every pixel's. Lane layout: lane = output channel. Needs AVX-512. Aliasing: none.
/// </summary>
internal static unsafe class WinogradWeights
{
    /// <summary>Output channels per block.</summary>
    public const int Block = 8;

    private const int LargestKernel = 5;

    /// <summary>Transforms the filters of one block of outputs: u[(e blocks + block) inputs 8 + c 8 + o] for elements e, inputs c and outputs o.</summary>
    /// <param name="weight">The block's first filter.</param>
    /// <param name="outputStride">From output to output.</param>
    /// <param name="inputStride">From input to input.</param>
    /// <param name="outputs">Outputs of this block, 1 to 8; the rest becomes 0.</param>
    /// <param name="inputs">Inputs.</param>
    /// <param name="turned">Whether the filters are read back to front.</param>
    /// <param name="tile">The algorithm.</param>
    /// <param name="u">Element 0 of this block.</param>
    /// <param name="pitch">From element to element.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        float* weight, long outputStride, long inputStride, int outputs, int inputs, bool turned, WinogradTile tile, float* u, long pitch)
    {
        (int side, int kernel) = (tile.Points, tile.Kernel);
        int count = kernel * kernel;
        double* taps = stackalloc double[LargestKernel * LargestKernel * Block];
        double* columns = stackalloc double[WinogradPoints.Count * LargestKernel * Block];
        double* six = stackalloc double[WinogradPoints.Count * Block];
        new Span<double>(taps, count * Block).Clear();
        for (int c = 0; c < inputs; c++, u += Block)
        {
            for (int o = 0; o < outputs; o++)
            {
                float* filter = weight + (o * outputStride) + (c * inputStride);
                for (int t = 0; t < count; t++)
                    taps[(t * Block) + o] = filter[turned ? count - 1 - t : t];
            }

            for (int b = 0; b < kernel; b++)
                Transform(tile, taps + (b * Block), kernel * Block, columns + (b * Block), kernel * Block);
            for (int i = 0; i < side; i++)
            {
                Transform(tile, columns + (i * kernel * Block), Block, six, Block);
                for (int j = 0; j < side; j++)
                    Avx512F.ConvertToVector256Single(Vector512.Load(six + (j * Block))).Store(u + (((i * side) + j) * pitch));
            }
        }
    }

    // G of F(4, 3) and F(2, 5), row p (1, p, .., p^(r-1)) / n(p), the last (0, .., 0, 1); and G of F(2, 3).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(WinogradTile tile, double* from, nint step, double* to, nint toStep)
    {
        V g0 = Vector512.Load(from), g1 = Vector512.Load(from + step), g2 = Vector512.Load(from + (2 * step));
        if (tile.Points == 4)
        {
            V outer = (g0 + g2) * 0.5, inner = g1 * 0.5;
            g0.Store(to);
            (outer + inner).Store(to + toStep);
            (outer - inner).Store(to + (2 * toStep));
            g2.Store(to + (3 * toStep));
            return;
        }

        const double NearSquare = WinogradPoints.NearSquare, FarSquare = WinogradPoints.FarSquare;
        V even = g0 + (g2 * NearSquare), odd = g1, evenFar = g0 + (g2 * FarSquare), oddFar = g1, last = g2;
        if (tile.Kernel == 5)
        {
            V g3 = Vector512.Load(from + (3 * step));
            last = Vector512.Load(from + (4 * step));
            even += last * (NearSquare * NearSquare);
            odd += g3 * NearSquare;
            evenFar += last * (FarSquare * FarSquare);
            oddFar += g3 * FarSquare;
        }

        even *= WinogradPoints.AtNear;
        odd *= WinogradPoints.Near * WinogradPoints.AtNear;
        evenFar *= WinogradPoints.AtFar;
        oddFar *= WinogradPoints.Far * WinogradPoints.AtFar;
        (g0 * WinogradPoints.AtZero).Store(to);
        (even + odd).Store(to + toStep);
        (even - odd).Store(to + (2 * toStep));
        (evenFar + oddFar).Store(to + (3 * toStep));
        (evenFar - oddFar).Store(to + (4 * toStep));
        last.Store(to + (5 * toStep));
    }
}
