using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Metrics.Analysis;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Tests.Generality;

public sealed class GeneralityReportTests
{
    private static readonly RestorerInfo A = new("a", "first") { ParameterCount = 12 };
    private static readonly RestorerInfo B = new("b", "second");

    [Test]
    public void Rates_averages_and_margins_are_those_computed_by_hand()
    {
        using ResultStore store = Store();
        QualityLines lines = Fixed(("1", 30, 33), ("2", 20, 22), ("3", 25, 25), ("cross:1:51", 40, 41));

        RestorerGenerality a = GeneralityReport.From(store, [A], lines).Restorers[0];

        // Task means 30 (exactly on its line), 23, 24, 41.
        Assert.That(a.AcceptanceRate.Value, Is.EqualTo(0.75));
        Assert.That(a.ExcellenceRate.Value, Is.EqualTo(0.5));
        Assert.That(a.Averages["psnr"].Value, Is.EqualTo(29.5));
        Assert.That(a.Tasks.Select(t => t.AcceptanceMargin), Is.EqualTo(new double[] { 0, 3, -1, 1 }));
        Assert.That(a.Tasks.Select(t => t.ExcellenceMargin), Is.EqualTo(new double[] { -3, 1, -1, 0 }));
        Assert.That(a.Tasks.Select(t => t.Preference), Is.EqualTo(new double[] { -0.75, 2.25, -1.75, 0.25 }));
        Assert.That(a.Tasks.Select(t => t.Accepted), Is.EqualTo(new[] { true, true, false, true }));
        Assert.That(a.Tasks.Select(t => t.Excellent), Is.EqualTo(new[] { false, true, false, true }));
    }

    [Test]
    public void Subsets_go_by_order_operator_and_group()
    {
        using ResultStore store = Store();
        QualityLines lines = Fixed(("1", 30, 33), ("2", 20, 22), ("3", 25, 25), ("cross:1:51", 40, 41));

        RestorerGenerality a = GeneralityReport.From(store, [A], lines).Restorers[0];

        Assert.That(a.ByOrder, Is.EqualTo(new[]
        {
            new TaskSubset("k=1", 2, 1, 0.5, 26.5, 1.5),
            new TaskSubset("k=2", 2, 0.5, 0.5, 32.5, 0),
        }));
        Assert.That(a.ByOperator, Is.EqualTo(new[]
        {
            new TaskSubset("noise", 3, 2.0 / 3, 1.0 / 3, (30 + 24 + 41) / 3.0, 0),
            new TaskSubset("blur", 2, 0.5, 0.5, 23.5, 1),
        }));
        Assert.That(a.ByGroup.Select(g => (g.Name, g.Tasks)), Is.EqualTo(new[] { ("Representative", 3), ("CrossValidation", 1) }));
        Assert.That(a.Gap!.AcceptanceRate, Is.EqualTo((2.0 / 3) - 1).Within(1e-15));
        Assert.That(a.Gap.ExcellenceRate, Is.EqualTo((1.0 / 3) - 1).Within(1e-15));
        Assert.That(a.Gap.Psnr, Is.EqualTo((77.0 / 3) - 41).Within(1e-12));
        Assert.That(a.Gap.AcceptanceMargin, Is.EqualTo((2.0 / 3) - 1).Within(1e-12));
    }

    [Test]
    public void Tasks_without_a_line_may_be_left_out_of_rates_and_margins()
    {
        using ResultStore store = Store();
        QualityLines lines = Fixed(("1", 30, 33), ("3", 25, 25));
        var options = new GeneralityOptions { MissingLines = MissingLines.LeaveOut };

        Assert.That(() => GeneralityReport.From(store, [A], lines), Throws.TypeOf<EvaluationException>().With.Message.Contains("task '2'"));
        GeneralityReport report = GeneralityReport.From(store, [A], lines, options);
        RestorerGenerality a = report.Restorers[0];

        Assert.That(report.Lines.Tasks.Select(t => t.Task), Is.EqualTo(new[] { "1", "3" }));
        Assert.That(a.AcceptanceRate.Value, Is.EqualTo(0.5));
        Assert.That(a.AcceptanceRate.Low, Is.InRange(0, 0.5), "intervals are made of the same tasks");
        Assert.That(a.ExcellenceRate.Value, Is.Zero);
        Assert.That(a.Averages["psnr"].Value, Is.EqualTo(29.5), "means are over all tasks");
        Assert.That(a.Tasks.Select(t => t.AcceptanceMargin), Is.EqualTo(new double?[] { 0, null, -1, null }));
        Assert.That(a.Tasks.Select(t => t.Accepted), Is.EqualTo(new bool?[] { true, null, false, null }));
        Assert.That(a.Tasks.Select(t => t.Preference), Is.EqualTo(new double?[] { 0.5, null, -0.5, null }));
        Assert.That(a.ByOrder, Is.EqualTo(new[]
        {
            new TaskSubset("k=1", 2, 1, 0, 26.5, 0) { WithoutLine = 1 },
            new TaskSubset("k=2", 2, 0, 0, 32.5, -1) { WithoutLine = 1 },
        }));
        Assert.That(a.ByGroup[1], Is.EqualTo(new TaskSubset("CrossValidation", 1, null, null, 41, null) { WithoutLine = 1 }));
        Assert.That(a.Gap, Is.EqualTo(new CrossValidationGap(null, null, (77.0 / 3) - 41, null)));
        Assert.That(GeneralityReport.FromJson(report.ToJson()).ToJson(), Is.EqualTo(report.ToJson()));
        Assert.That(
            () => GeneralityReport.From(store, [A], Fixed(("9", 1, 2)), options), Throws.TypeOf<EvaluationException>().With.Message.Contains("none for task '1'"));
    }

