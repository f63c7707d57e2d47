using System.Runtime.CompilerServices;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>softmax(scale q k^T + bias + mask) v of one window. Aliasing: none. The same operations in the same order as the separate operators.</summary>
internal static unsafe class AttentionWindow
{
    /// <summary>Elements of scratch that <see cref="Run"/> needs.</summary>
    public static long ScratchLength(int m, int n, int d) => ((long)m * n) + ((long)m * d) + ((n + GemmTile.PanelWidth - 1L) / GemmTile.PanelWidth * GemmTile.PanelWidth * d);

    /// <summary>q, y [m, d]; k, v [n, d]; bias, mask [m, n] or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* q, float* k, float* v, float scale, float* bias, float* mask, float* y, int m, int n, int d, float* scratch)
    {
        nint panelStep = (nint)d * GemmTile.PanelWidth;
        float* turned = scratch;
        float* scaled = turned + ((n + GemmTile.PanelWidth - 1) / GemmTile.PanelWidth * panelStep);
        float* scores = scaled + ((long)m * d);
        for (int j = 0; j < n; j += GemmTile.PanelWidth)
            GemmPack.TransposedPanel(k + ((long)j * d), d, d, Math.Min(GemmTile.PanelWidth, n - j), turned + (j / GemmTile.PanelWidth * panelStep));
        Elementwise.Run(new ScaleAndShiftLanes(scale, 0), q, null, null, scaled, m * d);
        GemmTile.Panels(new GemmRows(scaled, d, 1), turned, GemmTile.PanelWidth, panelStep, scores, n, m, n, d, null, accumulate: false);
        if (bias != null)
            Elementwise.Run(new AddLanes(), scores, bias, null, scores, m * n);
        if (mask != null)
            Elementwise.Run(new AddLanes(), scores, mask, null, scores, m * n);
        SoftmaxRows.Forward(scores, scores, m, n, logarithm: false);
        GemmTile.Panels(new GemmRows(scores, n, 1), v, d, GemmTile.PanelWidth, y, d, m, d, n, null, accumulate: false);
    }
}
