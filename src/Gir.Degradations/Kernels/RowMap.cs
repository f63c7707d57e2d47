using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>A function of one sample, in three widths that must agree to the last bit.</summary>
internal interface IUnaryOperator
{
    float Invoke(float x);

    Vector256<float> Invoke(Vector256<float> x);

    Vector512<float> Invoke(Vector512<float> x);
}

/// <summary>A function of two samples, in three widths that must agree to the last bit.</summary>
internal interface IBinaryOperator
{
    float Invoke(float x, float y);

    Vector256<float> Invoke(Vector256<float> x, Vector256<float> y);

    Vector512<float> Invoke(Vector512<float> x, Vector512<float> y);
}

/// <summary>
/// Applies an operator to every sample of a row. Lane i of a vector holds sample i of its block of 16 or 8; the rest is scalar.
/// </summary>
/// <remarks>
/// Aliasing: the destination may be exactly one of the sources; partial overlap is not allowed. All spans have one length.
/// Operators multiply and add, never fuse, so that every width rounds alike.
/// </remarks>
internal static class RowMap
{
    public static void Invoke<T>(ReadOnlySpan<float> source, Span<float> destination, in T op)
        where T : struct, IUnaryOperator
    {
        int length = destination.Length;
        ref float x = ref MemoryMarshal.GetReference(source[..length]);
        ref float y = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= length - 16; i += 16)
                op.Invoke(Vector512.LoadUnsafe(ref x, (nuint)i)).StoreUnsafe(ref y, (nuint)i);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= length - 8; i += 8)
                op.Invoke(Vector256.LoadUnsafe(ref x, (nuint)i)).StoreUnsafe(ref y, (nuint)i);
        }

        InvokeScalar(source[i..length], destination[i..], op);
    }

    public static void Invoke<T>(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> destination, in T op)
        where T : struct, IBinaryOperator
    {
        int length = destination.Length;
        ref float a = ref MemoryMarshal.GetReference(first[..length]);
        ref float b = ref MemoryMarshal.GetReference(second[..length]);
        ref float y = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= length - 16; i += 16)
                op.Invoke(Vector512.LoadUnsafe(ref a, (nuint)i), Vector512.LoadUnsafe(ref b, (nuint)i)).StoreUnsafe(ref y, (nuint)i);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= length - 8; i += 8)
                op.Invoke(Vector256.LoadUnsafe(ref a, (nuint)i), Vector256.LoadUnsafe(ref b, (nuint)i)).StoreUnsafe(ref y, (nuint)i);
        }

        InvokeScalar(first[i..length], second[i..length], destination[i..], op);
    }

    /// <summary>The scalar twin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InvokeScalar<T>(ReadOnlySpan<float> source, Span<float> destination, in T op)
        where T : struct, IUnaryOperator
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = op.Invoke(source[i]);
    }

    /// <summary>The scalar twin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InvokeScalar<T>(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> destination, in T op)
        where T : struct, IBinaryOperator
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = op.Invoke(first[i], second[i]);
    }
}
