using Gir.Degradations.Tasks;
using Gir.Imaging;

namespace Gir.Degradations.Tests.Tasks;

public sealed class TaskSetTests
{
    [Test]
    public void There_are_fifty_representative_tasks_ten_of_each_order()
    {
        Assert.That(RepresentativeTasks.All.Select(t => t.Id), Is.EqualTo(Enumerable.Range(1, 50).Select(i => $"{i}")));
        Assert.That(RepresentativeTasks.All.Select(t => t.Order), Is.EqualTo(Enumerable.Range(0, 50).Select(i => (i / 10) + 1)));
        Assert.That(RepresentativeTasks.Single.Select(t => t.Number), Is.EqualTo(Enumerable.Range(1, 10)));
    }

    [TestCase("7", "algorithm-artifact")]
    [TestCase("37", "haze + resize + blur + noise")]
    [TestCase("50", "haze + compression + damage + compression + noise")]
    public void Tasks_are_those_of_the_table_with_representative_parameters(string id, string expression)
    {
        DegradationTask task = RepresentativeTasks.Find(id);
        Assert.That(task.Pipeline.ToExpression(), Is.EqualTo(expression));
        Assert.That(task.Pipeline.Options, Is.EqualTo(DegradationPipelineOptions.Benchmark));
        Assert.That(task.Group, Is.EqualTo(DegradationTaskGroup.Representative));
    }

    [Test]
    public void Representative_parameters_are_those_of_the_paper() =>
        Assert.That(
            RepresentativeTasks.Single.Select(t => t.Pipeline.ToJson()).Aggregate((a, b) => a + b),
            Does.Contain("\"quality\":50").And.Contain("\"size\":15,\"sigma\":2,").And.Contain("\"sigma\":20,").And.Contain("\"omega\":1.2")
                .And.Contain("\"scale\":4,").And.Contain("\"beta\":1.8").And.Contain("\"beta\":0.75").And.Contain("\"strength\":75")
                .And.Contain("\"lines\":10,\"thickness\":7"));

    [TestCase("single", 10)]
    [TestCase("representative", 50)]
    [TestCase(" cross:18446744073709551615 ", 50)]
    [TestCase("1-10,21", 11)]
    [TestCase("5", 1)]
    [TestCase("cross:7:3", 1)]
    [TestCase("cross:7:1-10,50", 11)]
    [TestCase("50, 1 - 2", 3)]
    public void Names_of_sets_are_read(string text, int count) => Assert.That(TaskSet.Parse(text), Has.Count.EqualTo(count));

    [TestCase("", "single, representative")]
    [TestCase("singel", "single, representative")]
    [TestCase("cross:", "expected a seed")]
    [TestCase("cross:-1", "expected a seed")]
    [TestCase("cross:18446744073709551616", "expected a seed")]
    [TestCase("cross:7:", "1..50")]
    [TestCase("cross:7:51", "1..50")]
    [TestCase("cross:7:3:4", "1..50")]
    [TestCase("cross:7:3,3", "Task 3 is named twice")]
    [TestCase("0", "1..50")]
    [TestCase("51", "1..50")]
    [TestCase("10-1", "1-10")]
    [TestCase("1-2-3", "1-10")]
    [TestCase("1,,2", "1..50")]
    [TestCase("1-5,3", "Task 3 is named twice")]
    [TestCase("no/such/file.txt", "no such file")]
    public void Other_texts_are_refused(string text, string expected) =>
        Assert.That(() => TaskSet.Parse(text), Throws.TypeOf<DegradationException>().With.Message.Contains(expected));

    [Test]
    public void One_task_is_named_by_its_number()
    {
        DegradationTask random = TaskSet.ParseOne(" cross:7:13 ");
        Assert.That(random, Is.EqualTo(RandomTaskSampler.CrossValidation(7)[12]).Using<DegradationTask>((a, b) => a.Id == b.Id && a.Pipeline.ToJson() == b.Pipeline.ToJson()));
        Assert.That(random.Number, Is.EqualTo(13));
        Assert.That(TaskSet.ParseOne("17"), Is.SameAs(RepresentativeTasks.Find("17")));
    }

    [TestCase("", "expected 1..50")]
    [TestCase("51", "expected 1..50")]
    [TestCase("1-2", "expected 1..50")]
    [TestCase("cross:7", "names 50 tasks: expected one")]
    [TestCase("cross:7:1-2", "names 2 tasks: expected one")]
    [TestCase("cross:x:1", "expected a seed")]
    public void What_is_not_one_task_is_refused(string text, string expected) =>
        Assert.That(() => TaskSet.ParseOne(text), Throws.TypeOf<DegradationException>().With.Message.Contains(expected));

    [Test]
    public void A_file_of_tasks_is_read()
    {
        using var file = new TemporaryFile("# mine\n\nmild: noise(sigma=3)\n blur + noise \n");
        IReadOnlyList<DegradationTask> tasks = TaskSet.Parse(file.Path);
        Assert.That(tasks.Select(t => t.Id), Is.EqualTo(new[] { "mild", "line 4" }));
        Assert.That(tasks[1].Pipeline.ToExpression(), Is.EqualTo("blur + noise"));
        Assert.That(tasks[0].Group, Is.EqualTo(DegradationTaskGroup.Custom));
    }

    [TestCase("a: noise\na: blur", "line 2: the id 'a'")]
    [TestCase("noise\nblurr", "line 2: Column 1: no operator 'blurr'")]
    [TestCase(": noise", "line 1")]
    [TestCase("# nothing", "holds no task")]
    public void Faults_of_a_file_are_told_with_its_name_and_line(string content, string expected)
    {
        using var file = new TemporaryFile(content);
        Assert.That(
            () => TaskSet.Parse(file.Path),
            Throws.TypeOf<DegradationException>().With.Message.StartsWith(file.Path).And.Message.Contains(expected));
    }

    [Test]
    public void Every_representative_task_runs_and_crops_to_multiples_of_4()
    {
        (ImageBuffer image, ImageBuffer depth) = (TestImages.Random(3, 37, 42), TestImages.Depth(37, 42));
        foreach (DegradationTask task in RepresentativeTasks.All)
            Assert.That(task.Pipeline.Degrade(image, 1, "", depth).ToString(), Is.EqualTo("3 x 36 x 40"), task.Id);
    }

    [Test]
    [Platform("Linux")]
    public void A_file_without_an_end_is_refused() =>
        Assert.That(() => TaskSet.Parse("/dev/zero"), Throws.TypeOf<DegradationException>().With.Message.Contains("at most 1048576 bytes"));

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string content) => File.WriteAllText(Path, content);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
