using Gir.Imaging.Kernels;

namespace Gir.Imaging.Random;

/// <content>Bulk fills: element i of a fill with offset o is element o + i of one with offset 0, whatever the length.</content>
public static partial class Philox4x32
{
    /// <summary>Random words: element i is word i mod 4 of block i / 4 (the draws of <see cref="PhiloxRandom.NextUInt32"/>).</summary>
    /// <param name="destination">Receives the words.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">The stream within the seed.</param>
    /// <param name="offset">Number of the first element within the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The last element's number would exceed 2^64 - 1.</exception>
    public static void FillUInt32(Span<uint> destination, ulong seed, uint stream = 0, ulong offset = 0) =>
        Fill<uint, PhiloxWords<uint, PhiloxUInt32>>(destination, seed, stream, offset);

    /// <summary>Uniform in [0, 1): the upper 24 bits of word i times 2^-24.</summary>
    /// <param name="destination">Receives the numbers.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">The stream within the seed.</param>
    /// <param name="offset">Number of the first element within the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The last element's number would exceed 2^64 - 1.</exception>
    public static void FillUniform(Span<float> destination, ulong seed, uint stream = 0, ulong offset = 0) =>
        Fill<float, PhiloxWords<float, PhiloxUniformSingle>>(destination, seed, stream, offset);

    /// <summary>Uniform in [0, 1) with 53 random bits, from words 2i and 2i + 1 (the draws of <see cref="PhiloxRandom.NextDouble"/>).</summary>
    /// <param name="destination">Receives the numbers.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">The stream within the seed.</param>
    /// <param name="offset">Number of the first element within the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The last element's number would exceed 2^64 - 1.</exception>
    public static void FillUniform(Span<double> destination, ulong seed, uint stream = 0, ulong offset = 0) =>
        Fill<double, PhiloxWords<double, PhiloxUniformDouble>>(destination, seed, stream, offset);

    /// <summary>
    /// Standard normal, by Box and Muller ("A Note on the Generation of Random Normal Deviates", 1958) in float32, both branches:
    /// elements 2i and 2i + 1 are sqrt(-2 ln u) times cos and sin of 2 pi v, with u = (floor(a / 2) + 1/2) 2^-31 from word a = 2i
    /// and v = b 2^-32 from word b = 2i + 1. Largest magnitude 6.66.
    /// </summary>
    /// <param name="destination">Receives the numbers.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">The stream within the seed.</param>
    /// <param name="offset">Number of the first element within the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The last element's number would exceed 2^64 - 1.</exception>
    public static void FillGaussian(Span<float> destination, ulong seed, uint stream = 0, ulong offset = 0) =>
        Fill<float, PhiloxGaussian>(destination, seed, stream, offset);

    private static void Fill<T, TKernel>(Span<T> destination, ulong seed, uint stream, ulong offset)
        where T : unmanaged
        where TKernel : IPhiloxFill<T>
    {
        if (offset > ulong.MaxValue - (ulong)destination.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"Expected at most {ulong.MaxValue - (ulong)destination.Length} for {destination.Length} elements.");
        }

        int perBlock = TKernel.PerBlock;
        ulong block = offset / (ulong)perBlock;
        int skipped = (int)(offset % (ulong)perBlock);
        Span<T> whole = stackalloc T[4];
        whole = whole[..perBlock];
        if (skipped != 0 && destination.Length > 0)
        {
            TKernel.Fill(whole, seed, stream, block++);
            int count = Math.Min(perBlock - skipped, destination.Length);
            whole.Slice(skipped, count).CopyTo(destination);
            destination = destination[count..];
        }

        int body = destination.Length / perBlock * perBlock;
        TKernel.Fill(destination[..body], seed, stream, block);
        if (body < destination.Length)
        {
            TKernel.Fill(whole, seed, stream, block + (ulong)(body / perBlock));
            whole[..(destination.Length - body)].CopyTo(destination[body..]);
        }
    }
}
