using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>What <see cref="ILanes{TSelf, T}"/> cannot say because it mixes types of samples; of one register each, which the compiler knows.</summary>
internal static unsafe class LaneBits
{
    private const int OneBits = 0x3F800000;
    private const int MantissaBits = 23;

    /// <summary>2^k of sums k + 1.5 * 2^23: the integer k then stands lowest in the sum's bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes PowerOfTwo<TLanes>(TLanes sum)
        where TLanes : struct, ILanes<TLanes, float>
    {
        if (typeof(TLanes) == typeof(Lanes512<float>))
        {
            Vector512<int> bits = Unsafe.BitCast<TLanes, Vector512<int>>(sum);
            return Unsafe.BitCast<Vector512<int>, TLanes>((bits << MantissaBits) + Vector512.Create(OneBits));
        }

        if (typeof(TLanes) == typeof(Lanes256<float>))
        {
            Vector256<int> bits = Unsafe.BitCast<TLanes, Vector256<int>>(sum);
            return Unsafe.BitCast<Vector256<int>, TLanes>((bits << MantissaBits) + Vector256.Create(OneBits));
        }

        return Unsafe.BitCast<int, TLanes>((Unsafe.BitCast<TLanes, int>(sum) << MantissaBits) + OneBits);
    }

    /// <summary>Float samples of nominal range [0, 1] as levels 0..255 in double: the float product 255 v, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes LoadLevels<TLanes>(float* source)
        where TLanes : struct, ILanes<TLanes, double>
    {
        if (typeof(TLanes) == typeof(Lanes512<double>))
        {
            Vector256<float> levels = Vector256.Load(source) * 255f;
            if (Avx512F.IsSupported)
                return Unsafe.BitCast<Vector512<double>, TLanes>(Avx512F.ConvertToVector512Double(levels));
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(levels);
            return Unsafe.BitCast<Vector512<double>, TLanes>(Vector512.Create(lower, upper));
        }

        if (typeof(TLanes) == typeof(Lanes256<double>))
        {
            Vector128<float> levels = Vector128.Load(source) * 255f;
            if (Avx.IsSupported)
                return Unsafe.BitCast<Vector256<double>, TLanes>(Avx.ConvertToVector256Double(levels));
            (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(levels);
            return Unsafe.BitCast<Vector256<double>, TLanes>(Vector256.Create(lower, upper));
        }

        return TLanes.Of(*source * 255f);
    }

    /// <summary>Doubles rounded to float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSingles<TLanes>(TLanes value, float* target)
        where TLanes : struct, ILanes<TLanes, double>
    {
        if (typeof(TLanes) == typeof(Lanes512<double>))
        {
            Vector512<double> lanes = Unsafe.BitCast<TLanes, Vector512<double>>(value);
            if (Avx512F.IsSupported)
                Avx512F.ConvertToVector256Single(lanes).Store(target);
            else
                Vector256.Narrow(lanes.GetLower(), lanes.GetUpper()).Store(target);
        }
        else if (typeof(TLanes) == typeof(Lanes256<double>))
        {
            Vector256<double> lanes = Unsafe.BitCast<TLanes, Vector256<double>>(value);
            if (Avx.IsSupported)
                Avx.ConvertToVector128Single(lanes).Store(target);
            else
                Vector128.Narrow(lanes.GetLower(), lanes.GetUpper()).Store(target);
        }
        else
        {
            *target = (float)Unsafe.BitCast<TLanes, double>(value);
        }
    }
}
