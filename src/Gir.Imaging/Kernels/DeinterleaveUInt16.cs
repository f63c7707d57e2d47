using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Interleaved 16-bit pixels to float planes: plane c at index i receives level / 65535f of channel c of pixel i.</summary>
/// <remarks>Source and destination must not overlap. Lanes (one channel) are neighboring pixels; more channels are read one by one.</remarks>
internal static class DeinterleaveUInt16
{
    /// <summary>Converts pixels.Length / channels pixels; plane c begins at destination[c * planeStride].</summary>
    public static void Run(ReadOnlySpan<ushort> pixels, int channels, Span<float> destination, int planeStride)
    {
        int done = 0;
        if (Vector128.IsHardwareAccelerated && channels == 1)
        {
            ref ushort source = ref MemoryMarshal.GetReference(pixels);
            ref float target = ref MemoryMarshal.GetReference(destination[..pixels.Length]);
            Vector128<float> scale = Vector128.Create(65535f);
            for (; done <= pixels.Length - Vector128<ushort>.Count; done += Vector128<ushort>.Count)
            {
                (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)done));
                (Vector128.ConvertToSingle(low.AsInt32()) / scale).StoreUnsafe(ref target, (nuint)done);
                (Vector128.ConvertToSingle(high.AsInt32()) / scale).StoreUnsafe(ref target, (nuint)done + 4);
            }
        }

        Scalar(pixels, channels, destination, planeStride, done);
    }

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(ReadOnlySpan<ushort> pixels, int channels, Span<float> destination, int planeStride) =>
        Scalar(pixels, channels, destination, planeStride, 0);

    private static void Scalar(ReadOnlySpan<ushort> pixels, int channels, Span<float> destination, int planeStride, int start)
    {
        int count = pixels.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            Span<float> plane = destination.Slice(c * planeStride, count);
            for (int i = start, p = (start * channels) + c; i < plane.Length; i++, p += channels)
                plane[i] = pixels[p] / 65535f;
        }
    }
}
