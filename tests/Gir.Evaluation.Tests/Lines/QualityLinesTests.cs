using Gir.Evaluation.Lines;
using Gir.Evaluation.TestSets;

namespace Gir.Evaluation.Tests.Lines;

public sealed class QualityLinesTests
{
    [Test]
    public void Lines_relative_to_the_input_follow_its_psnr()
    {
        QualityLine line = QualityLines.Input.At("any", 24.5);

        Assert.That(line, Is.EqualTo(new QualityLine(24.5, 27.5)));
        Assert.That(QualityLines.Input.Label, Is.EqualTo("input"));
        Assert.That(QualityLines.Input.Covers("anything"), Is.True);
    }

    [Test]
    public void Json_reads_back_as_it_was_written()
    {
        QualityLines lines = QualityLines.Fixed("mine", new Dictionary<string, QualityLine> { ["2"] = new(30.74, 32.41), ["1"] = new(25.1, 25.1) }, "made up");

        QualityLines back = QualityLines.FromJson(lines.ToJson());

        Assert.That(back.ToJson(), Is.EqualTo(lines.ToJson()));
        Assert.That(back.Label, Is.EqualTo("mine"));
        Assert.That(back.Provenance, Is.EqualTo("made up"));
        Assert.That(back.At("2", 0), Is.EqualTo(new QualityLine(30.74, 32.41)));
    }

    [Test]
    public void Json_keeps_where_the_lines_come_from()
    {
        QualityLines lines = QualityLines.Fixed("mine", new Dictionary<string, QualityLine> { ["1"] = new(25.1, 25.1) }, new LinesOrigin
        {
            Provenance = "trained at home",
            TestSet = new LinesTestSet("my set", "0123"),
            IsReduced = true,
            Settings = new Dictionary<string, string> { ["excellence"] = "SRResNet, 10 iterations" },
        });

        LinesOrigin origin = QualityLines.FromJson(lines.ToJson()).Origin;

        Assert.That(origin.Provenance, Is.EqualTo("trained at home"));
        Assert.That(origin.TestSet, Is.EqualTo(new LinesTestSet("my set", "0123")));
        Assert.That(origin.IsReduced, Is.True);
        Assert.That(origin.Settings, Is.EqualTo(lines.Origin.Settings));
        Assert.That(QualityLines.FromJson(lines.ToJson()).ToJson(), Is.EqualTo(lines.ToJson()));
    }

    [Test]
    public void Lines_of_trainings_shared_out_by_tasks_become_one_in_the_order_of_the_tasks()
    {
        QualityLines late = Part("500 iterations", "cross:1:2", "10", "9");
        QualityLines early = Part("2000 iterations", "2", "9");

        QualityLines merged = QualityLines.Merge([late, early]);

        Assert.That(merged.TaskIds, Is.EqualTo(new[] { "2", "9", "10", "cross:1:2" }));
        Assert.That(merged.Origin.TestSet, Is.EqualTo(late.Origin.TestSet));
        Assert.That(merged.Origin.IsReduced, Is.True);
        Assert.That(merged.Origin.Settings, Is.EqualTo(new Dictionary<string, string>
        {
            ["loss"] = "l1", ["excellence, tasks 9, 10, cross:1:2"] = "500 iterations", ["excellence, tasks 2, 9"] = "2000 iterations",
        }));
        Assert.That(QualityLines.FromJson(merged.ToJson()).ToJson(), Is.EqualTo(merged.ToJson()));
        Assert.That(QualityLines.Merge([early]).ToJson(), Is.EqualTo(early.ToJson()));
    }

    [Test]
    public void Lines_that_do_not_belong_together_are_not_merged()
    {
        QualityLines lines = Part("500 iterations", "2");
        Dictionary<string, QualityLine> other = new() { ["2"] = new(1, 3) };

        Assert.That(() => QualityLines.Merge([lines, QualityLines.Fixed("mine", other, lines.Origin)]), Throws.TypeOf<EvaluationException>().With.Message.Contains("Task '2'"));
        Assert.That(() => QualityLines.Merge([lines, QualityLines.Fixed("yours", other, lines.Origin)]), Throws.TypeOf<EvaluationException>().With.Message.Contains("label 'yours'"));
        Assert.That(
            () => QualityLines.Merge([lines, QualityLines.Fixed("mine", other, lines.Origin with { TestSet = new("my set", "4567") })]),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("test set").And.Message.Contains("4567"));
        Assert.That(() => QualityLines.Merge([lines, QualityLines.Input]), Throws.ArgumentException);
        Assert.That(() => QualityLines.Merge([]), Throws.ArgumentException);
    }

