using System.Runtime.InteropServices;
using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.Dimensions;

/// <summary>Squared gradients of a plane, and the energy from which on they belong to its strongest twentieth.</summary>
internal static class StrongEdges
{
    // Squares of 0.02: about the gradient of a step of ten levels after the Gaussian.
    private const float LeastEnergy = 0.02f * 0.02f;
    private const int HalfBits = 16;

    /// <summary>Fills a plane with squared gradient magnitudes.</summary>
    public static void Measure(ImageBuffer plane, ImageBuffer energies, Parallelism parallelism) =>
        parallelism.For(plane.Height, 64, new Rows(plane, energies));

    /// <summary>The least energy of a strong edge: that of the last of the strongest twentieth, or just above the square of 0.02 where that is more.</summary>
    public static float Threshold(ImageBuffer energies)
    {
        int most = Math.Max(1, energies.PlaneLength / 20);
        // The bits of numbers from 0 on, read as integers, are in the order of the numbers: first the upper half is found, then the lower.
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(energies.Samples);
        var counts = new int[1 << HalfBits];
        foreach (int value in bits)
            counts[value >> HalfBits]++;
        int upper = Last(counts, ref most);
        System.Array.Clear(counts);
        foreach (int value in bits)
        {
            if (value >> HalfBits == upper)
                counts[value & ((1 << HalfBits) - 1)]++;
        }

        float threshold = BitConverter.Int32BitsToSingle((upper << HalfBits) | Last(counts, ref most));
        return Math.Max(threshold, MathF.BitIncrement(LeastEnergy));
    }

    /// <summary>The bin, from above, that holds the last of the strongest; what lies above it is taken off.</summary>
    private static int Last(int[] counts, ref int most)
    {
        int bin = counts.Length - 1;
        for (; bin > 0 && counts[bin] < most; bin--)
            most -= counts[bin];
        return bin;
    }

    private readonly struct Rows(ImageBuffer plane, ImageBuffer energies) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int y = start; y < end; y++)
            {
                GradientEnergy.Row(
                    plane.Row(0, Math.Max(y - 1, 0)), plane.Row(0, y), plane.Row(0, Math.Min(y + 1, plane.Height - 1)), energies.Row(0, y));
            }
        }
    }
}
