using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>The floating-point JPEG block: orthonormal DCT, division and rounding by a table, and back.</summary>
/// <remarks>
/// With C the DCT matrix: D = (C X) C', Q = round(D / T) T, X = (C' Q) C; each product sums over its inner index upwards, multiplied and added apart.
/// Lane layout: one row of 8 per vector, the left factor broadcast. Aliasing: works in place.
/// </remarks>
internal static class JpegFloatBlock
{
    private static readonly float[] Cosines = CreateCosines();
    private static readonly float[] Transposed = Transpose(Cosines);

    /// <summary>Codes and decodes one block of level-shifted samples.</summary>
    /// <param name="block">8 rows of 8 samples, <paramref name="stride"/> apart.</param>
    /// <param name="stride">Samples from one row to the next.</param>
    /// <param name="steps">64 quantization steps, natural order.</param>
    public static void Code(Span<float> block, int stride, ReadOnlySpan<float> steps)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            Scalar(block, stride, steps);
            return;
        }

        Span<float> scratch = stackalloc float[128];
        ref float x = ref MemoryMarshal.GetReference(block[..((7 * stride) + 8)]);
        ref float a = ref MemoryMarshal.GetReference(scratch);
        ref float b = ref Unsafe.Add(ref a, 64);
        ref float q = ref MemoryMarshal.GetReference(steps[..64]);
        ref float c = ref MemoryMarshal.GetArrayDataReference(Cosines);
        ref float t = ref MemoryMarshal.GetArrayDataReference(Transposed);
        Multiply(ref c, ref x, stride, ref a, 8);
        Multiply(ref a, ref t, 8, ref b, 8);
        for (nuint i = 0; i < 64; i += 8)
        {
            Vector256<float> step = Vector256.LoadUnsafe(ref q, i);
            (Vector256.Round(Vector256.LoadUnsafe(ref b, i) / step) * step).StoreUnsafe(ref b, i);
        }

        Multiply(ref t, ref b, 8, ref a, 8);
        Multiply(ref a, ref c, 8, ref x, stride);
    }

    /// <summary>The scalar twin of <see cref="Code"/>.</summary>
    internal static void Scalar(Span<float> block, int stride, ReadOnlySpan<float> steps)
    {
        Span<float> a = stackalloc float[64];
        Span<float> b = stackalloc float[64];
        MultiplyScalar(Cosines, block, stride, a, 8);
        MultiplyScalar(a, Transposed, 8, b, 8);
        for (int i = 0; i < 64; i++)
            b[i] = MathF.Round(b[i] / steps[i], MidpointRounding.ToEven) * steps[i];
        MultiplyScalar(Transposed, b, 8, a, 8);
        MultiplyScalar(a, Cosines, 8, block, stride);
    }

    private static float[] CreateCosines()
    {
        var cosines = new float[64];
        for (int u = 0; u < 8; u++)
        {
            for (int x = 0; x < 8; x++)
                cosines[(u * 8) + x] = (float)((u == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * x) + 1) * u * Math.PI / 16));
        }

        return cosines;
    }

    private static float[] Transpose(float[] matrix)
    {
        var result = new float[64];
        for (int i = 0; i < 64; i++)
            result[((i & 7) * 8) + (i >> 3)] = matrix[i];
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(ref float left, ref float right, int rightStride, ref float target, int targetStride)
    {
        Vector256<float> r0 = Vector256.LoadUnsafe(ref right), r1 = Vector256.LoadUnsafe(ref Unsafe.Add(ref right, rightStride));
        Vector256<float> r2 = Vector256.LoadUnsafe(ref Unsafe.Add(ref right, 2 * rightStride)), r3 = Vector256.LoadUnsafe(ref Unsafe.Add(ref right, 3 * rightStride));
        Vector256<float> r4 = Vector256.LoadUnsafe(ref Unsafe.Add(ref right, 4 * rightStride)), r5 = Vector256.LoadUnsafe(ref Unsafe.Add(ref right, 5 * rightStride));
        Vector256<float> r6 = Vector256.LoadUnsafe(ref Unsafe.Add(ref right, 6 * rightStride)), r7 = Vector256.LoadUnsafe(ref Unsafe.Add(ref right, 7 * rightStride));
        for (int i = 0; i < 8; i++)
        {
            ref float l = ref Unsafe.Add(ref left, i * 8);
            Vector256<float> sum = r0 * l;
            sum += r1 * Unsafe.Add(ref l, 1);
            sum += r2 * Unsafe.Add(ref l, 2);
            sum += r3 * Unsafe.Add(ref l, 3);
            sum += r4 * Unsafe.Add(ref l, 4);
            sum += r5 * Unsafe.Add(ref l, 5);
            sum += r6 * Unsafe.Add(ref l, 6);
            sum += r7 * Unsafe.Add(ref l, 7);
            sum.StoreUnsafe(ref Unsafe.Add(ref target, i * targetStride));
        }
    }

    private static void MultiplyScalar(ReadOnlySpan<float> left, ReadOnlySpan<float> right, int rightStride, Span<float> target, int targetStride)
    {
        for (int i = 0; i < 8; i++)
        {
            for (int j = 0; j < 8; j++)
            {
                float sum = left[i * 8] * right[j];
                for (int k = 1; k < 8; k++)
                    sum += left[(i * 8) + k] * right[(k * rightStride) + j];
                target[(i * targetStride) + j] = sum;
            }
        }
    }
}
