using System.Runtime.CompilerServices;

namespace Gir.Imaging.Kernels;

/// <summary>Samples to the nearest of the 256 levels: clamp(round-half-even(255 v)) / 255f; NaN gives 0.</summary>
/// <remarks>In place. Adding and subtracting 2^23 rounds what lies in [0, 2^23).</remarks>
internal readonly struct QuantizeLevels : IUnaryFunction<float>
{
    private const float Rounder = 8_388_608f;
    private const float Largest = 255f;

    /// <summary>Quantizes every sample.</summary>
    public static void Run(Span<float> samples) => RowMap.Invoke(samples, samples, default(QuantizeLevels));

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(Span<float> samples) => RowMap.InvokeScalar(samples, samples, default(QuantizeLevels));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, float>
    {
        (TLanes zero, TLanes largest, TLanes rounder) = (TLanes.Of(0), TLanes.Of(Largest), TLanes.Of(Rounder));
        TLanes scaled = x * largest;
        scaled = TLanes.IfGreater(scaled, zero, scaled, zero);
        scaled = TLanes.IfGreater(largest, scaled, scaled, largest);
        return ((scaled + rounder) - rounder) / largest;
    }
}
