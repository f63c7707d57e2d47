namespace Gir.Imaging.Random;

/// <summary>
/// Scalar draws one after another from a Philox stream: draw number n is a function of (seed, stream, n) alone.
/// For whole arrays use the bulk fills of <see cref="Philox4x32"/>.
/// </summary>
/// <remarks>Not safe for concurrent use: every thread, or every item, takes a stream of its own.</remarks>
public sealed class PhiloxRandom
{
    private PhiloxBlock _block;
    private ulong _next;

    /// <summary>Starts at the first word of a stream.</summary>
    public PhiloxRandom(ulong seed, uint stream = 0)
    {
        Seed = seed;
        Stream = stream;
    }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The stream within the seed.</summary>
    public uint Stream { get; }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        int lane = (int)(_next & 3);
        if (lane == 0)
            _block = Philox4x32.Block(Seed, Stream, _next >> 2);
        _next++;
        return lane switch { 0 => _block.X0, 1 => _block.X1, 2 => _block.X2, _ => _block.X3 };
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>Uniform in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [minimum, maximum).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are not finite, or the maximum is below the minimum.</exception>
    public double NextUniform(double minimum, double maximum)
    {
        if (!double.IsFinite(minimum))
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "Expected a finite number.");
        if (!double.IsFinite(maximum) || maximum < minimum)
            throw new ArgumentOutOfRangeException(nameof(maximum), maximum, $"Expected a finite number of at least {minimum}.");
        return minimum + ((maximum - minimum) * NextDouble());
    }

    /// <summary>A uniform integer, both bounds included; without modulo bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is below the minimum.</exception>
    public int NextInteger(int minimum, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, minimum);
        ulong range = (ulong)((long)maximum - minimum + 1);
        // Lemire's multiply-shift with rejection: every value has exactly the same share of the 2^32 words.
        ulong product = NextUInt32() * range;
        if ((uint)product < range)
        {
            ulong threshold = (0x1_0000_0000UL - range) % range;
            while ((uint)product < threshold)
                product = NextUInt32() * range;
        }

        return (int)(minimum + (long)(product >> 32));
    }

    /// <summary>True with the given probability.</summary>
    public bool NextBoolean(double probability = 0.5) => NextDouble() < probability;

    /// <summary>Standard normal, by Box and Muller (the cosine branch of one pair per draw).</summary>
    public double NextGaussian()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>A seed for an independent child of this stream.</summary>
    public ulong NextSeed() => NextUInt64();
}
