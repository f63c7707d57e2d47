using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

internal readonly struct AddLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a + b;
}

internal readonly struct SubtractLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a - b;
}

internal readonly struct MultiplyLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a * b;
}

internal readonly struct DivideLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a / b;
}

/// <summary>scale a + shift.</summary>
internal readonly struct ScaleAndShiftLanes(float scale, float shift) : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => (a * scale) + Vector512.Create(shift);
}

/// <summary>alpha a + b.</summary>
internal readonly struct AddScaledLanes(float alpha) : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => (a * alpha) + b;
}

/// <summary>An elementwise function: forward of a = x; its gradient of a = x, b = y, c = dy.</summary>
internal interface IUnaryLanes
{
    static abstract Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b);

    static abstract Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b);
}

internal readonly struct ForwardLanes<TFunction>(UnaryOperation operation) : ILaneFunction
    where TFunction : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        TFunction.Forward(a, Vector512.Create(operation.A), Vector512.Create(operation.B));
}

internal readonly struct GradientLanes<TFunction>(UnaryOperation operation) : ILaneFunction
    where TFunction : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        TFunction.Gradient(a, b, c, Vector512.Create(operation.A), Vector512.Create(operation.B));
}

/// <summary>a, whatever b is.</summary>
internal readonly struct FirstLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a;
}
