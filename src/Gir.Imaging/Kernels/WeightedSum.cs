using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>One row of a colour matrix: destination = ((x a + y b) + z c) + offset, rounded after every operation.</summary>
/// <remarks>The destination may be any of the three sources, but must not overlap one otherwise. Lanes are neighbouring samples.</remarks>
internal static class WeightedSum
{
    /// <summary>Weights all samples of the destination; the sources are at least as long.</summary>
    public static void Run(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, MatrixRow row, Span<float> destination)
    {
        int count = destination.Length;
        x = x[..count];
        y = y[..count];
        z = z[..count];
        int i = 0;
        ref float rx = ref MemoryMarshal.GetReference(x);
        ref float ry = ref MemoryMarshal.GetReference(y);
        ref float rz = ref MemoryMarshal.GetReference(z);
        ref float target = ref MemoryMarshal.GetReference(destination);
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= count - 16; i += 16)
            {
                nuint at = (nuint)i;
                Vector512<float> sum = (Vector512.LoadUnsafe(ref rx, at) * row.A) + (Vector512.LoadUnsafe(ref ry, at) * row.B);
                sum = sum + (Vector512.LoadUnsafe(ref rz, at) * row.C) + Vector512.Create(row.Offset);
                sum.StoreUnsafe(ref target, at);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= count - 8; i += 8)
            {
                nuint at = (nuint)i;
                Vector256<float> sum = (Vector256.LoadUnsafe(ref rx, at) * row.A) + (Vector256.LoadUnsafe(ref ry, at) * row.B);
                sum = sum + (Vector256.LoadUnsafe(ref rz, at) * row.C) + Vector256.Create(row.Offset);
                sum.StoreUnsafe(ref target, at);
            }
        }

        RunScalar(x[i..], y[i..], z[i..], row, destination[i..]);
    }

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, MatrixRow row, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (x[i] * row.A) + (y[i] * row.B) + (z[i] * row.C) + row.Offset;
    }
}

/// <summary>Weights of three channels and a constant.</summary>
internal readonly record struct MatrixRow(float A, float B, float C, float Offset);
