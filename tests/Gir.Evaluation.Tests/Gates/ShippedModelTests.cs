using Gir.Degradations.Depth;
using Gir.Evaluation.Gates;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Tests.Gates;

/// <summary>
/// The shipped blind model holds what it has reached: the bounds beside its weights, which are below the aim (the gate "gir-v1") as long as they
/// have to be. Docs/training says how they are measured anew for new weights.
/// </summary>
[OnePass]
public sealed class ShippedModelTests
{
    private const string Model = "gir-v1";
    private const int ImageCount = 2;

    [Test]
    public async Task On_scenes_it_holds_what_it_has_reached()
    {
        TestSet set = TestSet.Load(TestSet.Standard);

        await Judge("scenes", new BenchmarkOptions { Seed = set.Seed }, [.. set.Images.Take(ImageCount)]);
    }

    [Test]
    [Category(TestData.RealData)]
    public async Task On_photographs_it_holds_what_it_has_reached()
    {
        string folder = TestData.Shared("data", "kodak");
        // Names as "gir evaluate --images" gives them: the degradations' draws depend on them.
        BenchmarkImage[] images = [.. Enumerable.Range(1, ImageCount).Select(i => $"kodim{i:00}.png").Select(name => BenchmarkImage.FromFile(Path.Combine(folder, name), name))];

        await Judge("photographs", new BenchmarkOptions { DepthEstimator = new HeuristicDepthEstimator() }, images);
    }

    private static async Task Judge(string kind, BenchmarkOptions options, IReadOnlyList<BenchmarkImage> images)
    {
        RestorationGate bounds = RestorationGate.Load(Path.Combine(TestData.Root, "src", "Gir.Models", "Zoo", "Shipped", $"{Model}.{kind}.gate.json"));
        NetworkRestorer restorer = ModelZoo.LoadShipped(Model);

        GateReport report = await new Benchmark(options with { Parallelism = Parallelism.AllProcessors }).JudgeAsync([restorer], bounds, images);

        Assert.Multiple(() =>
        {
            foreach (GateCheck check in report.Restorers[0].Checks)
                Assert.That(check.Found, Is.AtLeast(check.Bound), $"{check.Line}, {check.Where}, dB");
        });
    }
}
