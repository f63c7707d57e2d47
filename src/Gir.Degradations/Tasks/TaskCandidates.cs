using Gir.Imaging.Random;

namespace Gir.Degradations.Tasks;

/// <summary>
/// The sequences of operators that tasks are chosen from: the first of all ten operators, every further one of the seven that are no weather, so
/// 10 * 7^(k-1) of order k (GIR paper, section 3).
/// </summary>
public static class TaskCandidates
{
    /// <summary>The largest order whose sequences are counted and drawn from.</summary>
    public const int LargestOrder = 8;

    /// <summary>How many sequences of an order there are: 10, 70, 490, 3,430, 24,010 ...</summary>
    /// <param name="order">Number of operators, 1..<see cref="LargestOrder"/>.</param>
    /// <param name="options">The catalog and the largest order; null means <see cref="DegradationPipelineOptions.Benchmark"/>.</param>
    /// <exception cref="DegradationException">The order is out of range.</exception>
    public static long Count(int order, DegradationPipelineOptions? options = null)
    {
        options = Checked(order, options);
        long count = options.Catalog.Descriptors.Count;
        int later = options.Catalog.Descriptors.Count(d => !d.IsWeather);
        for (int i = 1; i < order; i++)
            count = checked(count * later);
        return count;
    }

    /// <summary>All sequences of an order at representative strength, in the order of the catalog.</summary>
    /// <inheritdoc cref="Count"/>
    public static IEnumerable<DegradationPipeline> All(int order, DegradationPipelineOptions? options = null)
    {
        options = Checked(order, options);
        long count = Count(order, options);
        return Enumerate();

        IEnumerable<DegradationPipeline> Enumerate()
        {
            for (long index = 0; index < count; index++)
                yield return At(index, order, options);
        }
    }

    /// <summary>Sequences drawn at random, in the order of the catalog.</summary>
    /// <remarks>
    /// At representative strength none is drawn twice, each choice is as likely as the others (Knuth, The Art of Computer Programming, 3.4.2, algorithm S), and where
    /// there are no more than wanted all of them are taken. At random strength sequence and parameters are drawn anew each time.
    /// </remarks>
    /// <param name="order">Number of operators, 1..<see cref="LargestOrder"/>.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="strength">With which parameters.</param>
    /// <param name="range">Whose ranges random parameters are drawn from.</param>
    /// <param name="options">Settings and catalog; null means <see cref="DegradationPipelineOptions.Benchmark"/>.</param>
    /// <exception cref="DegradationException">A number is out of range.</exception>
    public static IReadOnlyList<DegradationPipeline> Sample(
        int order,
        int count,
        ulong seed,
        TaskStrength strength = TaskStrength.Representative,
        RandomRange range = RandomRange.Paper,
        DegradationPipelineOptions? options = null)
    {
        options = Checked(order, options);
        if (count < 1)
            throw new DegradationException($"count = {count}: expected at least 1.");
        var random = new PhiloxRandom(seed);
        if (strength == TaskStrength.Random)
            return [.. Enumerable.Range(0, count).Select(_ => RandomTaskSampler.SamplePipeline(random, order, range, options))];

        var drawn = new List<DegradationPipeline>();
        long all = Count(order, options);
        for (long index = 0; index < all && drawn.Count < count; index++)
        {
            long wanted = count - drawn.Count;
            if (all - index <= wanted || random.NextDouble() * (all - index) < wanted)
                drawn.Add(At(index, order, options));
        }

        return drawn;
    }

    /// <summary>The sequence of a number: its digits, the last operator's first, name the operators.</summary>
    private static DegradationPipeline At(long index, int order, DegradationPipelineOptions options)
    {
        IReadOnlyList<DegradationDescriptor> all = options.Catalog.Descriptors;
        DegradationDescriptor[] later = [.. all.Where(d => !d.IsWeather)];
        var operators = new IDegradation[order];
        for (int step = order - 1; step > 0; step--)
        {
            operators[step] = later[(int)(index % later.Length)].Create();
            index /= later.Length;
        }

        operators[0] = all[(int)index].Create();
        return new DegradationPipeline(operators, options);
    }

    private static DegradationPipelineOptions Checked(int order, DegradationPipelineOptions? options)
    {
        options ??= DegradationPipelineOptions.Benchmark;
        options.Validate();
        int largest = Math.Min(LargestOrder, options.MaximumOrder);
        return order >= 1 && order <= largest ? options : throw new DegradationException($"order = {order}: expected 1..{largest}.");
    }
}
