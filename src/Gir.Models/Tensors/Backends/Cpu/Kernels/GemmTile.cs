using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// C[m, n] = A[m, k] B[k, n] (+ C or a bias). Each element is one chain of fused multiply-adds over k in ascending order, whatever the tile it
/// falls into and whatever the vector width: the same bits for any split of m, n or k. Aliasing: C apart from A, B and the bias.
/// </summary>
internal static unsafe class GemmTile
{
    /// <summary>Columns of a panel of B.</summary>
    public const int PanelWidth = 48;

    /// <summary>All matrices row-major with given row strides.</summary>
    public static void Run(float* a, long lda, float* b, long ldb, float* c, long ldc, int m, int n, int k, bool accumulate) =>
        Panels(new GemmRows(a, (nint)lda, 1), b, (nint)ldb, PanelWidth, c, (nint)ldc, m, n, k, null, accumulate);

    /// <summary>The product over panels of B, 48 columns each.</summary>
    /// <param name="a">The rows of A.</param>
    /// <param name="b">Element (p, 48 q + j) is b[q panelStep + p ldb + j].</param>
    /// <param name="ldb">Distance of B's rows within a panel.</param>
    /// <param name="panelStep">Distance of B's panels.</param>
    /// <param name="c">Row-major.</param>
    /// <param name="ldc">Distance of C's rows.</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="bias">[n] or null: what the sums start from.</param>
    /// <param name="accumulate">Whether the sums start from C; the bias is then not read.</param>
    public static void Panels(
        in GemmRows a, float* b, nint ldb, nint panelStep, float* c, nint ldc, int m, int n, int k, float* bias, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
            Panels512(a, b, ldb, panelStep, c, ldc, m, n, k, bias, accumulate);
        else if (Vector256.IsHardwareAccelerated)
            Panels256(a, b, ldb, panelStep, c, ldc, m, n, k, bias, accumulate);
        else
            Scalar(a, b, ldb, panelStep, c, ldc, m, n, k, bias, accumulate);
    }

    /// <summary>The same with 512-bit vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels512(
        in GemmRows a, float* b, nint ldb, nint panelStep, float* c, nint ldc, int m, int n, int k, float* bias, bool accumulate)
    {
        for (int j = 0; j < n; j += PanelWidth, b += panelStep)
        {
            int columns = Math.Min(PanelWidth, n - j);
            float* start = bias == null ? null : bias + j;
            switch ((columns + 15) / 16, columns % 16 != 0)
            {
                case (3, false):
                    Strips512<ThreeVectors>(a, b, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                case (3, true):
                    Strips512<PartOfThreeVectors>(a, b, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                case (2, false):
                    Strips512<TwoVectors>(a, b, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                case (2, true):
                    Strips512<PartOfTwoVectors>(a, b, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                case (1, false):
                    Strips512<OneVector>(a, b, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                default:
                    Strips512<PartOfOneVector>(a, b, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
            }
        }
    }

    /// <summary>The same with 256-bit vectors: half panels of 24 columns, since there are 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels256(
        in GemmRows a, float* b, nint ldb, nint panelStep, float* c, nint ldc, int m, int n, int k, float* bias, bool accumulate)
    {
        const int HalfWidth = PanelWidth / 2;
        for (int j = 0; j < n; j += HalfWidth)
        {
            int columns = Math.Min(HalfWidth, n - j);
            float* start = bias == null ? null : bias + j;
            float* panel = b + (j / PanelWidth * panelStep) + (j % PanelWidth);
            switch ((columns + 7) / 8, columns % 8 != 0)
            {
                case (3, false):
                    Strips256<ThreeVectors>(a, panel, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                case (3, true):
                    Strips256<PartOfThreeVectors>(a, panel, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                case (2, false):
                    Strips256<TwoVectors>(a, panel, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                case (2, true):
                    Strips256<PartOfTwoVectors>(a, panel, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                case (1, false):
                    Strips256<OneVector>(a, panel, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
                default:
                    Strips256<PartOfOneVector>(a, panel, ldb, c + j, ldc, m, k, start, accumulate, columns);
                    break;
            }
        }
    }

    /// <summary>The scalar twin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scalar(
        in GemmRows a, float* b, nint ldb, nint panelStep, float* c, nint ldc, int m, int n, int k, float* bias, bool accumulate)
    {
        for (int i = 0; i < m; i++)
        {
            float* left = a.At(i);
            float* row = c + (i * ldc);
            for (int j = 0; j < n; j++)
            {
                float* panel = b + (j / PanelWidth * panelStep) + (j % PanelWidth);
                float sum = accumulate ? row[j] : bias == null ? 0 : bias[j];
                for (int p = 0; p < k; p++)
                    sum = MathF.FusedMultiplyAdd(left[p * a.Step], panel[p * ldb], sum);
                row[j] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strips512<TWidth>(
        in GemmRows a, float* b, nint ldb, float* c, nint ldc, int m, int k, float* bias, bool accumulate, int columns)
        where TWidth : IGemmWidth
    {
        int i = 0;
        for (; i <= m - 8; i += 8)
            GemmTile512.Eight<TWidth>(k, a.At(i), a.RowStep, a.Step, b, ldb, c + (i * ldc), ldc, bias, accumulate, columns, a.At(i + 8));
        for (; i < m; i++)
            GemmTile512.One<TWidth>(k, a.At(i), a.RowStep, a.Step, b, ldb, c + (i * ldc), ldc, bias, accumulate, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strips256<TWidth>(
        in GemmRows a, float* b, nint ldb, float* c, nint ldc, int m, int k, float* bias, bool accumulate, int columns)
        where TWidth : IGemmWidth
    {
        int i = 0;
        for (; i <= m - 4; i += 4)
            GemmTile256.Four<TWidth>(k, a.At(i), a.RowStep, a.Step, b, ldb, c + (i * ldc), ldc, bias, accumulate, columns);
        for (; i < m; i++)
            GemmTile256.One<TWidth>(k, a.At(i), a.RowStep, a.Step, b, ldb, c + (i * ldc), ldc, bias, accumulate, columns);
    }
}

/// <summary>How the tiles find element (i, p) of A: in strips of 8 rows, start[i / 8 stripStep + i % 8 rowStep + p step].</summary>
internal readonly unsafe struct GemmRows(float* start, nint rowStep, nint step, nint stripStep)
{
    private readonly nint _stripStep = stripStep;

    /// <summary>A matrix as it lies in memory.</summary>
    public GemmRows(float* start, nint rowStep, nint step)
        : this(start, rowStep, step, 8 * rowStep)
    {
    }

    public float* Start { get; } = start;

    public nint RowStep { get; } = rowStep;

    public nint Step { get; } = step;

    /// <summary>Element (i, 0).</summary>
    public float* At(int i) => Start + (i / 8 * _stripStep) + (i % 8 * RowStep);
}