    [Test]
    public void Lines_hold_for_the_images_that_they_were_made_on()
    {
        using ResultStore store = Store();
        QualityLines Lines(string hash) =>
            QualityLines.Fixed("mine", new Dictionary<string, QualityLine> { ["1"] = new(1, 2) }, new LinesOrigin { TestSet = new LinesTestSet("my set", hash), IsReduced = true });
        var options = new GeneralityOptions { MissingLines = MissingLines.LeaveOut };
        string own = store.Configuration.ImagesHash();

        GeneralityReport report = GeneralityReport.From(store, [A], Lines(own), options);
        Assert.That(report.Lines.TestSet, Is.EqualTo(new LinesTestSet("my set", own)));
        Assert.That(report.Lines.IsReduced, Is.True);
        Assert.That(
            () => GeneralityReport.From(store, [A], Lines("00"), options),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("'my set'").And.Message.Contains("00").And.Message.Contains(own));
        Assert.That((store.Configuration with { Seed = 99 }).ImagesHash(), Is.Not.EqualTo(own));
        Assert.That((store.Configuration with { Tasks = [] }).ImagesHash(), Is.EqualTo(own));
    }

    [Test]
    public void Strict_comparison_does_not_count_a_task_that_lies_on_its_line()
    {
        using ResultStore store = Store();
        QualityLines lines = Fixed(("1", 30, 33), ("2", 20, 22), ("3", 25, 25), ("cross:1:51", 40, 41));

        GeneralityReport report = GeneralityReport.From(store, [A], lines, new GeneralityOptions { Comparison = LineComparison.Strict });

        Assert.That(report.Comparison, Is.EqualTo(">"));
        Assert.That(report.Restorers[0].AcceptanceRate.Value, Is.EqualTo(0.5));
        Assert.That(report.Restorers[0].ExcellenceRate.Value, Is.EqualTo(0.25));
    }

    [Test]
    public void The_input_meets_its_own_lines_in_every_resample_and_never_strictly()
    {
        using ResultStore store = Store();

        Assert.That(GeneralityReport.From(store, [A]).Input.AcceptanceRate, Is.EqualTo(new Estimate(1, 1, 1)));
        Assert.That(GeneralityReport.From(store, [A]).Input.ExcellenceRate, Is.EqualTo(new Estimate(0, 0, 0)));
        Assert.That(
            GeneralityReport.From(store, [A], options: new GeneralityOptions { Comparison = LineComparison.Strict }).Input.AcceptanceRate,
            Is.EqualTo(new Estimate(0, 0, 0)));
    }

    [Test]
    public void An_interval_holds_the_value_and_has_the_width_that_theory_gives()
    {
        // 400 images, PSNR 20 or 30 in equal number: the mean's standard error is 5/20 = 0.25 dB, its 95 % interval about +-0.49.
        const int Images = 400;
        EvaluationConfiguration configuration = Examples.Configuration(tasks: 1, images: Images);
        using ResultStore store = ResultStore.InMemory(configuration);
        double[][] psnr = [[.. Enumerable.Range(0, Images).Select(i => i % 2 == 0 ? 20.0 : 30.0)]];
        store.Add(ResultRecord.InputName, psnr);

        Estimate estimate = GeneralityReport.From(store, []).Input.Averages["psnr"];

        Assert.That(estimate.Value, Is.EqualTo(25));
        Assert.That(25 - estimate.Low!.Value, Is.EqualTo(0.49).Within(0.06));
        Assert.That(estimate.High!.Value - 25, Is.EqualTo(0.49).Within(0.06));
    }

