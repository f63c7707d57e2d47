using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

internal readonly struct AddLanes : ILaneFunction
{
    public static int Operands => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a + b;
}

internal readonly struct SubtractLanes : ILaneFunction
{
    public static int Operands => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a - b;
}

internal readonly struct MultiplyLanes : ILaneFunction
{
    public static int Operands => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a * b;
}

internal readonly struct DivideLanes : ILaneFunction
{
    public static int Operands => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a / b;
}

/// <summary>scale a + shift.</summary>
internal readonly struct ScaleAndShiftLanes(float scale, float shift) : ILaneFunction
{
    public static int Operands => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => (a * scale) + Vector512.Create(shift);
}

/// <summary>alpha a + b.</summary>
internal readonly struct AddScaledLanes(float alpha) : ILaneFunction
{
    public static int Operands => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => (a * alpha) + b;
}

/// <summary>An elementwise function y of x with the constants a and b.</summary>
internal interface IUnaryLanes
{
    /// <summary>Whether <see cref="Gradient"/> looks at x; what it does not look at need not be read.</summary>
    static virtual bool GradientReadsX => true;

    /// <summary>Whether <see cref="Gradient"/> looks at y.</summary>
    static virtual bool GradientReadsY => false;

    static abstract Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b);

    static abstract Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b);
}

/// <summary>An elementwise function of a = x.</summary>
internal readonly struct ForwardLanes<TFunction>(UnaryOperation operation) : ILaneFunction
    where TFunction : IUnaryLanes
{
    public static int Operands => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        TFunction.Forward(a, Vector512.Create(operation.A), Vector512.Create(operation.B));
}

/// <summary>The gradient of an elementwise function, of a = dy, b = x, c = y.</summary>
internal readonly struct GradientLanes<TFunction>(UnaryOperation operation) : ILaneFunction
    where TFunction : IUnaryLanes
{
    public static int Operands => TFunction.GradientReadsY ? 3 : 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        TFunction.Gradient(b, c, a, Vector512.Create(operation.A), Vector512.Create(operation.B));
}

/// <summary>a, whatever b is.</summary>
internal readonly struct FirstLanes : ILaneFunction
{
    public static int Operands => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a;
}
