using System.Globalization;
using System.Text;
using Gir.Degradations.Depth;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tasks;

/// <summary>A set of test tasks, chosen as the GIR paper chose its 50 (Table 6; appendix A.1.2).</summary>
/// <remarks>
/// For each order k the sequences of k operators, or as many of them as are compared, degrade the same images; <see cref="RepresentativeTaskSelector"/> groups them by the
/// histograms of what they make, and the center of each group becomes a task. Where an order has no more sequences than tasks are wanted, as k = 1 has, each becomes
/// a task. Images, number of candidates and seed are the user's, as the paper states none of them: the same procedure, not the same 50 tasks.
/// </remarks>
/// <param name="Options">How they were chosen.</param>
/// <param name="Orders">What came of each order.</param>
public sealed record TaskSelection(TaskSelectionOptions Options, IReadOnlyList<OrderSelection> Orders)
{
    /// <summary>All tasks, in the order of their ids: "k2-1" is the first one of order 2.</summary>
    public IReadOnlyList<DegradationTask> Tasks => [.. Orders.SelectMany(o => o.Tasks).Select(t => t.Task)];

    /// <summary>Chooses a set of tasks.</summary>
    /// <param name="images">Clean images that show what the candidates do; three of 96 x 96 pixels tell most candidates apart.</param>
    /// <param name="options">Settings; null means the defaults.</param>
    /// <param name="estimator">Depth for haze and snow.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="progress">Told, from any thread, how far the work is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DegradationException">A setting is out of range, there are no images, or a candidate cannot degrade one.</exception>
    public static TaskSelection Select(
        IReadOnlyList<ImageBuffer> images,
        TaskSelectionOptions? options = null,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        IProgress<TaskSelectionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options ??= new TaskSelectionOptions();
        options.Validate();
        if (images.Count == 0)
            throw new DegradationException("Choosing representatives needs at least one image.");
        IReadOnlyList<DegradationPipeline>[] candidates = [.. options.Orders.Select(o => Candidates(o, options))];
        int total = candidates.Sum(c => c.Count);
        int done = 0;
        var orders = new List<OrderSelection>();
        for (int i = 0; i < candidates.Length; i++)
        {
            int order = options.Orders[i];
            int before = done;
            IProgress<int>? inner = progress is null ? null : new Told<int>(d => progress.Report(new TaskSelectionProgress(before + d, total, order)));
            orders.Add(Select(order, candidates[i], images, options, estimator, parallelism, inner, cancellationToken));
            done += candidates[i].Count;
            progress?.Report(new TaskSelectionProgress(done, total, order));
        }

        return new TaskSelection(options, orders);
    }

    /// <summary>The tasks as a file that <see cref="TaskSet.Parse(string)"/> reads: a line for each, its id and its expression, and comments that say where they come from.</summary>
    public string ToTaskFile()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Tasks.Count} tasks chosen from {Orders.Sum(o => (long)o.Candidates)} candidates at {(Options.Strength == TaskStrength.Random ? "random" : "representative")} strength, seed {Options.Seed}\n");
        foreach (OrderSelection order in Orders)
        {
            text.Append(CultureInfo.InvariantCulture, $"# k = {order.Order}: {order.Candidates} candidates of {order.Sequences} sequences\n");
            foreach (SelectedTask task in order.Tasks)
                text.Append(task.Task.Id).Append(": ").Append(task.Task.Pipeline.ToExpression()).Append('\n');
        }

        return text.ToString();
    }

    private static IReadOnlyList<DegradationPipeline> Candidates(int order, TaskSelectionOptions options) =>
        TaskCandidates.Sample(order, options.Candidates, Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(options.Seed, "candidates"), (ulong)order), options.Strength, options.Range);

    private static OrderSelection Select(
        int order,
        IReadOnlyList<DegradationPipeline> candidates,
        IReadOnlyList<ImageBuffer> images,
        TaskSelectionOptions options,
        IDepthEstimator? estimator,
        Parallelism parallelism,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        long sequences = TaskCandidates.Count(order);
        if (candidates.Count <= options.TasksPerOrder)
            return new OrderSelection(order, sequences, candidates.Count, [.. candidates.Select((c, i) => Selected(order, i, c, 1, 1))], OverallSimilarity: null);
        var selector = new RepresentativeSelectionOptions { Clusters = options.TasksPerOrder, Seed = Philox4x32.DeriveSeed(options.Seed, (ulong)order) };
        RepresentativeSelection selection = RepresentativeTaskSelector.Select(candidates, images, selector, estimator, parallelism, progress, cancellationToken);
        int[] members = [.. Enumerable.Range(0, options.TasksPerOrder).Select(c => selection.Clusters.Count(o => o == c))];
        // Groups that stand for many first; equal ones as the candidates come.
        int[] largestFirst = [.. Enumerable.Range(0, members.Length).OrderByDescending(c => members[c]).ThenBy(c => selection.Medoids[c])];
        return new OrderSelection(
            order,
            sequences,
            candidates.Count,
            [.. largestFirst.Select((c, i) => Selected(order, i, candidates[selection.Medoids[c]], members[c], selection.Similarities[c]))],
            selection.OverallSimilarity);
    }

    private static SelectedTask Selected(int order, int index, DegradationPipeline pipeline, int members, double similarity) =>
        new(new DegradationTask(string.Create(CultureInfo.InvariantCulture, $"k{order}-{index + 1}"), pipeline), members, similarity);
}

/// <summary>What was chosen of one order.</summary>
/// <param name="Order">The order k.</param>
/// <param name="Sequences">How many sequences of operators of this order there are.</param>
/// <param name="Candidates">How many candidates were compared.</param>
/// <param name="Tasks">The tasks, those of the largest groups first.</param>
/// <param name="OverallSimilarity">The mean similarity of any two candidates, 0..1; null where none were compared.</param>
public sealed record OrderSelection(int Order, long Sequences, int Candidates, IReadOnlyList<SelectedTask> Tasks, double? OverallSimilarity);

/// <summary>A task that stands for a group.</summary>
/// <param name="Task">The task.</param>
/// <param name="Members">How many candidates its group has, itself among them.</param>
/// <param name="Similarity">Its mean similarity to the others, 0..1; 1 where there are none.</param>
public sealed record SelectedTask(DegradationTask Task, int Members, double Similarity);

/// <summary>How far a selection is.</summary>
/// <param name="Done">Candidates that have degraded their images; with the last one of an order the comparison begins.</param>
/// <param name="Total">All candidates of all orders.</param>
/// <param name="Order">The order that is worked on.</param>
public readonly record struct TaskSelectionProgress(int Done, int Total, int Order);
