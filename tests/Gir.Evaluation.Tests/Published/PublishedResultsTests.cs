using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Published;

namespace Gir.Evaluation.Tests.Published;

public sealed class PublishedResultsTests
{
    [TestCase("DASR", 24.615, 0.28, 0)]
    [TestCase("RRDB", 25.670, 0.46, 0)]
    [TestCase("SwinIR", 24.438, 0.22, 0)]
    [TestCase("Uformer", 24.863, 0.33, 0)]
    [TestCase("Restormer", 25.607, 0.47, 0)]
    [TestCase("HAT", 25.083, 0.39, 0)]
    [TestCase("MIR-10", 25.0746, 0.50, 0.08)]
    [TestCase("MIR-50", 22.2417, 0.20, 0.03)]
    [TestCase("patch-64", 24.8418, 0.29, 0)]
    [TestCase("patch-128", 25.670, 0.46, 0)]
    [TestCase("patch-192", 25.9496, 0.52, 0)]
    [TestCase("patch-256", 26.2107, 0.56, 0.03)]
    [TestCase("batch-4", 25.1608, 0.35, 0)]
    [TestCase("batch-8", 25.670, 0.46, 0)]
    [TestCase("batch-16", 25.9987, 0.54, 0.02)]
    [TestCase("batch-32", 26.3877, 0.58, 0.06)]
    public void A_published_model_has_the_rates_and_the_average_that_its_table_gives(
        string model, double average, double acceptance, double excellence)
    {
        PublishedModel published = PublishedResults.Find(model);

        Assert.That(published.AveragePsnr, Is.EqualTo(average).Within(0.0005));
        Assert.That(published.AcceptanceRate(), Is.EqualTo(acceptance).Within(1e-12));
        Assert.That(published.ExcellenceRate(), Is.EqualTo(excellence).Within(1e-12));
    }

    [TestCase("data-imagenet", 0.45, 0.44)]
    [TestCase("batch-32", 0.58, 0.57)]
    [TestCase("Restormer", 0.47, 0.47)]
    public void Strict_comparison_gives_the_rates_that_the_paper_prints_with_a_greater_sign(string model, double atLeast, double strict)
    {
        PublishedModel published = PublishedResults.Find(model);

        Assert.That(published.AcceptanceRate(LineComparison.AtLeast), Is.EqualTo(atLeast).Within(1e-12));
        Assert.That(published.AcceptanceRate(LineComparison.Strict), Is.EqualTo(strict).Within(1e-12));
    }

    [Test]
    public void The_lines_have_the_averages_of_their_tables()
    {
        Assert.That(PublishedResults.TaskIds, Has.Count.EqualTo(100));
        Assert.That(PublishedResults.Models, Has.Count.EqualTo(20));
        Assert.That(PublishedResults.AverageAcceptance, Is.EqualTo(25.414).Within(0.0005));
        Assert.That(PublishedResults.AverageExcellence, Is.EqualTo(28.236).Within(0.0005));
        Assert.That(PublishedResults.Lines.At("1", double.NaN), Is.EqualTo(new QualityLine(25.33, 26.1)));
    }

    [Test]
    public void That_two_columns_are_exchanged_in_the_source_is_said_of_both_and_of_no_other()
    {
        Assert.That(PublishedResults.Find("MIR-10").Note, Does.Contain("exchanged").And.Contain("those of MIR-50"));
        Assert.That(PublishedResults.Find("MIR-50").Note, Does.Contain("exchanged").And.Contain("those of MIR-10"));
        Assert.That(PublishedResults.Models.Where(m => m.Note is not null).Select(m => m.Name), Is.EqualTo(new[] { "MIR-10", "MIR-50" }));
    }

    [Test]
    public void The_lines_are_known_to_belong_to_other_images() =>
        Assert.That(PublishedResults.Lines.Warning, Does.Contain("'published'").And.Contain("the GIR paper's own test images"));

    [Test]
    public void The_gap_is_the_first_half_minus_the_second()
    {
        PublishedModel model = PublishedResults.Find("restormer");

        CrossValidationGap gap = model.Gap();

        Assert.That(gap.Psnr, Is.EqualTo(model.Psnr.Take(50).Average() - model.Psnr.Skip(50).Average()).Within(1e-12));
        Assert.That(2 * model.AcceptanceRate(), Is.EqualTo((2 * AcceptedAmongFirst(model, 50) / 50.0) - gap.AcceptanceRate).Within(1e-12));
    }

    [Test]
    public void Orders_share_the_tasks_evenly_and_operators_count_the_representative_ones()
    {
        PublishedModel model = PublishedResults.Find("RRDB");

        Assert.That(model.ByOrder().Select(o => (o.Name, o.Tasks)), Is.EqualTo(Enumerable.Range(1, 5).Select(k => ($"k={k}", 20))));
        Assert.That(model.ByOrder().Average(o => o.Psnr), Is.EqualTo(model.AveragePsnr).Within(1e-9));
        Assert.That(model.ByOrder().Average(o => o.AcceptanceRate), Is.EqualTo(model.AcceptanceRate()).Within(1e-12));
        Assert.That(model.ByOperator().Select(o => o.Name), Is.EquivalentTo(Gir.Degradations.DegradationCatalog.All.Select(d => d.Name)));
        // Haze stands in the tasks 9, 15, 25, 32, 37, 44 and 50 of Table 6.
        int[] haze = [9, 15, 25, 32, 37, 44, 50];
        TaskSubset subset = model.ByOperator().Single(o => o.Name == "haze");
        Assert.That(subset.Tasks, Is.EqualTo(haze.Length));
        Assert.That(subset.Psnr, Is.EqualTo(haze.Average(t => model.Psnr[t - 1])).Within(1e-12));
    }

    [Test]
    public void An_unknown_model_is_named_beside_the_known_ones() =>
        Assert.That(() => PublishedResults.Find("NAFNet"), Throws.TypeOf<EvaluationException>().With.Message.Contains("NAFNet").And.Message.Contains("Restormer"));

    private static int AcceptedAmongFirst(PublishedModel model, int count) =>
        Enumerable.Range(0, count).Count(i => model.Psnr[i] >= PublishedResults.Lines.At(PublishedResults.TaskIds[i], 0).Acceptance);
}
