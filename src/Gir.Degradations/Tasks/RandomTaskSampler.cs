using System.Globalization;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tasks;

/// <summary>
/// Draws pipelines at random: the first operator from all ten, every further one from the seven that are no weather, all with
/// parameters from the published ranges (GIR paper, section 3 and appendix A.1: 10 * 7^(k-1) sequences of order k).
/// </summary>
public static class RandomTaskSampler
{
    private const int TasksPerOrder = 10;

    /// <summary>Draws a pipeline.</summary>
    /// <param name="random">Where the draws come from.</param>
    /// <param name="order">Number of operators, 1 to the largest that the options allow; null draws 1..5.</param>
    /// <param name="range">Whose ranges parameters are drawn from.</param>
    /// <param name="options">Settings and catalog; null means <see cref="DegradationPipelineOptions.Benchmark"/>.</param>
    /// <exception cref="DegradationException">The order is out of range.</exception>
    public static DegradationPipeline SamplePipeline(
        PhiloxRandom random, int? order = null, RandomRange range = RandomRange.Paper, DegradationPipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        options ??= DegradationPipelineOptions.Benchmark;
        options.Validate();
        if (order < 1 || order > options.MaximumOrder)
            throw new DegradationException($"order = {order}: expected 1..{options.MaximumOrder}.");
        int length = order ?? random.NextInteger(1, Math.Min(DegradationPipeline.PaperMaximumOrder, options.MaximumOrder));
        return SamplePipeline(random, null, length, range, options);
    }

    /// <summary>
    /// Draws operators that may follow others, each of the seven that are no weather with the same probability, e.g. to go on after weather that was
    /// prepared ahead.
    /// </summary>
    /// <param name="random">Where the draws come from.</param>
    /// <param name="count">Number of operators, 0..64.</param>
    /// <param name="range">Whose ranges parameters are drawn from.</param>
    /// <exception cref="DegradationException">The count is out of range.</exception>
    public static IReadOnlyList<IDegradation> SampleLaterOperators(PhiloxRandom random, int count, RandomRange range = RandomRange.Paper)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (count is < 0 or > 64)
            throw new DegradationException($"count = {count}: expected 0..64.");
        DegradationDescriptor[] later = Later(DegradationCatalog.Standard);
        var operators = new IDegradation[count];
        for (int i = 0; i < count; i++)
            operators[i] = later[random.NextInteger(0, later.Length - 1)].Sample(random, range);
        return operators;
    }

    /// <summary>
    /// The cross-validation tasks of a secret seed, laid out as the paper's tasks 51 to 100: the ten operators alone (in the order of tasks 1 to 10), then ten random
    /// sequences for each order k of 2 to 5, all with random parameters.
    /// </summary>
    /// <param name="seed">The secret: whoever knows it can tune a model for the tasks. The ids do not give it away.</param>
    /// <param name="range">Whose ranges parameters are drawn from.</param>
    public static IReadOnlyList<DegradationTask> CrossValidation(ulong seed, RandomRange range = RandomRange.Paper)
    {
        DegradationPipelineOptions options = DegradationPipelineOptions.Benchmark;
        var tasks = new List<DegradationTask>();
        foreach (DegradationTask single in RepresentativeTasks.Single)
            Add(1, single.Pipeline.Descriptors[0]);
        for (int order = 2; order <= DegradationPipeline.PaperMaximumOrder; order++)
        {
            for (int i = 0; i < TasksPerOrder; i++)
                Add(order, null);
        }

        return tasks;

        void Add(int order, DegradationDescriptor? first)
        {
            int number = tasks.Count + 1;
            var random = new PhiloxRandom(Philox4x32.DeriveSeed(seed, (ulong)number));
            string id = string.Create(CultureInfo.InvariantCulture, $"cross:{Fingerprint(seed):x8}:{number}");
            tasks.Add(new DegradationTask(id, SamplePipeline(random, first, order, range, options))
            {
                Number = number,
                Group = DegradationTaskGroup.CrossValidation,
            });
        }
    }

    // Tells the task sets of different seeds apart; 32 bits of a keyed function do not lead back to a seed of 64.
    private static uint Fingerprint(ulong seed) => (uint)Philox4x32.DeriveSeed(seed, "fingerprint");

    private static DegradationPipeline SamplePipeline(
        PhiloxRandom random, DegradationDescriptor? first, int length, RandomRange range, DegradationPipelineOptions options)
    {
        IReadOnlyList<DegradationDescriptor> all = options.Catalog.Descriptors;
        DegradationDescriptor[] later = Later(options.Catalog);
        var steps = new IDegradation[length];
        for (int i = 0; i < length; i++)
        {
            DegradationDescriptor drawn = i > 0 ? later[random.NextInteger(0, later.Length - 1)] : first ?? all[random.NextInteger(0, all.Count - 1)];
            steps[i] = drawn.Sample(random, range);
        }

        return new DegradationPipeline(steps, options);
    }

    private static DegradationDescriptor[] Later(DegradationCatalog catalog) => [.. catalog.Descriptors.Where(d => !d.IsWeather)];
}
