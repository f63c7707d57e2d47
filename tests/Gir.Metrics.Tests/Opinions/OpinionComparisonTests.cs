using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Metrics.Analysis;
using Gir.Metrics.Opinions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Gir.Metrics.Tests.Opinions;

[OnePass]
public sealed class OpinionComparisonTests
{
    private const int Scenes = 7;

    [Test]
    public void The_whole_agrees_with_the_definitions()
    {
        (OpinionSet set, OpinionMetric metric) = Made(60, 3);
        OverallAgreement overall = OpinionComparison.Measure(set, [metric], new() { Resamples = 0 }).Metrics[0].Overall;
        double[] x = [.. set.Opinions.Select(o => metric.Scores[o.Image])];
        double[] y = [.. set.Opinions.Select(o => o.Score)];
        Assert.Multiple(() =>
        {
            Assert.That(overall.Srcc.Value, Is.EqualTo(MathNet.Numerics.Statistics.Correlation.Spearman(x, y)).Within(1e-12));
            Assert.That(overall.LinearPlcc.Value, Is.EqualTo(MathNet.Numerics.Statistics.Correlation.Pearson(x, y)).Within(1e-12));
            Assert.That(overall.Krcc.Value, Is.EqualTo(KendallByDefinition(x, y)).Within(1e-12));
            Assert.That(overall.Accuracy.Value, Is.EqualTo(AccuracyByDefinition(x, y, [.. set.Opinions.Select(o => o.Spread!.Value)])).Within(1e-12));
            Assert.That(overall.Srcc.Low, Is.Null);
        });
    }

    [Test]
    public void The_logistic_is_where_another_minimizer_finds_it()
    {
        (OpinionSet set, OpinionMetric metric) = Made(60, 5);
        OverallAgreement overall = OpinionComparison.Measure(set, [metric], new() { Resamples = 0 }).Metrics[0].Overall;
        double[] x = [.. set.Opinions.Select(o => metric.Scores[o.Image])];
        double[] y = [.. set.Opinions.Select(o => o.Score)];
        IObjectiveModel model = ObjectiveFunction.NonlinearModel(
            (p, points) => points.Map(v => p[1] + ((p[0] - p[1]) / (1 + Math.Exp(-(v - p[2]) / p[3])))), Vector<double>.Build.Dense(x), Vector<double>.Build.Dense(y));
        NonlinearMinimizationResult found = new LevenbergMarquardtMinimizer(gradientTolerance: 1e-18, stepTolerance: 1e-18, functionTolerance: 1e-18, maximumIterations: 1000)
            .FindMinimum(model, Vector<double>.Build.Dense([y.Max(), y.Min(), x.Average(), 2]));
        double[] fitted = [.. found.MinimizedValues];
        Assert.Multiple(() =>
        {
            Assert.That(overall.FitConverged, Is.True);
            Assert.That(overall.Plcc.Value, Is.EqualTo(MathNet.Numerics.Statistics.Correlation.Pearson(fitted, y)).Within(1e-12));
            Assert.That(overall.Rmse.Value, Is.EqualTo(Math.Sqrt(fitted.Zip(y, (f, o) => (f - o) * (f - o)).Average())).Within(1e-12));
        });
    }

    [Test]
    public void A_resample_is_what_repeating_its_scenes_would_give()
    {
        (OpinionSet set, OpinionMetric metric) = Made(60, 7);
        var options = new OpinionOptions { Resamples = 40, Seed = 11, Confidence = 0.8 };
        OverallAgreement overall = OpinionComparison.Measure(set, [metric], options).Metrics[0].Overall;
        Opinion[][] scenes = [.. set.Opinions.GroupBy(o => o.Group).Select(g => g.ToArray())];
        var bootstrap = new Bootstrap(scenes.Length, options.Resamples, options.Confidence, options.Seed);
        (double[] srcc, double[] krcc, double[] accuracy) = (new double[40], new double[40], new double[40]);
        for (int r = 0; r < 40; r++)
        {
            Opinion[] drawn = [.. bootstrap.Draws[r].SelectMany(s => scenes[s])];
            double[] x = [.. drawn.Select(o => metric.Scores[o.Image])];
            double[] y = [.. drawn.Select(o => o.Score)];
            (srcc[r], krcc[r]) = (Correlation.Spearman(x, y), KendallByDefinition(x, y));
            accuracy[r] = AccuracyByDefinition(x, y, [.. drawn.Select(o => o.Spread!.Value)]);
        }

        Assert.Multiple(() =>
        {
            AssertSame(overall.Srcc, bootstrap.Around(overall.Srcc.Value, srcc));
            AssertSame(overall.Krcc, bootstrap.Around(overall.Krcc.Value, krcc));
            AssertSame(overall.Accuracy, bootstrap.Around(overall.Accuracy.Value, accuracy));
        });
    }

