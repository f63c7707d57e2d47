using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>clamp(v, 0, 1) by comparisons, so that NaN gives 0 in every vector width.</summary>
internal static class UnitClamp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float value)
    {
        float atLeast = value > 0f ? value : 0f;
        return atLeast < 1f ? atLeast : 1f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> value)
    {
        Vector256<float> atLeast = Vector256.ConditionalSelect(Vector256.GreaterThan(value, Vector256<float>.Zero), value, Vector256<float>.Zero);
        return Vector256.ConditionalSelect(Vector256.LessThan(atLeast, Vector256<float>.One), atLeast, Vector256<float>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> value)
    {
        Vector512<float> atLeast = Vector512.ConditionalSelect(Vector512.GreaterThan(value, Vector512<float>.Zero), value, Vector512<float>.Zero);
        return Vector512.ConditionalSelect(Vector512.LessThan(atLeast, Vector512<float>.One), atLeast, Vector512<float>.One);
    }
}
