using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>Layer normalisation of one contiguous row. Aliasing: none. Lane layout: lane = element.</summary>
internal static unsafe class NormalizeRows
{
    /// <summary>y = (x - shift) reciprocal weight + bias.</summary>
    public static void Apply(float* x, float shift, float reciprocal, float* weight, float* bias, float* y, int length)
    {
        if (bias != null)
            Elementwise.Run(new Affine(shift, reciprocal), x, weight, bias, y, length);
        else
            Elementwise.Run(new Scaled(shift, reciprocal), x, weight, null, y, length);
    }

    /// <summary>dx = reciprocal (dy weight - meanGradient) - projection (x - mean); a null weight reads as 1.</summary>
    public static void Gradient(
        float* x, float* weight, float* dy, float mean, float reciprocal, float meanGradient, float projection, float* dx, int length) =>
        Elementwise.Run(new GradientFunction(mean, reciprocal, meanGradient, projection), x, weight, dy, dx, length);

    private readonly struct Affine(float shift, float reciprocal) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => ((a - Vector512.Create(shift)) * reciprocal * b) + c;
    }

    private readonly struct Scaled(float shift, float reciprocal) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) => (a - Vector512.Create(shift)) * reciprocal * b;
    }

    private readonly struct GradientFunction(float mean, float reciprocal, float meanGradient, float projection) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Invoke(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
            (((c * b) - Vector512.Create(meanGradient)) * reciprocal) - ((a - Vector512.Create(mean)) * projection);
    }
}