    [Test]
    public void Within_scenes_is_the_mean_over_scenes_that_say_something()
    {
        (OpinionSet set, OpinionMetric metric) = Made(60, 9);
        set = set with { Opinions = [.. set.Opinions, new("lone.png", 3) { Group = "lone", Spread = 0 }] };
        metric = metric with { Scores = new Dictionary<string, double>(metric.Scores) { ["lone.png"] = 1 } };
        SceneAgreement within = OpinionComparison.Measure(set, [metric], new() { Resamples = 10 }).Metrics[0].WithinScenes!;
        double[] coefficients =
        [
            .. set.Opinions.Where(o => o.Group != "lone").GroupBy(o => o.Group)
                .Select(g => Correlation.Spearman([.. g.Select(o => metric.Scores[o.Image])], [.. g.Select(o => o.Score)])),
        ];
        Assert.That(within.Scenes, Is.EqualTo(Scenes));
        Assert.That(within.Srcc.Value, Is.EqualTo(coefficients.Average()).Within(1e-12));
        Assert.That(within.Srcc.Low, Is.LessThanOrEqualTo(within.Srcc.Value));
    }

    [TestCase(OpinionScale.HigherIsBetter, true, 1)]
    [TestCase(OpinionScale.LowerIsBetter, false, 1)]
    [TestCase(OpinionScale.HigherIsBetter, false, -1)]
    [TestCase(OpinionScale.LowerIsBetter, true, -1)]
    public void Directions_are_turned(OpinionScale scale, bool higherIsBetter, int sign)
    {
        Opinion[] opinions = [.. Enumerable.Range(0, 6).Select(i => new Opinion($"{i}", i))];
        var metric = new OpinionMetric("m", opinions.ToDictionary(o => o.Image, o => o.Score * o.Score), higherIsBetter);
        OverallAgreement overall = OpinionComparison.Measure(new("s", scale, opinions), [metric]).Metrics[0].Overall;
        Assert.That(overall.Srcc.Value, Is.EqualTo(sign).Within(1e-12));
        Assert.That(overall.Accuracy.Value, Is.EqualTo((1 + sign) / 2.0));
    }

    [Test]
    public void A_metric_that_is_best_at_zero_is_judged_by_its_distance_where_opinions_have_one_side()
    {
        Opinion[] opinions = [.. Enumerable.Range(-3, 7).Select(i => new Opinion($"{i}", i))];
        var detail = new OpinionMetric("detail", opinions.ToDictionary(o => o.Image, o => o.Score * 0.5), false) { ZeroIsBest = true };
        var bipolar = new OpinionSet("Details", OpinionScale.ZeroIsBest, opinions);
        Assert.That(Srcc(bipolar, detail), Is.EqualTo(1).Within(1e-12));
        Assert.That(bipolar.Poles().Select(p => p.Opinions.Count), Is.EqualTo(new[] { 4, 4 }));
        Assert.That(bipolar.Poles().Select(p => Srcc(p, detail)), Is.All.EqualTo(1).Within(1e-12));
        Assert.That(new OpinionSet("MOS", OpinionScale.HigherIsBetter, opinions).Poles(), Is.Empty);
    }

    [Test]
    public void Two_metrics_are_compared_on_the_same_images_and_resamples()
    {
        (OpinionSet set, OpinionMetric good) = Made(60, 13);
        var random = new PhiloxRandom(4);
        OpinionMetric bad = good with { Name = "bad", Scores = good.Scores.ToDictionary(s => s.Key, _ => random.NextDouble()) };
        OpinionMetric partial = good with { Name = "same", Scores = good.Scores.Skip(1).ToDictionary(s => s.Key, s => s.Value) };
        OpinionReport report = OpinionComparison.Measure(set, [good, bad, partial], new() { Resamples = 50, Against = "GOOD" });
        Assert.Multiple(() =>
        {
            Assert.That(report.Images, Is.EqualTo(59));
            Assert.That(report.LeftOut, Is.EqualTo(new[] { set.Opinions[0].Image }));
            Assert.That(report.Metrics[0].Difference, Is.Null);
            Assert.That(report.Metrics[1].Difference!.Srcc.High, Is.LessThan(0), "a random metric is worse");
            Assert.That(report.Metrics[2].Difference!.Srcc, Is.EqualTo(new Estimate(0, 0, 0)), "the same metric is the same");
        });
    }

    [Test]
    public void Threads_change_nothing()
    {
        (OpinionSet set, OpinionMetric metric) = Made(200, 15);
        OpinionReport[] reports = [.. new[] { 1, 2, 5 }.Select(n => OpinionComparison.Measure(set, [metric], new() { Resamples = 30, Parallelism = new(n) }))];
        Assert.That(reports.Select(r => r.Metrics[0]), Is.All.EqualTo(reports[0].Metrics[0]));
    }

