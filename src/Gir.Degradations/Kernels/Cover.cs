using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>x (1 - y) + c y: a layer of colour c over the image x where the mask y says so (Eq. 17 with c = 1).</summary>
internal readonly struct Cover(float color) : IBinaryOperator
{
    private readonly float _color = color;

    public float Invoke(float x, float y) => (x * (1f - y)) + (_color * y);

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> y) => (x * (Vector256<float>.One - y)) + (y * _color);

    public Vector512<float> Invoke(Vector512<float> x, Vector512<float> y) => (x * (Vector512<float>.One - y)) + (y * _color);
}
