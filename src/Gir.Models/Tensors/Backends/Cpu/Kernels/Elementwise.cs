using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>A function of up to three operands, 16 lanes at a time.</summary>
internal interface ILaneFunction
{
    /// <summary>Operands that are read, 1 to 3; the others are 1.</summary>
    static abstract int Operands { get; }

    /// <summary>The result for 16 elements; lanes beyond the data hold anything and are thrown away.</summary>
    Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c);
}

/// <summary>
/// y[i] = f(a[i], b[i], c[i]). Aliasing: y may be any of the inputs, or apart from all. A null input reads as 1; a repeated one is its element 0.
/// Lane layout: lane = element; every element gets the same operations, wherever it lies.
/// </summary>
internal static unsafe class Elementwise
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TFunction>(in TFunction function, float* a, float* b, float* c, float* y, int length, bool repeatA = false, bool repeatB = false)
        where TFunction : struct, ILaneFunction
    {
        // Constants are vectors that are read again and again: offsets into them are masked to 0.
        float* constants = stackalloc float[48];
        TFunction f = function;
        nint maskA = Prepare(ref a, repeatA, constants);
        nint maskB = Prepare(ref b, repeatB, constants + 16);
        nint maskC = Prepare(ref c, false, constants + 32);
        var tail = new RowTail(length);
        Vector512<float> last = f.Invoke(
            maskA == 0 ? Vector512.Load(a) : tail.Load(a),
            TFunction.Operands < 2 ? Vector512<float>.One : maskB == 0 ? Vector512.Load(b) : tail.Load(b),
            TFunction.Operands < 3 ? Vector512<float>.One : maskC == 0 ? Vector512.Load(c) : tail.Load(c));
        nint whole = tail.Whole;
        for (nint i = 0; i < whole; i += 16)
        {
            f.Invoke(
                Vector512.Load(a + (i & maskA)),
                TFunction.Operands < 2 ? Vector512<float>.One : Vector512.Load(b + (i & maskB)),
                TFunction.Operands < 3 ? Vector512<float>.One : Vector512.Load(c + (i & maskC))).Store(y + i);
        }

        tail.Store(last, y);
    }

    /// <summary>The scalar twin: one element at a time through lane 0.</summary>
    public static void Scalar<TFunction>(in TFunction function, float* a, float* b, float* c, float* y, int length, bool repeatA = false, bool repeatB = false)
        where TFunction : struct, ILaneFunction
    {
        for (int i = 0; i < length; i++)
        {
            y[i] = function.Invoke(
                Vector512.Create(a == null ? 1 : a[repeatA ? 0 : i]),
                Vector512.Create(b == null || TFunction.Operands < 2 ? 1 : b[repeatB ? 0 : i]),
                Vector512.Create(c == null || TFunction.Operands < 3 ? 1 : c[i])).ToScalar();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Prepare(ref float* operand, bool repeat, float* constant)
    {
        if (operand != null && !repeat)
            return -1;
        Vector512.Create(operand == null ? 1 : *operand).Store(constant);
        operand = constant;
        return 0;
    }
}
