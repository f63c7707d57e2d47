using Gir.Degradations.Tasks;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Tasks;

public sealed class RandomTaskSamplerTests
{
    [Test]
    public void Every_operator_may_come_first_and_every_one_but_weather_later_all_equally_likely()
    {
        const int Draws = 6000;
        var random = new PhiloxRandom(4);
        DegradationPipeline[] drawn = [.. Enumerable.Range(0, Draws).Select(_ => RandomTaskSampler.SamplePipeline(random, 3))];
        IReadOnlyList<DegradationDescriptor> all = DegradationCatalog.All;
        CheckUniform([.. drawn.Select(p => p.Operators[0].Name)], [.. all.Select(d => d.Name)]);
        string[] later = [.. all.Where(d => !d.IsWeather).Select(d => d.Name)];
        CheckUniform([.. drawn.Select(p => p.Operators[1].Name)], later);
        CheckUniform([.. drawn.Select(p => p.Operators[2].Name)], later);
    }

    [Test]
    public void Orders_of_1_to_5_are_equally_likely_where_none_is_given()
    {
        var random = new PhiloxRandom(4);
        CheckUniform(
            [.. Enumerable.Range(0, 3000).Select(_ => $"{RandomTaskSampler.SamplePipeline(random).Order}")],
            ["1", "2", "3", "4", "5"]);
    }

    [TestCase(0)]
    [TestCase(6)]
    public void Orders_out_of_range_are_refused(int order) =>
        Assert.That(() => RandomTaskSampler.SamplePipeline(new PhiloxRandom(1), order), Throws.TypeOf<DegradationException>().With.Message.Contains("1..5"));

    [Test]
    public void Cross_validation_tasks_are_a_function_of_the_seed_and_hide_it()
    {
        IReadOnlyList<DegradationTask> tasks = RandomTaskSampler.CrossValidation(123456789);
        Assert.That(tasks.Select(t => t.Pipeline.ToJson()), Is.EqualTo(RandomTaskSampler.CrossValidation(123456789).Select(t => t.Pipeline.ToJson())));
        Assert.That(tasks.Select(t => t.Pipeline.ToJson()), Is.Not.EqualTo(RandomTaskSampler.CrossValidation(123456788).Select(t => t.Pipeline.ToJson())));
        Assert.That(tasks.Select(t => t.Id), Is.Unique.And.All.StartsWith("cross:").And.None.Contains("123456789"));
        Assert.That(tasks[0].Id, Is.Not.EqualTo(RandomTaskSampler.CrossValidation(1)[0].Id));
        Assert.That(tasks.Select(t => t.Group), Is.All.EqualTo(DegradationTaskGroup.CrossValidation));
        Assert.That(tasks.Where(t => t.Order == 1).Select(t => t.Pipeline.Operators[0].Name), Is.EqualTo(RepresentativeTasks.Single.Select(t => t.Pipeline.ToExpression())));
        for (int order = 2; order <= 5; order++)
            Assert.That(tasks.Count(t => t.Order == order), Is.EqualTo(10));
        Assert.That(tasks.Select(t => t.Pipeline.Options), Is.All.EqualTo(DegradationPipelineOptions.Benchmark));
    }

    private static void CheckUniform(string[] drawn, string[] expected)
    {
        Assert.That(drawn.Distinct(), Is.EquivalentTo(expected));
        double share = 1.0 / expected.Length;
        double deviation = Math.Sqrt(drawn.Length * share * (1 - share));
        foreach (string value in expected)
            Assert.That(drawn.Count(d => d == value), Is.EqualTo(drawn.Length * share).Within(6 * deviation), value);
    }
}
