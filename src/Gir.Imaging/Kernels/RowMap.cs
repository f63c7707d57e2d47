using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>A function of one sample, written once for every width.</summary>
internal interface IUnaryFunction<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    TLanes Invoke<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>;
}

/// <summary>A function of two samples, written once for every width.</summary>
internal interface IBinaryFunction<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    TLanes Invoke<TLanes>(TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, T>;
}

/// <summary>Applies a function to every sample of a row: destination[i] = f(source[i]).</summary>
/// <remarks>
/// Aliasing: the destination may be exactly one of the sources; partial overlap is not allowed. The sources are at least as long as the destination.
/// What does not fill a register is done by the next narrower one, and by one lane at the end.
/// </remarks>
internal static unsafe class RowMap
{
    public static void Invoke<T, TFunction>(ReadOnlySpan<T> source, Span<T> destination, in TFunction function)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IUnaryFunction<T>
    {
        int length = destination.Length;
        fixed (T* x = source[..length], y = destination)
        {
            int i = 0;
            if (Vector512.IsHardwareAccelerated)
                i = Run<T, Lanes512<T>, TFunction>(x, y, i, length, function);
            if (Vector256.IsHardwareAccelerated)
                i = Run<T, Lanes256<T>, TFunction>(x, y, i, length, function);
            Run<T, Lanes1<T>, TFunction>(x, y, i, length, function);
        }
    }

    public static void Invoke<T, TFunction>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> destination, in TFunction function)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IBinaryFunction<T>
    {
        int length = destination.Length;
        fixed (T* a = first[..length], b = second[..length], y = destination)
        {
            int i = 0;
            if (Vector512.IsHardwareAccelerated)
                i = Run<T, Lanes512<T>, TFunction>(a, b, y, i, length, function);
            if (Vector256.IsHardwareAccelerated)
                i = Run<T, Lanes256<T>, TFunction>(a, b, y, i, length, function);
            Run<T, Lanes1<T>, TFunction>(a, b, y, i, length, function);
        }
    }

    /// <summary>The scalar twin.</summary>
    public static void InvokeScalar<T, TFunction>(ReadOnlySpan<T> source, Span<T> destination, in TFunction function)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IUnaryFunction<T>
    {
        fixed (T* x = source[..destination.Length], y = destination)
            Run<T, Lanes1<T>, TFunction>(x, y, 0, destination.Length, function);
    }

    /// <summary>The scalar twin.</summary>
    public static void InvokeScalar<T, TFunction>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> destination, in TFunction function)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IBinaryFunction<T>
    {
        fixed (T* a = first[..destination.Length], b = second[..destination.Length], y = destination)
            Run<T, Lanes1<T>, TFunction>(a, b, y, 0, destination.Length, function);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Run<T, TLanes, TFunction>(T* x, T* y, int i, int length, TFunction function)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TFunction : struct, IUnaryFunction<T>
    {
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(function.Invoke(TLanes.Load(x + i)), y + i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Run<T, TLanes, TFunction>(T* a, T* b, T* y, int i, int length, TFunction function)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TFunction : struct, IBinaryFunction<T>
    {
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(function.Invoke(TLanes.Load(a + i), TLanes.Load(b + i)), y + i);
        return i;
    }
}
