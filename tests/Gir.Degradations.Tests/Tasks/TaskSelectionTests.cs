using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Imaging;

namespace Gir.Degradations.Tests.Tasks;

public sealed class TaskSelectionTests
{
    [Test]
    public void There_are_as_many_sequences_as_the_paper_says()
    {
        Assert.That(Enumerable.Range(1, 5).Select(k => TaskCandidates.Count(k)), Is.EqualTo(new[] { 10, 70, 490, 3430, 24010 }));
        Assert.That(() => TaskCandidates.Count(6), Throws.TypeOf<DegradationException>().With.Message.Contains("expected 1..5"));
        string[] pairs = [.. TaskCandidates.All(2).Select(p => p.ToExpression())];
        Assert.That(pairs.Distinct().Count(), Is.EqualTo(70));
        Assert.That(pairs, Does.Contain("rain + ringing").And.Contain("resize + resize").And.No.Member("resize + rain"));
    }

    [Test]
    public void Sequences_are_drawn_without_repeats_and_all_of_them_where_there_are_no_more()
    {
        string[] drawn = [.. TaskCandidates.Sample(3, 100, seed: 4).Select(p => p.ToExpression())];
        Assert.That(drawn.Distinct().Count(), Is.EqualTo(100));
        Assert.That(TaskCandidates.Sample(3, 100, seed: 4).Select(p => p.ToExpression()), Is.EqualTo(drawn));
        Assert.That(TaskCandidates.Sample(3, 100, seed: 5).Select(p => p.ToExpression()), Is.Not.EqualTo(drawn));
        // A first operator as often as another: 10 of 100 on average.
        Assert.That(drawn.GroupBy(d => d.Split(' ')[0]).Select(g => g.Count()), Is.All.InRange(2, 22));
        Assert.That(TaskCandidates.Sample(2, 1000, seed: 4).Select(p => p.ToExpression()), Is.EqualTo(TaskCandidates.All(2).Select(p => p.ToExpression())));
        Assert.That(TaskCandidates.Sample(2, 1000, seed: 4, TaskStrength.Random), Has.Count.EqualTo(1000));
    }

    [Test]
    public void Tasks_of_every_order_are_chosen_whatever_the_threads_and_their_file_is_read_back()
    {
        ImageBuffer[] images = [Images.Gradient(32, 40, 1), Images.Gradient(40, 32, 2)];
        var options = new TaskSelectionOptions { Orders = [1, 2, 3], Candidates = 80, TasksPerOrder = 10, Seed = 9 };
        var told = new List<TaskSelectionProgress>();
        TaskSelection selection = TaskSelection.Select(images, options, new HeuristicDepthEstimator(), progress: new Collect(told));

        Assert.That(selection.Tasks.Select(t => t.Id).Take(11), Is.EqualTo(new[] { "k1-1", "k1-2", "k1-3", "k1-4", "k1-5", "k1-6", "k1-7", "k1-8", "k1-9", "k1-10", "k2-1" }));
        Assert.That(selection.Tasks.Select(t => t.Order), Is.EqualTo(Enumerable.Range(0, 30).Select(i => (i / 10) + 1)));
        Assert.That(selection.Orders.Select(o => (o.Candidates, o.Sequences)), Is.EqualTo(new[] { (10, 10L), (70, 70L), (80, 490L) }));
        Assert.That(selection.Orders.Select(o => o.Tasks.Sum(t => t.Members)), Is.EqualTo(new[] { 10, 70, 80 }));
        // Members of a group are nearer to its center than any two candidates are to one another.
        foreach (OrderSelection order in selection.Orders.Skip(1))
            Assert.That(order.Tasks.Average(t => t.Similarity), Is.GreaterThan(order.OverallSimilarity!.Value));
        Assert.That(told[^1], Is.EqualTo(new TaskSelectionProgress(160, 160, 3)));

        TaskSelection threaded = TaskSelection.Select(images, options, new HeuristicDepthEstimator(), new Parallelism(3));
        Assert.That(threaded.ToTaskFile(), Is.EqualTo(selection.ToTaskFile()));

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["tasks.txt"], selection.ToTaskFile());
        IReadOnlyList<DegradationTask> read = TaskSet.Parse(folder["tasks.txt"]);
        Assert.That(read.Select(t => (t.Id, t.Pipeline.ToJson())), Is.EqualTo(selection.Tasks.Select(t => (t.Id, t.Pipeline.ToJson()))));
    }

    [Test]
    public void It_can_be_stopped()
    {
        using var source = new CancellationTokenSource();
        var progress = new Collect([], () => source.Cancel());
        Assert.That(
            () => TaskSelection.Select([Images.Gradient(32, 32)], new TaskSelectionOptions { Orders = [2] }, new HeuristicDepthEstimator(), progress: progress, cancellationToken: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("orders = 2,1", new[] { 2, 1 }, 3000, 10)]
    [TestCase("orders = 6", new[] { 6 }, 3000, 10)]
    [TestCase("candidates = 9000", new[] { 2 }, 9000, 10)]
    [TestCase("candidates = 9: expected at least as many", new[] { 2 }, 9, 10)]
    [TestCase("tasksPerOrder = 1", new[] { 2 }, 3000, 1)]
    public void Settings_out_of_range_are_refused(string message, int[] orders, int candidates, int tasks) => Assert.That(
        () => TaskSelection.Select([Images.Gradient(32, 32)], new TaskSelectionOptions { Orders = orders, Candidates = candidates, TasksPerOrder = tasks }),
        Throws.TypeOf<DegradationException>().With.Message.Contains(message));

    private sealed class Collect(List<TaskSelectionProgress> told, Action? then = null) : IProgress<TaskSelectionProgress>
    {
        public void Report(TaskSelectionProgress value)
        {
            told.Add(value);
            then?.Invoke();
        }
    }
}
