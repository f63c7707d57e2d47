using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<double>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The filter transform of Winograd's minimal filtering (Lavin, Gray 2016), U = G g G^T, of 8 output channels at a time, in double: the weights are
/// few, and their rounding would be every pixel's. Lane layout: lane = output channel. Aliasing: none.
/// </summary>
internal static unsafe class WinogradWeights
{
    /// <summary>Output channels per block.</summary>
    public const int Block = 8;

    /// <summary>Transforms the filters of one block of outputs: u[(e blocks + block) inputs 8 + c 8 + o] for elements e, inputs c and outputs o.</summary>
    /// <param name="weight">The block's first filter.</param>
    /// <param name="outputStride">From output to output.</param>
    /// <param name="inputStride">From input to input.</param>
    /// <param name="outputs">Outputs of this block, 1 to 8; the rest becomes 0.</param>
    /// <param name="inputs">Inputs.</param>
    /// <param name="turned">Whether the filters are read back to front.</param>
    /// <param name="step">Pixels per tile and direction: 4 or 2.</param>
    /// <param name="u">Element 0 of this block.</param>
    /// <param name="pitch">From element to element.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* weight, long outputStride, long inputStride, int outputs, int inputs, bool turned, int step, float* u, long pitch)
    {
        int side = step + 2;
        double* columns = stackalloc double[6 * 3 * Block];
        double* six = stackalloc double[6 * Block];
        float* taps = stackalloc float[9 * Block];
        new Span<float>(taps, 9 * Block).Clear();
        for (int c = 0; c < inputs; c++, u += Block)
        {
            for (int o = 0; o < outputs; o++)
            {
                float* filter = weight + (o * outputStride) + (c * inputStride);
                for (int t = 0; t < 9; t++)
                    taps[(t * Block) + o] = filter[turned ? 8 - t : t];
            }

            for (int b = 0; b < 3; b++)
            {
                Transform(step, Tap(taps, b), Tap(taps, 3 + b), Tap(taps, 6 + b), six);
                for (int i = 0; i < side; i++)
                    Vector512.Load(six + (i * Block)).Store(columns + (((i * 3) + b) * Block));
            }

            for (int i = 0; i < side; i++)
            {
                double* g = columns + (i * 3 * Block);
                Transform(step, Vector512.Load(g), Vector512.Load(g + Block), Vector512.Load(g + (2 * Block)), six);
                for (int j = 0; j < side; j++)
                {
                    float* target = u + (((i * side) + j) * pitch);
                    for (int o = 0; o < Block; o++)
                        target[o] = (float)six[(j * Block) + o];
                }
            }
        }
    }

    // G of F(4, 3), row p (1, p, p^2) / n(p), and of F(2, 3).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(int step, V g0, V g1, V g2, double* to)
    {
        if (step == 2)
        {
            V outer = (g0 + g2) * 0.5, inner = g1 * 0.5;
            g0.Store(to);
            (outer + inner).Store(to + Block);
            (outer - inner).Store(to + (2 * Block));
            g2.Store(to + (3 * Block));
            return;
        }

        V even = (g0 + (g2 * WinogradPoints.NearSquare)) * WinogradPoints.AtNear, odd = g1 * (WinogradPoints.Near * WinogradPoints.AtNear);
        V evenFar = (g0 + (g2 * WinogradPoints.FarSquare)) * WinogradPoints.AtFar, oddFar = g1 * (WinogradPoints.Far * WinogradPoints.AtFar);
        (g0 * WinogradPoints.AtZero).Store(to);
        (even + odd).Store(to + Block);
        (even - odd).Store(to + (2 * Block));
        (evenFar + oddFar).Store(to + (3 * Block));
        (evenFar - oddFar).Store(to + (4 * Block));
        g2.Store(to + (5 * Block));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tap(float* taps, int t) => Vector512.WidenLower(Vector256.Load(taps + (t * Block)).ToVector512Unsafe());
}