    [Test]
    public void Thousands_of_scenes_are_resampled_in_blocks_and_the_interval_keeps_its_width()
    {
        (OpinionSet set, OpinionMetric metric) = Made(1500, 17);
        set = set with { Opinions = [.. set.Opinions.Select(o => o with { Group = null })] };
        OpinionReport report = OpinionComparison.Measure(set, [metric], new() { Resamples = 400 });
        Estimate srcc = report.Metrics[0].Overall.Srcc;
        double[] x = [.. set.Opinions.Select(o => metric.Scores[o.Image])];
        double[] y = [.. set.Opinions.Select(o => o.Score)];
        var images = new Bootstrap(1500, 400, 0.95, 99);
        Estimate plain = images.Around(srcc.Value, [.. images.Draws.Select(d => Correlation.Spearman([.. d.Select(i => x[i])], [.. d.Select(i => y[i])]))]);
        Assert.Multiple(() =>
        {
            Assert.That((report.Scenes, report.Resampled), Is.EqualTo((1500, 512)));
            Assert.That(report.Metrics[0].WithinScenes, Is.Null);
            Assert.That((srcc.High - srcc.Low) / (plain.High - plain.Low), Is.EqualTo(1).Within(0.2));
        });
    }

    [Test]
    public void What_cannot_be_compared_is_refused()
    {
        (OpinionSet set, OpinionMetric metric) = Made(10, 1);
        Assert.Multiple(() =>
        {
            Assert.That(() => OpinionComparison.Measure(set, []), Throws.ArgumentException);
            Assert.That(() => OpinionComparison.Measure(set, [metric, metric]), Throws.ArgumentException.With.Message.Contains("'good'"));
            Assert.That(() => OpinionComparison.Measure(set, [metric], new() { Against = "psnr" }), Throws.ArgumentException.With.Message.Contains("'psnr'"));
            Assert.That(() => OpinionComparison.Measure(set, [metric], new() { Resamples = -1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => OpinionComparison.Measure(set, [metric], new() { Confidence = 1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
            OpinionMetric infinite = metric with { Scores = metric.Scores.ToDictionary(s => s.Key, _ => double.PositiveInfinity) };
            Assert.That(() => OpinionComparison.Measure(set, [infinite]), Throws.TypeOf<OpinionException>().With.Message.Contains("expected at least 2"));
            Assert.That(() => OpinionComparison.Measure(set, [metric], cancellationToken: new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        });
    }

    [Test]
    public void A_constant_metric_has_no_coefficients_and_no_intervals()
    {
        (OpinionSet set, OpinionMetric metric) = Made(20, 1);
        OverallAgreement overall = OpinionComparison.Measure(set, [metric with { Scores = metric.Scores.ToDictionary(s => s.Key, _ => 1.0) }]).Metrics[0].Overall;
        Assert.That((overall.Srcc.Value, overall.Krcc.Value, overall.Plcc.Value), Is.EqualTo((double.NaN, double.NaN, double.NaN)));
        Assert.That(overall.Srcc.Low, Is.Null);
        Assert.That(overall.Accuracy.Value, Is.EqualTo(0.5), "every pair is a tie");
    }

    private static double Srcc(OpinionSet set, OpinionMetric metric) => OpinionComparison.Measure(set, [metric], new() { Resamples = 0 }).Metrics[0].Overall.Srcc.Value;

    // Opinions in tenths, so that there are ties, along a curve of a metric in halves, with noise.
    private static (OpinionSet Set, OpinionMetric Metric) Made(int images, ulong seed)
    {
        var random = new PhiloxRandom(seed);
        var opinions = new List<Opinion>();
        var scores = new Dictionary<string, double>();
        for (int i = 0; i < images; i++)
        {
            double score = Math.Round((20 + (20 * random.NextDouble())) * 2) / 2;
            double opinion = 1 + (4 / (1 + Math.Exp(-(score - 30) / 3))) + random.NextDouble() - 0.5;
            opinions.Add(new($"{i}.png", Math.Round(opinion, 1)) { Group = $"{i % Scenes}", Spread = Math.Round(random.NextDouble(), 2) });
            scores[$"{i}.png"] = score;
        }

        return (new("made", OpinionScale.HigherIsBetter, opinions), new OpinionMetric("good", scores, HigherIsBetter: true));
    }

    private static double KendallByDefinition(double[] x, double[] y)
    {
        (double difference, double differX, double differY) = (0, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (int a, int b) = (Math.Sign(x[i] - x[j]), Math.Sign(y[i] - y[j]));
                difference += a * b;
                differX += a * a;
                differY += b * b;
            }
        }

        return difference / Math.Sqrt(differX * differY);
    }

    private static double AccuracyByDefinition(double[] x, double[] y, double[] spread)
    {
        (double right, double judged) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (Math.Abs(y[i] - y[j]) <= Math.Max(spread[i], spread[j]))
                    continue;
                judged++;
                right += x[i] == x[j] ? 0.5 : (x[i] > x[j]) == (y[i] > y[j]) ? 1 : 0;
            }
        }

        return right / judged;
    }

    private static void AssertSame(Estimate found, Estimate expected)
    {
        Assert.That(found.Low!.Value, Is.EqualTo(expected.Low!.Value).Within(1e-12));
        Assert.That(found.High!.Value, Is.EqualTo(expected.High!.Value).Within(1e-12));
    }
}
