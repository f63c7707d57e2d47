using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Evaluation.Studies;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Tests.Studies;

public sealed class StudiesTests
{
    private static readonly RestorerInfo[] s_restorers = [new("a", "first"), new("b", "second"), new("c", "third")];

    [Test]
    public void Categories_are_the_folders_of_images_and_each_follows_its_own_input()
    {
        GeneralityReport report = Report(["city/1.png", "city/2.png", "sea/1.png"]);
        CategoryOutcome[] ofA = [.. report.Restorers[0].ByCategory!];
        Assert.That(ofA.Select(c => (c.Name, c.Images)), Is.EqualTo(new[] { ("city", 2), ("sea", 1) }));
        // Input: task 1: 20 20 30, task 2: 20 20 30; a: task 1: 21 21 29, task 2: 19 19 31.
        Assert.That(ofA.Select(c => c.Means["psnr"]), Is.EqualTo(new[] { 20.0, 30 }));
        Assert.That(ofA.Select(c => c.AcceptanceRate), Is.EqualTo(new[] { 0.5, 0.5 }));
        Assert.That(report.Restorers[1].ByCategory!.Select(c => c.AcceptanceRate), Is.EqualTo(new[] { 1.0, 0 }));
        GeneralityReport read = GeneralityReport.FromJson(report.ToJson());
        Assert.That(read.Restorers[0].ByCategory!.Select(c => (c.Name, c.Images, c.AcceptanceRate)), Is.EqualTo(ofA.Select(c => (c.Name, c.Images, c.AcceptanceRate))));
        Assert.That(Report(["1.png", "2.png", "3.png"]).Restorers[0].ByCategory, Is.Null);
    }

    [Test]
    public void A_preference_is_the_mean_over_the_tasks_of_an_operator()
    {
        GeneralityReport report = Report(["1", "2", "3"]);
        // Margins of a: task 1 (noise): (1 + 1 - 1) / 3, task 2 (blur + noise): (-1 - 1 + 1) / 3; their mean is 0.
        IReadOnlyDictionary<string, double> preference = OperatorPreference.Of(report, report.Restorers[0]);
        Assert.That(preference.Keys, Is.EqualTo(new[] { "noise", "blur" }));
        Assert.That(preference["noise"], Is.Zero.Within(1e-12));
        Assert.That(preference["blur"], Is.EqualTo(-1.0 / 3).Within(1e-12));
    }

    [Test]
    public void None_is_beaten_that_is_best_in_one_metric()
    {
        GeneralityReport report = Report(["1", "2", "3"]);
        TradeOff plane = TradeOff.Of(report, "psnr", "niqe");
        // Means: input (23.33, 5), a (23.33, 4), b (23.67, 6), c (23, 4.5): a beats c and the input; b has the highest PSNR.
        Assert.That(plane.Points.Where(p => p.IsOnFront).Select(p => p.Restorer), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(() => TradeOff.Of(report, "psnr", "lpips"), Throws.ArgumentException.With.Message.Contains("no metric 'lpips'"));
    }

    [Test]
    public void Of_several_times_the_middle_one_counts()
    {
        var time = new Steps([0, 5, 10, 11, 20, 23]);
        RestorationCost cost = RestorationCost.Measure(FakeRestorer.Identity(), 32, 48, repeats: 3, time);
        Assert.That(cost, Is.EqualTo(new RestorationCost("identity", 32, 48, 0, 0, 3)));
        Assert.That(() => RestorationCost.Measure(FakeRestorer.Identity(), 8), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RestorationCost.Measure(FakeRestorer.Identity(), repeats: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static GeneralityReport Report(string[] images)
    {
        var configuration = new EvaluationConfiguration(
            "0.1.0.0",
            7,
            [new EvaluatedTask("1", "noise", ["noise"], DegradationTaskGroup.Representative), new EvaluatedTask("2", "blur + noise", ["blur", "noise"], DegradationTaskGroup.Representative)],
            [.. images.Select(i => new EvaluatedImage(i, "hash of " + i))],
            [new EvaluatedMetric("psnr", "RGB", true), new EvaluatedMetric("niqe", "gray", false)]);
        using ResultStore store = ResultStore.InMemory(configuration);
        Add(store, ResultRecord.InputName, [20, 20, 30], [20, 20, 30], 5);
        Add(store, "a", [21, 21, 29], [19, 19, 31], 4);
        Add(store, "b", [22, 22, 28], [22, 22, 26], 6);
        Add(store, "c", [20, 20, 29], [20, 20, 29], 4.5);
        return GeneralityReport.From(store, s_restorers, QualityLines.Input, new GeneralityOptions { Resamples = 0 });
    }

    private static void Add(ResultStore store, string restorer, double[] first, double[] second, double niqe)
    {
        foreach ((string task, double[] psnr) in new[] { ("1", first), ("2", second) })
        {
            for (int i = 0; i < psnr.Length; i++)
                store.Append(new ResultRecord(restorer, task, store.Configuration.Images[i].Name, new Dictionary<string, double> { ["psnr"] = psnr[i], ["niqe"] = niqe }));
        }
    }

    /// <summary>A clock that tells these seconds, one at a time.</summary>
    private sealed class Steps(long[] seconds) : TimeProvider
    {
        private int _next;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => seconds[_next++];
    }
}
