using System.Globalization;
using Gir.Imaging.Random;
using Gir.Imaging.Text;

namespace Gir.Evaluation.Shards;

/// <summary>One of the equal parts that work is shared out in, for machines that know nothing of one another: "2/8" is the second of eight.</summary>
/// <remarks>
/// Which part a piece of work belongs to depends on its place and on how many pieces there are, on nothing else: every machine finds the same. Pieces are dealt
/// out shuffled, so that what is dear (large images, long tasks) is spread, and no part has more than one piece more than another.
/// </remarks>
public sealed record Shard
{
    /// <summary>The most parts that work can be shared out in.</summary>
    public const int MostShards = 100_000;

    // Any constant: all machines must shuffle alike.
    private const ulong ShuffleSeed = 0x5a17;

    /// <summary>Names a part.</summary>
    /// <param name="number">Which one, from 1.</param>
    /// <param name="count">How many there are, 1..<see cref="MostShards"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public Shard(int number, int count)
    {
        if (count is < 1 or > MostShards)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Expected 1..{MostShards} shards.");
        if (number < 1 || number > count)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"Expected a shard of 1..{count}.");
        Number = number;
        Count = count;
    }

    /// <summary>Which part, from 1.</summary>
    public int Number { get; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>Reads "2/8".</summary>
    /// <param name="text">Number and count.</param>
    /// <exception cref="EvaluationException">The text names no shard.</exception>
    public static Shard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] sides = text.Split('/');
        return sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count is >= 1 and <= MostShards
            && number >= 1
            && number <= count
                ? new Shard(number, count)
                : throw new EvaluationException($"'{Suggestion.Shortened(text)}' is no shard; expected NUMBER/COUNT from 1/COUNT to COUNT/COUNT, e.g. 2/8, of at most {MostShards}.");
    }

    /// <summary>"2/8".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    /// <summary>The part's places among shuffled pieces: from the first to before the end.</summary>
    internal (long Start, long End) Range(long total) => (total * (Number - 1) / Count, total * Number / Count);

    /// <summary>Where each piece stands after shuffling.</summary>
    internal static int[] Shuffled(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort([.. order.Select(i => (Philox4x32.DeriveSeed(ShuffleSeed, (ulong)i), i))], order);
        var places = new int[count];
        for (int place = 0; place < count; place++)
            places[order[place]] = place;
        return places;
    }
}
