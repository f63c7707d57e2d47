using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Resampling;
using Gir.Metrics;
using Gir.Metrics.FullReference;
using Gir.Metrics.NoReference;
using Gir.Models.Restoration;
using Gir.Models.Tensors;

namespace Gir.Evaluation.Tests;

public sealed class BenchmarkTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task The_report_does_not_depend_on_threads()
    {
        string sequential = (await Run(threads: 1)).ToJson();

        Assert.That((await Run(threads: 2)).ToJson(), Is.EqualTo(sequential));
        Assert.That((await Run(threads: 7)).ToJson(), Is.EqualTo(sequential));
    }

    [Test]
    public async Task The_file_of_results_does_not_depend_on_threads_or_interruptions()
    {
        await Run(_folder["one.jsonl"], threads: 1);
        await Run(_folder["several.jsonl"], threads: 5);
        using var stop = new CancellationTokenSource();
        var progress = new BenchmarkListener(p =>
        {
            if (p.Done == 7)
                stop.Cancel();
        });
        Assert.That(async () => await Run(_folder["stopped.jsonl"], progress: progress, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        // Restorers one after the other: the second one's results come to a file that was in order.
        await Run(_folder["stopped.jsonl"], [Restorers()[1]], threads: 3);
        await Run(_folder["stopped.jsonl"]);

        byte[] expected = File.ReadAllBytes(_folder["one.jsonl"]);
        Assert.That(File.ReadAllBytes(_folder["several.jsonl"]), Is.EqualTo(expected));
        Assert.That(File.ReadAllBytes(_folder["stopped.jsonl"]), Is.EqualTo(expected));
    }

    [Test]
    public async Task Scores_are_those_of_degrading_restoring_and_measuring_by_hand()
    {
        DegradationTask[] tasks = FakeDegradations.Tasks(2);
        BenchmarkImage[] images = Pictures.Set(1);
        ImageBuffer clean = Pictures.Gradient(16, 20, seed: 1);

        GeneralityReport report = await new Benchmark(new BenchmarkOptions { Seed = 5 }).RunAsync([FakeRestorer.Shift(0.02f)], tasks, images);

        ulong seed = Gir.Imaging.Random.Philox4x32.DeriveSeed(5, "2");
        ImageBuffer degraded = tasks[1].Pipeline.Apply(clean, seed, "image1").Image;
        ImageBuffer restored = FakeRestorer.Shift(0.02f).Restore(degraded).Quantized();
        TaskOutcome outcome = report.Restorers[0].Tasks[1];
        Assert.That(outcome.Means["psnr"], Is.EqualTo(new Psnr().Measure(clean, restored).Value));
        Assert.That(outcome.Means["ssim"], Is.EqualTo(new Ssim().Measure(clean, restored).Value));
        Assert.That(report.Input.Tasks[1].Means["psnr"], Is.EqualTo(new Psnr().Measure(clean, degraded).Value));
    }

    [Test]
    public async Task A_restorer_that_asks_is_told_the_task_and_others_stay_blind()
    {
        DegradationTask[] tasks = [FakeDegradations.Task("a", "veil + grain"), FakeDegradations.Task("b", "grain")];
        FakeRestorer grain = new("grain", i => i.Clone());
        FakeRestorer veil = new("veil", i => i.Clone());
        var models = new SingleTaskModels(new Dictionary<string, IRestorer> { ["grain"] = grain, ["veil"] = veil });

        GeneralityReport report = await new Benchmark().RunAsync([models, FakeRestorer.Identity()], tasks, [BenchmarkImage.FromBuffer("image", Pictures.Gradient(16, 20, seed: 1), new ImageBuffer(1, 16, 20))]);

        Assert.That((grain.Calls, veil.Calls), Is.EqualTo((2, 1)));
        Assert.That(report.Restorers.Select(r => r.Name), Is.EqualTo(new[] { "step-by-step", "identity" }));
        Assert.That(report.Restorers[0].Averages, Is.EqualTo(report.Restorers[1].Averages));
    }

    [Test]
    public async Task A_restorer_that_scales_is_given_a_smaller_input_and_compared_at_the_images_size()
    {
        DegradationTask[] tasks = FakeDegradations.Tasks(1);
        ImageBuffer clean = Pictures.Gradient(16, 20, seed: 1);
        static ImageBuffer Enlarge(ImageBuffer image) => Resampler.Scale(image, 4, ResamplingKernel.Bicubic);

        GeneralityReport report = await new Benchmark(new BenchmarkOptions { Seed = 5 }).RunAsync(
            [new FakeRestorer("x4", Enlarge, scale: 4)], tasks, [BenchmarkImage.FromBuffer("image1", clean)]);

        ImageBuffer degraded = tasks[0].Pipeline.Apply(clean, Gir.Imaging.Random.Philox4x32.DeriveSeed(5, "1"), "image1").Image;
        ImageBuffer small = Resampler.Scale(degraded, 0.25, ResamplingKernel.Bicubic, ResamplingConvention.MatlabUint8Symmetric);
        Assert.That((small.Height, small.Width), Is.EqualTo((4, 5)));
        Assert.That(report.Restorers[0].Averages["psnr"].Value, Is.EqualTo(new Psnr().Measure(clean, Enlarge(small).Quantized()).Value));
        Assert.That(report.Restorers[0].Name, Is.EqualTo("x4(input/4)"));
        Assert.That(report.Restorers[0].Description, Does.Contain("scaled down by 4"));
    }

    [Test]
    public async Task Sides_that_are_no_multiples_of_a_restorers_scale_are_extended_and_cut_off_again()
    {
        (int Height, int Width) seen = default;
        ImageBuffer Enlarge(ImageBuffer image)
        {
            seen = (image.Height, image.Width);
            return Resampler.Scale(image, 8, ResamplingKernel.Bicubic);
        }

        GeneralityReport report = await new Benchmark().RunAsync(
            [new FakeRestorer("x8", Enlarge, scale: 8)], FakeDegradations.Tasks(1), [BenchmarkImage.FromBuffer("odd", Pictures.Gradient(16, 20, seed: 1))]);

        Assert.That(seen, Is.EqualTo((2, 3)));
        Assert.That(report.Restorers[0].Averages["psnr"].Value, Is.GreaterThan(10));
        Assert.That(
            async () => await new Benchmark().RunAsync(
                [new FakeRestorer("x8", i => i.Clone(), scale: 8)], FakeDegradations.Tasks(1), [BenchmarkImage.FromBuffer("odd", Pictures.Gradient(16, 20, seed: 1))]),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("restorer 'x8'").And.Message.Contains("2 x 3"));
    }

    [Test]
    public async Task Lines_of_images_that_no_hash_tells_apart_put_a_warning_into_the_report()
    {
        QualityLines lines = QualityLines.Fixed(
            "theirs", new Dictionary<string, QualityLine> { ["1"] = new(20, 30) }, new LinesOrigin { Images = "their own photographs" });

        GeneralityReport report = await new Benchmark().RunAsync([], FakeDegradations.Tasks(1), Pictures.Set(1), QualityLines.FromJson(lines.ToJson()));

        Assert.That(report.Lines.Warning, Does.Contain("'theirs'").And.Contain("their own photographs"));
        Assert.That(GeneralityReport.FromJson(report.ToJson()).Lines.Warning, Is.EqualTo(report.Lines.Warning));
        Assert.That((await Run()).Lines.Warning, Is.Null);
    }

    [Test]
    public async Task What_a_metric_cannot_measure_is_counted_and_left_out_of_its_means()
    {
        var flat = new ImageBuffer(3, 200, 200);
        flat.Samples.Fill(0.5f);
        var textured = new ImageBuffer(3, 200, 200);
        Gir.Imaging.Random.Philox4x32.FillUniform(textured.Samples, 1);
        BenchmarkImage[] images = [BenchmarkImage.FromBuffer("flat", flat), BenchmarkImage.FromBuffer("full", textured), BenchmarkImage.FromBuffer("tiny", Pictures.Gradient(4, 4))];
        var options = new BenchmarkOptions { NoReference = [new Niqe(), new NoNumber()], ResultsPath = _folder["results.jsonl"] };
        DegradationTask[] tasks = [FakeDegradations.Task("1", "noise(sigma=0)")];

        GeneralityReport report = await new Benchmark(options).RunAsync([FakeRestorer.Identity()], tasks, images);

        IReadOnlyDictionary<string, int>? missing = report.Restorers[0].NotMeasured;
        Assert.That(missing, Is.EqualTo(new Dictionary<string, int> { ["ssim"] = 1, ["niqe"] = 2, ["nothing"] = 3 }));
        double full = new Niqe().Measure(textured.Quantized()).Value;
        Assert.That(report.Restorers[0].Tasks[0].Means["niqe"], Is.EqualTo(full));
        Assert.That(report.Restorers[0].Averages["niqe"].Value, Is.EqualTo(full));
        Assert.That(report.Restorers[0].Averages["nothing"].Value, Is.NaN);
        Assert.That(GeneralityReport.FromJson(report.ToJson()).ToJson(), Is.EqualTo(report.ToJson()));
        Assert.That((await new Benchmark(options).RunAsync([FakeRestorer.Identity()], tasks, images)).ToJson(), Is.EqualTo(report.ToJson()), "from the file");
    }

    [Test]
    public async Task An_image_that_fails_can_be_left_out_and_the_report_is_over_the_others()
    {
        BenchmarkImage[] images = [.. Pictures.Set(2), new BenchmarkImage("torn", "00", () => throw new ImageFormatException("png", 0, "torn"))];
        DegradationTask[] tasks = FakeDegradations.Tasks(2);
        var left = new List<string>();
        var options = new BenchmarkOptions { LeaveOut = (image, e) => left.Add($"{image.Name}: {e.Message}") };

        GeneralityReport report = await new Benchmark(options).RunAsync([FakeRestorer.Identity()], tasks, images);

        Assert.That(left, Is.EqualTo(new[] { "torn: image: png: at byte 0: torn" }));
        Assert.That(report.ToJson(), Is.EqualTo((await new Benchmark().RunAsync([FakeRestorer.Identity()], tasks, Pictures.Set(2))).ToJson()));
        Assert.That(async () => await new Benchmark().RunAsync([], tasks, images), Throws.TypeOf<ImageFormatException>(), "by default");
        Assert.That(async () => await new Benchmark(options).RunAsync([], tasks, images[2..]), Throws.TypeOf<ImageFormatException>(), "none is left");
    }

    [Test]
    public void A_task_without_a_model_is_refused_before_the_run()
    {
        var models = new SingleTaskModels(new Dictionary<string, IRestorer> { ["veil"] = FakeRestorer.Identity() });
        Assert.That(
            async () => await new Benchmark().RunAsync([models], FakeDegradations.Tasks(1), Pictures.Set(1)),
            Throws.ArgumentException.With.Message.Contains("Task '1', restorer 'step-by-step'").And.Message.Contains("'grain'"));
    }

    [Test]
    public async Task The_identity_equals_the_input_and_meets_its_lines()
    {
        GeneralityReport report = await Run();

        Assert.That(report.Restorers[0].Name, Is.EqualTo("identity"));
        Assert.That(report.Restorers[0].Averages, Is.EqualTo(report.Input.Averages));
        Assert.That(report.Restorers[0].AcceptanceRate.Value, Is.EqualTo(1));
        Assert.That(report.Restorers[0].ExcellenceRate.Value, Is.Zero);
    }

    [Test]
    public async Task A_run_that_was_stopped_goes_on_where_it_was_and_reports_the_same()
    {
        string uninterrupted = (await Run()).ToJson();
        string path = _folder["results.jsonl"];
        using var stop = new CancellationTokenSource();
        var progress = new BenchmarkListener(p =>
        {
            if (p.Done == 7)
                stop.Cancel();
        });

        Assert.That(async () => await Run(path, progress: progress, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        FakeRestorer[] restorers = Restorers();
        var resumed = new BenchmarkListener();
        GeneralityReport report = await Run(path, restorers, progress: resumed);

        Assert.That(report.ToJson(), Is.EqualTo(uninterrupted));
        Assert.That(resumed.All[0].Resumed, Is.EqualTo(7));
        Assert.That(restorers.Sum(r => r.Calls), Is.LessThan(2 * 3 * 3));
        Assert.That(resumed.All[^1].Done, Is.EqualTo(3 * 3 * 3));
        Assert.That(resumed.All, Has.Count.EqualTo(1 + 27 - 7));
    }

    [Test]
    public async Task A_finished_run_does_nothing_twice_and_a_new_restorer_only_its_own_part()
    {
        string path = _folder["results.jsonl"];
        await Run(path);
        byte[] finished = File.ReadAllBytes(path);
        FakeRestorer[] again = Restorers();
        FakeRestorer added = FakeRestorer.Shift(0.1f);

        await Run(path, again);
        Assert.That(again.Sum(r => r.Calls), Is.Zero);
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(finished));

        GeneralityReport report = await Run(path, [.. again, added]);
        Assert.That(again.Sum(r => r.Calls), Is.Zero);
        Assert.That(added.Calls, Is.EqualTo(9));
        Assert.That(report.Restorers, Has.Count.EqualTo(3));
        Assert.That(File.ReadAllBytes(path)[..finished.Length], Is.EqualTo(finished));
    }

    [Test]
    public async Task A_restorer_that_changed_under_its_name_is_evaluated_afresh()
    {
        string path = _folder["results.jsonl"];
        var first = new FakeRestorer("net", image => image.Clone(), identity: "weights 1");
        var second = new FakeRestorer("net", image => FakeRestorer.Shift(0.1f).Restore(image), identity: "weights 2");

        GeneralityReport of1 = await Run(path, [first]);
        GeneralityReport of2 = await Run(path, [second]);
        Assert.That((first.Calls, second.Calls), Is.EqualTo((9, 9)));
        Assert.That(of1.Restorers[0].Identity, Is.EqualTo("weights 1"));
        Assert.That(of2.Restorers[0].Identity, Is.EqualTo("weights 2"));
        Assert.That(of2.Restorers[0].Averages["psnr"].Value, Is.LessThan(of1.Restorers[0].Averages["psnr"].Value));

        Assert.That((await Run(path, [first])).ToJson(), Is.EqualTo(of1.ToJson()));
        Assert.That(first.Calls, Is.EqualTo(9), "results of the first were kept");
    }

    [TestCase(1, int.MaxValue)]
    [TestCase(3, 1)]
    public async Task Networks_keep_to_one_thread_where_several_images_are_worked_on(int threads, int expected)
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<int>();
        var restorer = new FakeRestorer("net", image =>
        {
            seen.Add(ThreadLimit.Current);
            return image.Clone();
        });

        await Run(restorers: [restorer], threads: threads);

        Assert.That(seen, Has.Count.EqualTo(9).And.All.EqualTo(expected));
        Assert.That(ThreadLimit.Current, Is.EqualTo(int.MaxValue));
    }

    [Test]
    public async Task Each_degraded_image_is_made_once_for_all_restorers_that_lack_it()
    {
        string path = _folder["results.jsonl"];
        int before = FakeDegradations.Grain.Applications;

        // Task i applies grain i times: 1 + 2 + 3 applications on each of three images.
        await Run(path);
        Assert.That(FakeDegradations.Grain.Applications - before, Is.EqualTo(18));

        await Run(path);
        Assert.That(FakeDegradations.Grain.Applications - before, Is.EqualTo(18), "nothing is lacking");
        await Run(path, [FakeRestorer.Identity(), FakeRestorer.Shift(0.1f), FakeRestorer.Shift(0.2f)]);
        Assert.That(FakeDegradations.Grain.Applications - before, Is.EqualTo(36), "once more for the two new restorers");
    }

    [Test]
    public async Task Results_of_another_seed_are_refused()
    {
        string path = _folder["results.jsonl"];
        await Run(path);

        Assert.That(
            async () => await new Benchmark(new BenchmarkOptions { Seed = 1, ResultsPath = path }).RunAsync(Restorers(), FakeDegradations.Tasks(3), Pictures.Set(3)),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("seed 0 there, 1 here"));
    }

    [Test]
    public async Task Images_are_cropped_as_their_pipeline_crops_them()
    {
        GeneralityReport report = await new Benchmark().RunAsync([FakeRestorer.Identity()], FakeDegradations.Tasks(1), Pictures.Set(1, 18, 23));

        Assert.That(report.Input.Averages["psnr"].Value, Is.GreaterThan(25));
    }

    [Test]
    public async Task Depth_is_the_images_own_where_it_has_one_and_estimated_once_where_not()
    {
        DegradationTask[] tasks = [FakeDegradations.Task("1", "veil"), FakeDegradations.Task("2", "veil + grain")];
        ImageBuffer picture = Pictures.Gradient(16, 20);
        ImageBuffer depth = new(1, 16, 20, [.. Enumerable.Repeat(1f, 320)]);
        BenchmarkImage[] images = [BenchmarkImage.FromBuffer("own", picture, depth), BenchmarkImage.FromBuffer("none", picture)];
        var estimator = new FlatDepth();

        GeneralityReport report = await new Benchmark(new BenchmarkOptions { DepthEstimator = estimator, Generality = new GeneralityOptions { Resamples = 0 } })
            .RunAsync([], tasks, images);

        Assert.That(estimator.Calls, Is.EqualTo(1));
        Assert.That(report.Configuration.DepthEstimator, Is.EqualTo("flat"));
        Assert.That(
            async () => await new Benchmark().RunAsync([], tasks, images),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("Task '1', image 'none'").And.Message.Contains("depth"));
    }

    [Test]
    public void What_a_restorer_does_wrong_is_told_with_its_name_the_task_and_the_image()
    {
        Assert.That(async () => await Broken(_ => throw new InvalidOperationException("no weights")), Fails("no weights"));
        Assert.That(async () => await Broken(_ => new ImageBuffer(3, 8, 8)), Fails("the restored image is 3 x 8 x 8, expected 3 x 16 x 20"));
        Assert.That(async () => await Broken(i => { ImageBuffer r = i.Clone(); r[0, 1, 1] = float.NaN; return r; }), Fails("holds NaN at channel 0, row 1, column 1"));

        static Task Broken(Func<ImageBuffer, ImageBuffer> restore) =>
            new Benchmark().RunAsync([new FakeRestorer("broken", restore)], FakeDegradations.Tasks(1), Pictures.Set(1));
        static NUnit.Framework.Constraints.IResolveConstraint Fails(string reason) =>
            Throws.TypeOf<EvaluationException>().With.Message.StartsWith("Task '1', image 'image1', restorer 'broken': ").And.Message.Contains(reason);
    }

    [Test]
    public void Nothing_runs_on_arguments_that_cannot_be_reported()
    {
        DegradationTask[] tasks = FakeDegradations.Tasks(1);
        BenchmarkImage[] images = Pictures.Set(1);
        var benchmark = new Benchmark();
        QualityLines others = QualityLines.Fixed("others", new Dictionary<string, QualityLine> { ["9"] = new(1, 2) });

        Assert.That(async () => await benchmark.RunAsync([], [], images), Throws.ArgumentException.With.Message.Contains("at least one task"));
        Assert.That(async () => await benchmark.RunAsync([], tasks, []), Throws.ArgumentException.With.Message.Contains("at least one image"));
        Assert.That(async () => await benchmark.RunAsync([], [.. tasks, .. tasks], images), Throws.ArgumentException.With.Message.Contains("two tasks named '1'"));
        Assert.That(
            async () => await benchmark.RunAsync([FakeRestorer.Identity(), FakeRestorer.Identity()], tasks, images),
            Throws.ArgumentException.With.Message.Contains("two restorers named 'identity'"));
        Assert.That(
            async () => await benchmark.RunAsync([new FakeRestorer("input", i => i)], tasks, images), Throws.ArgumentException.With.Message.Contains("'input'"));
        Assert.That(async () => await benchmark.RunAsync([], tasks, images, others), Throws.TypeOf<EvaluationException>().With.Message.Contains("'1'"));
        QualityLines elsewhere = QualityLines.Fixed(
            "elsewhere", new Dictionary<string, QualityLine> { ["1"] = new(1, 2) }, new LinesOrigin { TestSet = new LinesTestSet("other images", "00") });
        Assert.That(async () => await benchmark.RunAsync([], tasks, images, elsewhere), Throws.TypeOf<EvaluationException>().With.Message.Contains("'other images'"));
        Assert.That(() => new Benchmark(new BenchmarkOptions { FullReference = [new Ssim()] }), Throws.ArgumentException.With.Message.Contains("psnr"));
    }

    [Test]
    public void Conventions_of_the_metrics_are_part_of_the_configuration()
    {
        EvaluationConfiguration configuration = new Benchmark().Describe(FakeDegradations.Tasks(1), Pictures.Set(1));

        Assert.That(configuration.Metrics.Select(m => m.Name), Is.EqualTo(new[] { "psnr", "ssim" }));
        Assert.That(configuration.Metrics[0].Convention, Does.Contain("RGB").And.EndsWith("rounded to 8 bits"));
        Assert.That(configuration.Metrics[0].HigherIsBetter, Is.True);
        Assert.That(
            new Benchmark(new BenchmarkOptions { FullReference = [new MetricCatalog(MetricProfile.BasicSr).FindFullReference("psnr")] })
                .Describe(FakeDegradations.Tasks(1), Pictures.Set(1)).Fingerprint(),
            Is.Not.EqualTo(configuration.Fingerprint()));
    }

    private static FakeRestorer[] Restorers() => [FakeRestorer.Identity(), FakeRestorer.Shift(0.01f)];

    private static Task<GeneralityReport> Run(
        string? path = null,
        IRestorer[]? restorers = null,
        int threads = 1,
        IProgress<BenchmarkProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new Benchmark(new BenchmarkOptions { ResultsPath = path, Parallelism = new Parallelism(threads) })
            .RunAsync(restorers ?? Restorers(), FakeDegradations.Tasks(3), Pictures.Set(3), null, progress, cancellationToken);
}
