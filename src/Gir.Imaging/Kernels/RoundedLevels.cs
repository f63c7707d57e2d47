using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>Float64 values as 8-bit levels: floor(x + 1/2), clipped to 0..255.</summary>
internal static class RoundedLevels
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Of(double value)
    {
        // Clipping first makes the truncation a floor.
        double shifted = value + 0.5;
        return (byte)(shifted < 0 ? 0 : shifted > 255 ? 255 : shifted);
    }

    /// <summary>The same for eight values; AVX-512 only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Of(Vector512<double> values) => Avx512F.ConvertToVector256Int32WithTruncation(
        Vector512.Min(Vector512.Max(values + Vector512.Create(0.5), Vector512<double>.Zero), Vector512.Create(255.0)));
}
