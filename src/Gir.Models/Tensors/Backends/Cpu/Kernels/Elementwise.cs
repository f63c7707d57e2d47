using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>A function of up to three operands, 16 lanes at a time.</summary>
internal interface ILaneFunction
{
    /// <summary>The result for 16 elements; lanes beyond the data hold 1 and are thrown away.</summary>
    Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c);
}

/// <summary>
/// y[i] = f(a[i], b[i], c[i]). Aliasing: y may be any of the inputs, or apart from all. A null input reads as 1; a stride of 0 repeats
/// element 0. Lane layout: lane = element; the last elements go through a buffer, so they get the same operations.
/// </summary>
internal static unsafe class Elementwise
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TFunction>(in TFunction function, float* a, float* b, float* c, float* y, int length, bool repeatA = false, bool repeatB = false)
        where TFunction : struct, ILaneFunction
    {
        Vector512<float> va = a == null ? Vector512<float>.One : Vector512.Create(*a);
        Vector512<float> vb = b == null ? Vector512<float>.One : Vector512.Create(*b);
        Vector512<float> vc = Vector512<float>.One;
        bool readA = a != null && !repeatA;
        bool readB = b != null && !repeatB;
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            if (readA)
                va = Vector512.Load(a + i);
            if (readB)
                vb = Vector512.Load(b + i);
            if (c != null)
                vc = Vector512.Load(c + i);
            function.Invoke(va, vb, vc).Store(y + i);
        }

        if (i == length)
            return;
        int rest = length - i;
        float* buffer = stackalloc float[16];
        if (readA)
            va = Tail(a + i, rest, buffer);
        if (readB)
            vb = Tail(b + i, rest, buffer);
        if (c != null)
            vc = Tail(c + i, rest, buffer);
        function.Invoke(va, vb, vc).Store(buffer);
        for (int k = 0; k < rest; k++)
            y[i + k] = buffer[k];
    }

    /// <summary>The last elements in the first lanes, ones in the others.</summary>
    public static Vector512<float> Tail(float* source, int count, float* buffer)
    {
        for (int k = 0; k < 16; k++)
            buffer[k] = k < count ? source[k] : 1;
        return Vector512.Load(buffer);
    }
}
