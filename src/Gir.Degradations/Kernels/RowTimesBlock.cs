using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>A row of a matrix times a block of column vectors: result[c] = sum over j of row[j] block[j, c].</summary>
/// <remarks>
/// Lanes are neighboring columns of the block, whose rows lie one after another, each as long as the result; each column is summed in the order of j,
/// multiply and add apart, whatever the width. The result may alias neither input.
/// </remarks>
internal static unsafe class RowTimesBlock
{
    public static void Invoke(ReadOnlySpan<double> row, ReadOnlySpan<double> block, Span<double> result)
    {
        int columns = result.Length;
        fixed (double* a = row, x = block[..(row.Length * columns)], y = result)
        {
            int c = 0;
            if (Vector512.IsHardwareAccelerated)
                c = Run<Lanes512<double>>(a, row.Length, x, columns, y, c);
            if (Vector256.IsHardwareAccelerated)
                c = Run<Lanes256<double>>(a, row.Length, x, columns, y, c);
            Run<Lanes1<double>>(a, row.Length, x, columns, y, c);
        }
    }

    /// <summary>The scalar twin.</summary>
    public static void InvokeScalar(ReadOnlySpan<double> row, ReadOnlySpan<double> block, Span<double> result)
    {
        int columns = result.Length;
        fixed (double* a = row, x = block[..(row.Length * columns)], y = result)
            Run<Lanes1<double>>(a, row.Length, x, columns, y, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Run<TLanes>(double* a, int length, double* x, int columns, double* y, int c)
        where TLanes : struct, ILanes<TLanes, double>
    {
        for (; c <= columns - TLanes.Count; c += TLanes.Count)
        {
            TLanes sum = TLanes.Of(0);
            double* at = x + c;
            for (int j = 0; j < length; j++, at += columns)
                sum += TLanes.Of(a[j]) * TLanes.Load(at);
            TLanes.Store(sum, y + c);
        }

        return c;
    }
}
