using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>floor((v - minimum) 255 / range) / 255f for v at or above the minimum: doubles stretched to 8-bit levels, truncated.</summary>
/// <remarks>Lane i of a vector of floats holds element i of its block of 16 or 8, converted from two vectors of doubles. The spans have one length.</remarks>
internal static class StretchToLevels
{
    public static void Invoke(ReadOnlySpan<double> source, double minimum, double range, Span<float> destination)
    {
        int length = destination.Length;
        ref double x = ref MemoryMarshal.GetReference(source[..length]);
        ref float y = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= length - 16; i += 16)
            {
                Vector512<double> low = Level(Vector512.LoadUnsafe(ref x, (nuint)i), minimum, range);
                Vector512<double> high = Level(Vector512.LoadUnsafe(ref x, (nuint)i + 8), minimum, range);
                (Vector512.Narrow(low, high) / Vector512.Create(255f)).StoreUnsafe(ref y, (nuint)i);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= length - 8; i += 8)
            {
                Vector256<double> low = Level(Vector256.LoadUnsafe(ref x, (nuint)i), minimum, range);
                Vector256<double> high = Level(Vector256.LoadUnsafe(ref x, (nuint)i + 4), minimum, range);
                (Vector256.Narrow(low, high) / Vector256.Create(255f)).StoreUnsafe(ref y, (nuint)i);
            }
        }

        InvokeScalar(source[i..length], minimum, range, destination[i..]);
    }

    /// <summary>The scalar twin.</summary>
    public static void InvokeScalar(ReadOnlySpan<double> source, double minimum, double range, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (float)Math.Floor((source[i] - minimum) * 255 / range) / 255f;
    }

    private static Vector512<double> Level(Vector512<double> v, double minimum, double range) =>
        Vector512.Floor((v - Vector512.Create(minimum)) * 255d / Vector512.Create(range));

    private static Vector256<double> Level(Vector256<double> v, double minimum, double range) =>
        Vector256.Floor((v - Vector256.Create(minimum)) * 255d / Vector256.Create(range));
}
