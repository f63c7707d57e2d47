using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>clamp(1 - (1 - x)(1 - y), 0, 1): the photo editors' blend mode "screen".</summary>
internal readonly struct Screen : IBinaryOperator
{
    public float Invoke(float x, float y) => MathF.Min(MathF.Max(1f - ((1f - x) * (1f - y)), 0f), 1f);

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> y)
    {
        Vector256<float> one = Vector256<float>.One;
        return Vector256.Min(Vector256.Max(one - ((one - x) * (one - y)), Vector256<float>.Zero), one);
    }

    public Vector512<float> Invoke(Vector512<float> x, Vector512<float> y)
    {
        Vector512<float> one = Vector512<float>.One;
        return Vector512.Min(Vector512.Max(one - ((one - x) * (one - y)), Vector512<float>.Zero), one);
    }
}
