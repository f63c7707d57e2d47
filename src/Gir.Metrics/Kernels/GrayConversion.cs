using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>Turns rows of samples into levels under a color convention.</summary>
/// <remarks>Elementwise; sources and target must not overlap.</remarks>
internal static unsafe class GrayConversion
{
    /// <summary>One channel as it is, rounded where the convention rounds.</summary>
    public static void Single(ReadOnlySpan<float> source, Span<double> target, MetricColor color)
    {
        fixed (float* s = source)
        fixed (double* t = target)
        {
            if (Vector512.IsHardwareAccelerated)
                Single<Lanes512<double>>(s, t, target.Length, color);
            else if (Vector256.IsHardwareAccelerated)
                Single<Lanes256<double>>(s, t, target.Length, color);
            else
                Single<Lanes1<double>>(s, t, target.Length, color);
        }
    }

    /// <summary>A weighted mix of red, green and blue.</summary>
    public static void Mix(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<double> target, MetricColor color)
    {
        fixed (float* r = red, g = green, b = blue)
        fixed (double* t = target)
        {
            if (Vector512.IsHardwareAccelerated)
                Mix<Lanes512<double>>(r, g, b, t, target.Length, color);
            else if (Vector256.IsHardwareAccelerated)
                Mix<Lanes256<double>>(r, g, b, t, target.Length, color);
            else
                Mix<Lanes1<double>>(r, g, b, t, target.Length, color);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Single<T>(float* source, double* target, int length, MetricColor color)
        where T : struct, ILanes<T, double>
    {
        int i = 0;
        for (; i <= length - T.Count; i += T.Count)
            T.Store(Rounded(LaneBits.LoadLevels<T>(source + i), color), target + i);
        for (; i < length; i++)
            Lanes1<double>.Store(Rounded(LaneBits.LoadLevels<Lanes1<double>>(source + i), color), target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Mix<T>(float* r, float* g, float* b, double* target, int length, MetricColor color)
        where T : struct, ILanes<T, double>
    {
        // The 299/587/114 weights stay whole numbers until one division: products of whole levels are then exact, and so are ties.
        (double red, double green, double blue, double divisor, double offset) = color switch
        {
            MetricColor.LumaBt601 => (65.481, 128.553, 24.966, 255.0, 16.0),
            MetricColor.GrayMatlab => (0.298936021293775, 0.587043074451121, 0.114020904255103, 1.0, 0.0),
            _ => (299.0, 587.0, 114.0, 1000.0, 0.0),
        };
        int i = 0;
        for (; i <= length - T.Count; i += T.Count)
        {
            T sum = (T.Of(red) * LaneBits.LoadLevels<T>(r + i)) + (T.Of(green) * LaneBits.LoadLevels<T>(g + i)) + (T.Of(blue) * LaneBits.LoadLevels<T>(b + i));
            T.Store(Rounded((sum / T.Of(divisor)) + T.Of(offset), color), target + i);
        }

        for (; i < length; i++)
        {
            Lanes1<double> sum = (Lanes1<double>.Of(red) * LaneBits.LoadLevels<Lanes1<double>>(r + i)) + (Lanes1<double>.Of(green) * LaneBits.LoadLevels<Lanes1<double>>(g + i)) + (Lanes1<double>.Of(blue) * LaneBits.LoadLevels<Lanes1<double>>(b + i));
            Lanes1<double>.Store(Rounded((sum / Lanes1<double>.Of(divisor)) + Lanes1<double>.Of(offset), color), target + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Rounded<T>(T level, MetricColor color)
        where T : struct, ILanes<T, double> => color switch
        {
            MetricColor.GrayMatlab => T.Floor(level + T.Of(0.5)),
            MetricColor.GrayYiqRounded => T.Round(level),
            _ => level,
        };
}
