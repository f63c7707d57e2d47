using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// softmax(scale q k^T + bias + mask) v of one window, some rows of scores at a time, which stay in the L1 cache. Aliasing: none. The same
/// operations in the same order as the separate operators.
/// </summary>
internal static unsafe class AttentionWindow
{
    private const int ScoresInCache = 6144;

    /// <summary>Elements of scratch that <see cref="Run"/> needs.</summary>
    public static long ScratchLength(int m, int n, int d) =>
        ((long)RowBlock(m, n) * n) + ((long)m * d) + ((n + GemmTile.PanelWidth - 1L) / GemmTile.PanelWidth * GemmTile.PanelWidth * d);

    /// <summary>q [m, d]; k [n, d]; v [n, d] with rows vPitch apart; bias, mask [m, n] or null; y [m, d] with rows yPitch apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* q, float* k, float* v, int vPitch, float scale, float* bias, float* mask, float* y, int yPitch, int m, int n, int d, float* scratch)
    {
        nint panelStep = (nint)d * GemmTile.PanelWidth;
        float* turned = scratch;
        float* scaled = turned + ((n + GemmTile.PanelWidth - 1) / GemmTile.PanelWidth * panelStep);
        float* scores = scaled + ((long)m * d);
        for (int j = 0; j < n; j += GemmTile.PanelWidth)
            GemmPack.TransposedPanel(k + ((long)j * d), d, d, Math.Min(GemmTile.PanelWidth, n - j), turned + (j / GemmTile.PanelWidth * panelStep));
        Elementwise.Run(new ScaleAndShiftLanes(scale, 0), q, null, null, scaled, m * d);
        int block = RowBlock(m, n);
        for (int i = 0; i < m; i += block)
        {
            int rows = Math.Min(block, m - i);
            GemmTile.Panels(new GemmRows(scaled + ((long)i * d), d, 1), turned, GemmTile.PanelWidth, panelStep, scores, n, rows, n, d, null, accumulate: false);
            long at = (long)i * n;
            if (bias != null && mask != null)
                Elementwise.Run(new AddBothLanes(), scores, bias + at, mask + at, scores, rows * n);
            else if (bias != null || mask != null)
                Elementwise.Run(new AddLanes(), scores, (bias == null ? mask : bias) + at, null, scores, rows * n);
            SoftmaxRows.Forward(scores, scores, rows, n, logarithm: false);
            GemmTile.Panels(
                new GemmRows(scores, n, 1), v, vPitch, GemmTile.PanelWidth, y + ((long)i * yPitch), yPitch, rows, d, n, null, accumulate: false);
        }
    }

    private static int RowBlock(int m, int n) => Math.Min(m, Math.Max(8, ScoresInCache / Math.Max(n, 1) / 8 * 8));

    private readonly struct AddBothLanes : ILaneFunction
    {
        public static int Operands => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a + b + c;
    }
}
