namespace Gir.Imaging.Codecs.Png;

/// <summary>A prefix code of limited length for counted symbols (RFC 1951, 3.2.2), its codes already in the order in which bits are written.</summary>
internal sealed class DeflateCode
{
    private const int LongestLength = 15;

    private DeflateCode(byte[] lengths)
    {
        Lengths = lengths;
        Entries = MakeEntries(lengths);
    }

    /// <summary>By symbol: bits of its code; 0 where it does not occur.</summary>
    public byte[] Lengths { get; }

    /// <summary>By symbol: code * 32 + length, the code's first bit lowest.</summary>
    public uint[] Entries { get; }

    /// <summary>A code for counted symbols: Huffman's, and where that has longer codes than allowed, a near one that has not.</summary>
    /// <param name="counts">How often each symbol occurs; at least one does.</param>
    /// <param name="longest">Most bits of a code; 2 to this power is at least the number of symbols.</param>
    public static DeflateCode Of(ReadOnlySpan<int> counts, int longest)
    {
        // By frequency, then by number: the code must not depend on how the sorting treats equals.
        var order = new List<long>();
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] > 0)
                order.Add(((long)counts[symbol] << 16) | (uint)symbol);
        }

        order.Sort();
        var lengths = new byte[counts.Length];
        if (order.Count == 1)
        {
            lengths[(int)(order[0] & 0xFFFF)] = 1;
            return new DeflateCode(lengths);
        }

        int[] perLength = CountLengths(order);
        Limit(perLength, longest);
        // The rarest symbols get the longest codes.
        int at = 0;
        for (int length = longest; length >= 1; length--)
        {
            for (int i = 0; i < perLength[length]; i++)
                lengths[(int)(order[at++] & 0xFFFF)] = (byte)length;
        }

        return new DeflateCode(lengths);
    }

    // Huffman's tree over sorted weights needs no heap: merged nodes come out in order too.
    private static int[] CountLengths(List<long> order)
    {
        int leaves = order.Count;
        var weights = new long[(2 * leaves) - 1];
        var parents = new int[(2 * leaves) - 1];
        for (int i = 0; i < leaves; i++)
            weights[i] = order[i] >> 16;
        int leaf = 0;
        int inner = leaves;
        for (int made = leaves; made < weights.Length; made++)
        {
            for (int child = 0; child < 2; child++)
            {
                bool takeLeaf = leaf < leaves && (inner >= made || weights[leaf] <= weights[inner]);
                int taken = takeLeaf ? leaf++ : inner++;
                weights[made] += weights[taken];
                parents[taken] = made;
            }
        }

        var depths = new int[weights.Length];
        var counts = new int[64];
        for (int node = weights.Length - 2; node >= 0; node--)
        {
            depths[node] = depths[parents[node]] + 1;
            if (node < leaves)
                counts[Math.Min(depths[node], counts.Length - 1)]++;
        }

        return counts;
    }

    // Shortens what is too long and lengthens others until the code is a prefix code again.
    private static void Limit(int[] perLength, int longest)
    {
        for (int length = longest + 1; length < perLength.Length; length++)
        {
            perLength[longest] += perLength[length];
            perLength[length] = 0;
        }

        long space = 0;
        for (int length = 1; length <= longest; length++)
            space += (long)perLength[length] << (longest - length);
        for (; space > 1L << longest; space--)
        {
            perLength[longest]--;
            int length = longest - 1;
            while (perLength[length] == 0)
                length--;
            perLength[length]--;
            perLength[length + 1] += 2;
        }
    }

    private static uint[] MakeEntries(byte[] lengths)
    {
        Span<uint> perLength = stackalloc uint[LongestLength + 1];
        perLength.Clear();
        foreach (byte length in lengths)
            perLength[length] += length > 0 ? 1u : 0;
        // The first code of a length follows the last of the shorter one, with a bit more.
        Span<uint> codes = stackalloc uint[LongestLength + 1];
        codes[0] = 0;
        for (int length = 1; length <= LongestLength; length++)
            codes[length] = (codes[length - 1] + perLength[length - 1]) << 1;

        var entries = new uint[lengths.Length];
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length > 0)
                entries[symbol] = (Reverse(codes[length]++, length) << 5) | (uint)length;
        }

        return entries;
    }

    private static uint Reverse(uint code, int length)
    {
        uint reversed = 0;
        for (int i = 0; i < length; i++, code >>= 1)
            reversed = (reversed << 1) | (code & 1);
        return reversed;
    }
}