    private static QualityLines Part(string excellence, params string[] tasks) => QualityLines.Fixed(
        "mine",
        tasks.ToDictionary(t => t, _ => new QualityLine(1, 2)),
        new LinesOrigin { TestSet = new("my set", "0123"), IsReduced = true, Settings = new Dictionary<string, string> { ["excellence"] = excellence, ["loss"] = "l1" } });

    [Test]
    public void Our_own_lines_are_of_the_standard_set_and_its_tasks()
    {
        QualityLines lines = QualityLines.Gir!;
        TestSet set = TestSet.Load(TestSet.Standard);
        Assert.That(lines.Label, Is.EqualTo("gir"));
        Assert.That(lines.Origin.TestSet, Is.EqualTo(new LinesTestSet(set.Name, set.Hash)));
        Assert.That(lines.TaskIds, Is.EquivalentTo(set.Representative.Select(t => t.Id)));
    }

    // Lines that lie together tell nobody apart. Those that do are named in docs/training.
    [Test]
    public void Our_own_lines_lie_apart()
    {
        QualityLines lines = QualityLines.Gir!;
        Assert.That(lines.TaskIds.Where(t => lines.At(t, 0).Excellence - lines.At(t, 0).Acceptance < 0.3), Is.EquivalentTo(new[] { "1", "13", "30", "45" }));
    }

    [Test]
    public void A_task_without_a_line_is_named() =>
        Assert.That(
            () => QualityLines.Fixed("mine", new Dictionary<string, QualityLine> { ["1"] = new(1, 2) }).At("77", 0),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("'77'").And.Message.Contains("'mine'"));

    [TestCase("nonsense", "not a lines file")]
    [TestCase("null", "not a lines file")]
    [TestCase("[]", "not a lines file")]
    [TestCase("{\"label\":\"a\"}", "expected {\"label\": ..., \"lines\": ")]
    [TestCase("{\"label\":\"a\",\"lines\":{\"1\":{\"acceptance\":3,\"excellence\":2}}}", "task '1': the excellence line 2 dB is below the acceptance line 3 dB")]
    [TestCase("{\"label\":\"a\",\"lines\":{\"1\":{\"acceptance\":\"NaN\",\"excellence\":2}}}", "task '1': expected finite numbers")]
    [TestCase("{\"label\":\"a\",\"lines\":{\"1\":{}}}", "acceptance")]
    [TestCase("{\"label\":\"a\",\"lines\":{\"1\":{\"acceptance\":-3}}}", "excellence")]
    [TestCase("{\"label\":\"a\",\"lines\":{\"1\":{\"acceptance\":1,\"excellence\":2,\"excelence\":3}}}", "excelence")]
    [TestCase("{\"label\":\"a\",\"lines\":{\"1\":{\"acceptance\":1,\"excellence\":2},\"1\":{\"acceptance\":1,\"excellence\":2}}}", "$.lines: property '1' stands twice")]
    [TestCase("{\"label\":\"a\",\"label\":\"b\",\"lines\":{}}", "label")]
    [TestCase("{\"label\":\"a\",\"lines\":{},\"testSet\":{\"name\":\"a\"}}", "hash")]
    [TestCase("{\"label\":\"a\",\"lines\":{},\"testSet\":{\"name\":\"a\",\"hash\":null}}", "$.testSet.hash: found null")]
    [TestCase("{\"label\":\"a\",\"lines\":{},\"settings\":{\"b\":null}}", "$.settings.b: found null")]
    [TestCase("{\"label\":\"a\",\"lines\":{},\"reduced\":\"yes\"}", "reduced")]
    public void A_bad_file_is_refused_with_its_name_and_the_reason(string json, string reason) =>
        Assert.That(() => QualityLines.FromJson(json, "lines.json"), Throws.TypeOf<EvaluationException>().With.Message.StartsWith("lines.json: ").And.Message.Contains(reason));

    // Not as a test case: runners cannot write its name down.
    [Test]
    public void Text_that_is_no_unicode_is_refused() =>
        Assert.That(() => QualityLines.FromJson("{\"label\":\"\ud800\"}"), Throws.TypeOf<EvaluationException>());

    [Test]
    [Platform("Linux")]
    public void A_file_without_an_end_is_refused() =>
        Assert.That(() => QualityLines.Load("/dev/zero"), Throws.TypeOf<EvaluationException>().With.Message.Contains("at most"));
}
