using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>Sums in double with a fixed shape: 16 partial sums, one for each lane, then pairwise; the same for any vector width.</summary>
internal static unsafe class Sums
{
    /// <summary>The sum of a contiguous run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Run(float* x, int length)
    {
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = Vector512<double>.Zero;
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.Load(x + i));
            low += a;
            high += b;
        }

        double sum = Total(low + high);
        for (; i < length; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>The sum of products of two runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Products(float* x, float* y, int length)
    {
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = Vector512<double>.Zero;
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.Load(x + i));
            (Vector512<double> c, Vector512<double> d) = Vector512.Widen(Vector512.Load(y + i));
            low += a * c;
            high += b * d;
        }

        double sum = Total(low + high);
        for (; i < length; i++)
            sum += (double)x[i] * y[i];
        return sum;
    }

    /// <summary>The sum of (x - shift)^2 over a run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SquaredDeviations(float* x, double shift, int length)
    {
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = Vector512<double>.Zero;
        Vector512<double> center = Vector512.Create(shift);
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.Load(x + i));
            a -= center;
            b -= center;
            low += a * a;
            high += b * b;
        }

        double sum = Total(low + high);
        for (; i < length; i++)
            sum += (x[i] - shift) * (x[i] - shift);
        return sum;
    }

    /// <summary>Adds a run to a run of sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(float* x, double* sums, int length)
    {
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.Load(x + i));
            (Vector512.Load(sums + i) + a).Store(sums + i);
            (Vector512.Load(sums + i + 8) + b).Store(sums + i + 8);
        }

        for (; i < length; i++)
            sums[i] += x[i];
    }

    private static double Total(Vector512<double> x)
    {
        Vector256<double> a = x.GetLower() + x.GetUpper();
        Vector128<double> b = a.GetLower() + a.GetUpper();
        return b[0] + b[1];
    }
}
