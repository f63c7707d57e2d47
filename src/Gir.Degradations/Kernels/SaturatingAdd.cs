using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>clamp(x + s y, 0, 1): light added to an image (s = 1) or taken from it (s = -1).</summary>
internal readonly struct SaturatingAdd(float sign) : IBinaryOperator
{
    private readonly float _sign = sign;

    public float Invoke(float x, float y) => MathF.Min(MathF.Max(x + (y * _sign), 0f), 1f);

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> y) =>
        Vector256.Min(Vector256.Max(x + (y * _sign), Vector256<float>.Zero), Vector256<float>.One);

    public Vector512<float> Invoke(Vector512<float> x, Vector512<float> y) =>
        Vector512.Min(Vector512.Max(x + (y * _sign), Vector512<float>.Zero), Vector512<float>.One);
}
