using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

internal readonly struct ReluLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        Vector512.Max(x, Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy & Vector512.GreaterThan(x, Vector512<float>.Zero);
}

internal readonly struct LeakyReluLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, x * a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), dy, dy * a);
}

internal readonly struct GeluLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        Vector512.FusedMultiplyAdd(x * 0.5f, VectorMath.Erf(x * 0.70710678f), x * 0.5f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy * (((Vector512<float>.One + VectorMath.Erf(x * 0.70710678f)) * 0.5f) + (x * VectorMath.Exp(x * x * -0.5f) * 0.39894228f));
}

internal readonly struct SigmoidLanes : IUnaryLanes
{
    public static bool GradientReadsX => false;

    public static bool GradientReadsY => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        VectorMath.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy * y * (Vector512<float>.One - y);
}

internal readonly struct TanhLanes : IUnaryLanes
{
    public static bool GradientReadsX => false;

    public static bool GradientReadsY => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        (VectorMath.Sigmoid(x * 2f) * 2f) - Vector512<float>.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy * (Vector512<float>.One - (y * y));
}

internal readonly struct SiluLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        x * VectorMath.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy * VectorMath.Sigmoid(x) * (Vector512<float>.One + (x * (Vector512<float>.One - VectorMath.Sigmoid(x))));
}

internal readonly struct SoftplusLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x * a, b), x, VectorMath.Log(Vector512<float>.One + VectorMath.Exp(x * a)) / a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x * a, b), dy, dy * VectorMath.Sigmoid(x * a));
}

internal readonly struct HardSigmoidLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        Vector512.Min(Vector512.Max((x / 6f) + Vector512.Create(0.5f), Vector512<float>.Zero), Vector512<float>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        (dy / 6f) & Vector512.GreaterThan(x, Vector512.Create(-3f)) & Vector512.LessThan(x, Vector512.Create(3f));
}

internal readonly struct ClampLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        Vector512.Min(Vector512.Max(x, a), b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy & Vector512.GreaterThanOrEqual(x, a) & Vector512.LessThanOrEqual(x, b);
}

internal readonly struct AbsLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        Vector512.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        (dy & Vector512.GreaterThan(x, Vector512<float>.Zero)) - (dy & Vector512.LessThan(x, Vector512<float>.Zero));
}

internal readonly struct ExpLanes : IUnaryLanes
{
    public static bool GradientReadsX => false;

    public static bool GradientReadsY => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        VectorMath.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy * y;
}

internal readonly struct LogLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        VectorMath.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy / x;
}

internal readonly struct SqrtLanes : IUnaryLanes
{
    public static bool GradientReadsX => false;

    public static bool GradientReadsY => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        Vector512.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy * 0.5f / y;
}

internal readonly struct ReciprocalSqrtLanes : IUnaryLanes
{
    public static bool GradientReadsY => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        Vector512<float>.One / Vector512.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy * -0.5f * (y / x);
}

internal readonly struct SquareLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy * x * 2f;
}

internal readonly struct ErfLanes : IUnaryLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
        VectorMath.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> x, Vector512<float> y, Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        dy * VectorMath.Exp(-(x * x)) * 1.12837917f;
}
