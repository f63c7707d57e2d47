using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;

namespace Gir.Evaluation.Orleans.Tests;

/// <summary>Clusters of real processes, some of which are killed at random moments.</summary>
[NonParallelizable]
public sealed class ClusterUnderFireTests
{
    private const string Restorers = "identity,median,gaussian,non-local-means";

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["images"]);
        for (ulong i = 0; i < 4; i++)
            ImageFile.Save(Path.Combine(_folder["images"], $"picture{i}.png"), SceneGenerator.Create(i, 64, 80 + ((int)i * 8)).Image);
        using GirProcess whole = GirProcess.Start(Evaluate("whole"));
        Assert.That(whole.Wait(), Is.Zero, whole.Said);
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [TearDown]
    public void TellWhatWasSaid()
    {
        string said = GirProcess.AllSaid();
        if (TestContext.CurrentContext.Result.FailCount > 0)
            TestContext.Out.WriteLine(said);
    }

    [Test]
    public void Three_silos_one_killed_one_late_and_a_coordinator_killed_make_the_bytes_of_one_machine() => Fire(seed: 1);

    [Test]
    [Explicit("Takes half an hour; docs/scale-out.md has its outcome.")]
    public void The_same_at_twenty_random_moments([Range(100, 119)] int seed) => Fire((ulong)seed);

    [Test]
    public void A_cluster_of_one_machine_needs_no_server()
    {
        string cluster = $"localhost:{ClusterExecutorTests.FreePort()}";
        // In any order: the evaluation waits for the first silo, and the second one for no more than its start.
        using GirProcess coordinator = GirProcess.Start(Evaluate("local", "--cluster", cluster));
        using GirProcess first = Worker(cluster);
        using GirProcess second = Worker(cluster, wait: false);

        Assert.That(coordinator.Wait(), Is.Zero, coordinator.Said);
        RequireBytesOfOneMachine("local");
    }

    [Test]
    public void A_cluster_that_is_none_is_told_in_one_line()
    {
        using GirProcess tool = GirProcess.Start(Evaluate("none", "--cluster", "somewhere"));
        Assert.That(tool.Wait(), Is.EqualTo(2));
        Assert.That(tool.Said, Does.Contain("error: --cluster: 'somewhere' is no address of a cluster"));
    }

    private void Fire(ulong seed)
    {
        using RedisServer redis = RedisServer.Start(_folder.Root);
        string cluster = $"redis:127.0.0.1:{redis.Port}/fire-{seed}";
        string output = $"fire-{seed}";
        var random = new PhiloxRandom(seed);
        int total = Directory.GetFiles(_folder["images"]).Length * 10 * 5;
        using GirProcess killed = Worker(cluster, wait: false);
        using GirProcess steady = Worker(cluster, wait: false);
        killed.WaitFor("works for the cluster");
        steady.WaitFor("works for the cluster");
        using (GirProcess coordinator = GirProcess.Start(Evaluate(output, "--cluster", cluster)))
        {
            WaitForResults(output, random.NextInteger(0, total / 3), coordinator);
            killed.Kill();
            using GirProcess late = Worker(cluster, wait: false);
            WaitForResults(output, (total / 3) + random.NextInteger(0, total / 3), coordinator);
            coordinator.Kill();
            using GirProcess resumed = GirProcess.Start(Evaluate(output, "--cluster", cluster));
            Assert.That(resumed.Wait(), Is.Zero, resumed.Said);
        }

        RequireBytesOfOneMachine(output);
    }

    private static GirProcess Worker(string cluster, bool wait = true)
    {
        GirProcess worker = GirProcess.Start("worker", "--cluster", cluster, "--restorer", Restorers, "--threads", "1");
        if (wait)
            worker.WaitFor("works for the cluster");
        return worker;
    }

    private void WaitForResults(string output, int count, GirProcess coordinator)
    {
        string path = Results(output);
        bool there = SpinWait.SpinUntil(() => GirProcess.Rest() && (coordinator.HasExited || Lines(path) > count), TimeSpan.FromMinutes(3));
        Assert.That(there, Is.True, coordinator.Said);
    }

    private static int Lines(string path)
    {
        if (!File.Exists(path))
            return 0;
        // The coordinator holds the file for itself alone.
        return (int)(new FileInfo(path).Length / 150);
    }

    private void RequireBytesOfOneMachine(string output)
    {
        foreach (string file in (string[])["results.jsonl", "report.json", "report.md", "report.csv"])
            Assert.That(File.ReadAllBytes(Path.Combine(_folder[output], file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder["whole"], file))), file);
    }

    private string[] Evaluate(string output, params string[] more) =>
        ["evaluate", "--images", _folder["images"], "--tasks", "single", "--restorer", Restorers, "--seed", "7", "--pictures", "0", "--output", _folder[output], .. more];

    private string Results(string output) => Path.Combine(_folder[output], "results.jsonl");
}
