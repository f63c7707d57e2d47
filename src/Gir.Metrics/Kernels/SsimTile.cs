using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>The inner loops of SSIM on a tile <see cref="Width"/> columns wide, all of it in the first-level cache.</summary>
/// <remarks>
/// A row of the tile holds four maps side by side: x, y, x^2 + y^2 and x y, each filtered along the row by the symmetric
/// 11-tap window. Lanes are columns; every lane does the same operations in the same order in every vector width. Columns
/// beyond the image hold zeros and give values nobody reads. Buffers must not overlap.
/// </remarks>
internal static unsafe class SsimTile
{
    /// <summary>Columns of output in a tile.</summary>
    public const int Width = 64;

    /// <summary>Taps of the window.</summary>
    public const int Taps = 11;

    /// <summary>Columns of input that a tile needs, a whole number of lanes.</summary>
    public const int InputWidth = 80;

    /// <summary>Doubles in a filtered row: four maps.</summary>
    public const int RowLength = 4 * Width;

    /// <summary>Filters one row of both images along x. <paramref name="scratch"/> holds 4 x InputWidth doubles; the first two maps are the input.</summary>
    public static void FilterRow(double* scratch, double* weights, double* row)
    {
        if (Vector512.IsHardwareAccelerated)
            FilterRow<Lanes512<double>>(scratch, weights, row);
        else if (Vector256.IsHardwareAccelerated)
            FilterRow<Lanes256<double>>(scratch, weights, row);
        else
            FilterRow<Lanes1<double>>(scratch, weights, row);
    }

    /// <summary>Filters eleven rows along y and writes SSIM and its contrast-structure factor, Width values each.</summary>
    public static void Combine(double** rows, double* weights, in SsimConstants constants, double* ssim, double* contrast)
    {
        if (Vector512.IsHardwareAccelerated)
            Combine<Lanes512<double>>(rows, weights, constants, ssim, contrast);
        else if (Vector256.IsHardwareAccelerated)
            Combine<Lanes256<double>>(rows, weights, constants, ssim, contrast);
        else
            Combine<Lanes1<double>>(rows, weights, constants, ssim, contrast);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void FilterRow<T>(double* scratch, double* weights, double* row)
        where T : struct, ILanes<T, double>
    {
        double* xs = scratch;
        double* ys = scratch + InputWidth;
        double* squares = scratch + (2 * InputWidth);
        double* products = scratch + (3 * InputWidth);
        for (int i = 0; i < InputWidth; i += T.Count)
        {
            T x = T.Load(xs + i);
            T y = T.Load(ys + i);
            T.Store((x * x) + (y * y), squares + i);
            T.Store(x * y, products + i);
        }

        T w0 = T.Of(weights[0]);
        T w1 = T.Of(weights[1]);
        T w2 = T.Of(weights[2]);
        T w3 = T.Of(weights[3]);
        T w4 = T.Of(weights[4]);
        T w5 = T.Of(weights[5]);
        for (int map = 0; map < 4; map++)
        {
            double* source = scratch + (map * InputWidth);
            double* target = row + (map * Width);
            for (int i = 0; i < Width; i += T.Count)
            {
                double* s = source + i;
                T sum = w0 * (T.Load(s) + T.Load(s + 10));
                sum += w1 * (T.Load(s + 1) + T.Load(s + 9));
                sum += w2 * (T.Load(s + 2) + T.Load(s + 8));
                sum += w3 * (T.Load(s + 3) + T.Load(s + 7));
                sum += w4 * (T.Load(s + 4) + T.Load(s + 6));
                sum += w5 * T.Load(s + 5);
                T.Store(sum, target + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Combine<T>(double** rows, double* weights, in SsimConstants constants, double* ssim, double* contrast)
        where T : struct, ILanes<T, double>
    {
        T c1 = T.Of(constants.C1);
        T c2 = T.Of(constants.C2);
        T floor = T.Of(constants.ContrastFloor);
        for (int i = 0; i < Width; i += T.Count)
        {
            T meanX = Column<T>(rows, weights, i);
            T meanY = Column<T>(rows, weights, Width + i);
            T squares = Column<T>(rows, weights, (2 * Width) + i);
            T products = Column<T>(rows, weights, (3 * Width) + i);
            T meanProduct = meanX * meanY;
            T meanSquares = (meanX * meanX) + (meanY * meanY);
            T covariance = products - meanProduct;
            T variances = squares - meanSquares;
            T factor = (covariance + covariance + c2) / (variances + c2);
            factor = T.IfGreater(floor, factor, floor, factor);
            T luminance = (meanProduct + meanProduct + c1) / (meanSquares + c1);
            T.Store(factor, contrast + i);
            T.Store(luminance * factor, ssim + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Column<T>(double** rows, double* weights, int offset)
        where T : struct, ILanes<T, double>
    {
        T sum = T.Of(weights[0]) * (T.Load(rows[0] + offset) + T.Load(rows[10] + offset));
        sum += T.Of(weights[1]) * (T.Load(rows[1] + offset) + T.Load(rows[9] + offset));
        sum += T.Of(weights[2]) * (T.Load(rows[2] + offset) + T.Load(rows[8] + offset));
        sum += T.Of(weights[3]) * (T.Load(rows[3] + offset) + T.Load(rows[7] + offset));
        sum += T.Of(weights[4]) * (T.Load(rows[4] + offset) + T.Load(rows[6] + offset));
        sum += T.Of(weights[5]) * T.Load(rows[5] + offset);
        return sum;
    }
}

/// <summary>The stabilising constants of SSIM, in squared levels, and the smallest contrast-structure factor kept.</summary>
internal readonly record struct SsimConstants(double C1, double C2, double ContrastFloor);
