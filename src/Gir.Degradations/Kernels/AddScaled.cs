using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>destination += weight * source, in double; multiply, then add, in every width.</summary>
/// <remarks>Lane i of a vector holds element i of its block of 8 or 4. The spans must not overlap; both have one length.</remarks>
internal static class AddScaled
{
    public static void Invoke(ReadOnlySpan<double> source, double weight, Span<double> destination)
    {
        int length = destination.Length;
        ref double x = ref MemoryMarshal.GetReference(source[..length]);
        ref double y = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= length - 8; i += 8)
                (Vector512.LoadUnsafe(ref y, (nuint)i) + (Vector512.LoadUnsafe(ref x, (nuint)i) * weight)).StoreUnsafe(ref y, (nuint)i);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= length - 4; i += 4)
                (Vector256.LoadUnsafe(ref y, (nuint)i) + (Vector256.LoadUnsafe(ref x, (nuint)i) * weight)).StoreUnsafe(ref y, (nuint)i);
        }

        InvokeScalar(source[i..length], weight, destination[i..]);
    }

    /// <summary>The scalar twin.</summary>
    public static void InvokeScalar(ReadOnlySpan<double> source, double weight, Span<double> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] += source[i] * weight;
    }
}
