using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>x y + c (1 - y): the haze veil of the GIR paper's Eq. 15, with x the image, y the transmission and c the airlight.</summary>
internal readonly struct Veil(float airlight) : IBinaryOperator
{
    private readonly float _airlight = airlight;

    public float Invoke(float x, float y) => (x * y) + (_airlight * (1f - y));

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> y) => (x * y) + ((Vector256<float>.One - y) * _airlight);

    public Vector512<float> Invoke(Vector512<float> x, Vector512<float> y) => (x * y) + ((Vector512<float>.One - y) * _airlight);
}