    [Test]
    public void Resampling_depends_on_its_seed_alone()
    {
        using ResultStore store = Store();

        string first = GeneralityReport.From(store, [A, B]).ToJson();

        Assert.That(GeneralityReport.From(store, [A, B]).ToJson(), Is.EqualTo(first));
        Assert.That(GeneralityReport.From(store, [A, B], options: new GeneralityOptions { BootstrapSeed = 1 }).ToJson(), Is.Not.EqualTo(first));
    }

    [Test]
    public void One_image_gives_values_without_intervals()
    {
        using ResultStore store = ResultStore.InMemory(Examples.Configuration(tasks: 2, images: 1));
        store.Add(ResultRecord.InputName, [[20], [21]]);

        GeneralityReport report = GeneralityReport.From(store, []);

        Assert.That(report.Bootstrap, Is.Null);
        Assert.That(report.Input.Averages["psnr"], Is.EqualTo(new Estimate(20.5)));
    }

    [Test]
    public void Json_reads_back_and_infinite_values_survive()
    {
        using ResultStore store = ResultStore.InMemory(Examples.Configuration(tasks: 1, images: 2));
        store.Add(ResultRecord.InputName, [[20, 22]]);
        store.Add("a", [[double.PositiveInfinity, 30]]);

        GeneralityReport report = GeneralityReport.From(store, [A]);
        string json = report.ToJson();

        Assert.That(report.Restorers[0].Averages["psnr"].Value, Is.EqualTo(double.PositiveInfinity));
        Assert.That(json, Does.Contain("\"Infinity\""));
        Assert.That(json, Does.Not.Contain("\r"));
        Assert.That(GeneralityReport.FromJson(json).ToJson(), Is.EqualTo(json));
    }

    [Test]
    public void A_missing_result_is_named()
    {
        using ResultStore store = Store();

        Assert.That(
            () => GeneralityReport.From(store, [new RestorerInfo("c", "")]),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("'c'").And.Message.Contains("task '1'").And.Message.Contains("'image1'"));
    }

    [Test]
    public void Saving_replaces_the_report_and_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        using ResultStore store = Store();
        File.WriteAllText(folder["report.json"], "old");

        GeneralityReport report = GeneralityReport.From(store, [A]);
        report.Save(folder["report.json"]);

        Assert.That(File.ReadAllText(folder["report.json"]), Is.EqualTo(report.ToJson()));
        Assert.That(Directory.GetFileSystemEntries(folder.Root), Has.Length.EqualTo(1));
    }

    [TestCase(-1, 0.95)]
    [TestCase(100_001, 0.95)]
    [TestCase(10, 0.0)]
    [TestCase(10, 1.0)]
    [TestCase(10, double.NaN)]
    public void Options_out_of_range_are_refused(int resamples, double confidence)
    {
        using ResultStore store = Store();

        Assert.That(
            () => GeneralityReport.From(store, [A], options: new GeneralityOptions { Resamples = resamples, Confidence = confidence }),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static QualityLines Fixed(params (string Task, double Acceptance, double Excellence)[] lines) =>
        QualityLines.Fixed("test", lines.ToDictionary(l => l.Task, l => new QualityLine(l.Acceptance, l.Excellence)));

    private static ResultStore Store()
    {
        EvaluationConfiguration configuration = Examples.Configuration() with
        {
            Tasks =
            [
                new EvaluatedTask("1", "noise", ["noise"], DegradationTaskGroup.Representative),
                new EvaluatedTask("2", "blur", ["blur"], DegradationTaskGroup.Representative),
                new EvaluatedTask("3", "noise + blur", ["noise", "blur"], DegradationTaskGroup.Representative),
                new EvaluatedTask("cross:1:51", "noise + noise", ["noise", "noise"], DegradationTaskGroup.CrossValidation),
            ],
        };
        ResultStore store = ResultStore.InMemory(configuration);
        store.Add(ResultRecord.InputName, [[20, 22, 21], [18, 17, 19], [15, 16, 14], [30, 31, 33]]);
        store.Add("a", [[29, 30, 31], [22, 24, 23], [24, 25, 23], [40, 42, 41]]);
        store.Add("b", [[20, 22, 21], [18, 17, 19], [16, 16, 14], [29, 31, 33]]);
        return store;
    }
}
