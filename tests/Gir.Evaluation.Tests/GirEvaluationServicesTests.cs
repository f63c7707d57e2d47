using System.Diagnostics;
using Gir.Degradations.Depth;
using Gir.Evaluation.Generality;
using Gir.Imaging;
using Gir.Metrics;
using Gir.Models.Restoration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gir.Evaluation.Tests;

public sealed class GirEvaluationServicesTests
{
    [Test]
    public async Task A_benchmark_from_a_container_runs_as_configured()
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddGirEvaluation(o =>
            {
                o.Seed = 3;
                o.FullReference.Add("mae");
            })
            .BuildServiceProvider();

        GeneralityReport report = await provider.GetRequiredService<Benchmark>()
            .RunAsync([FakeRestorer.Identity()], [FakeDegradations.Task("1", "veil + grain")], Pictures.Set(2, 32, 32));

        Assert.That(report.Configuration.Seed, Is.EqualTo(3));
        Assert.That(report.Configuration.Metrics.Select(m => m.Name), Is.EqualTo(new[] { "psnr", "ssim", "mae" }));
        Assert.That(report.Configuration.DepthEstimator, Is.EqualTo("heuristic"));
        Assert.That(provider.GetRequiredService<IMetricCatalog>(), Is.Not.Null);
        Assert.That(provider.GetRequiredKeyedService<IRestorer>("gaussian").Info.Name, Does.StartWith("gaussian"));
    }

    [Test]
    public void What_is_registered_already_stays()
    {
        var own = new OwnDepth();
        using ServiceProvider provider = new ServiceCollection().AddSingleton<IDepthEstimator>(own).AddGirEvaluation().AddGirEvaluation().BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IDepthEstimator>(), Is.SameAs(own));
        Assert.That(provider.GetServices<Benchmark>(), Has.Exactly(1).Items);
    }

    [Test]
    public void Options_without_psnr_are_refused()
    {
        using ServiceProvider provider = new ServiceCollection().AddGirEvaluation(o => o.FullReference = ["ssim"]).BuildServiceProvider();

        Assert.That(provider.GetRequiredService<Benchmark>, Throws.TypeOf<OptionsValidationException>().With.Message.Contains("psnr"));
    }

    [Test]
    public async Task A_benchmark_is_traced_timed_and_logged()
    {
        var log = new ListLogger();
        using var listening = new Listening("Gir.Evaluation");
        await new Benchmark(null, log).RunAsync([FakeRestorer.Identity()], [FakeDegradations.Task("1", "grain")], Pictures.Set(2, 32, 32));

        Assert.That(listening.Measurements.Count(m => m.Name == "gir.evaluation.results"), Is.EqualTo(4), "two images, the input and one restorer");
        Assert.That(listening.Measurements.Where(m => m.Name == "gir.evaluation.task.duration").Select(m => m.Tags), Is.EqualTo(new[] { "gir.task=1", "gir.task=1" }));
        Activity whole = listening.Activities.Single(a => a.OperationName == "gir.benchmark");
        Assert.That(listening.Activities.Count(a => a.OperationName == "gir.benchmark.task" && a.ParentSpanId == whole.SpanId), Is.EqualTo(2));
        Assert.That(log.Lines[0], Is.EqualTo("Information: Benchmark begins: 4 results, of which 0 are kept from before."));
        Assert.That(log.Lines[^1], Does.StartWith("Information: Benchmark done: 4 results in"));
    }

    [TestCase("Gir:Evaluation:FullReference:0", "ssim", "Gir:Evaluation:FullReference must hold 'psnr'")]
    [TestCase("Gir:Evaluation:Seed", "-1", "Gir:Evaluation:Seed is '-1'; expected a whole number of at least 0")]
    [TestCase("Gir:Metrics:Profile", "best", "Gir:Metrics:Profile is 'best': There is no metric profile 'best'")]
    [TestCase("Gir:Degradations:CropMultiple", "0", "Gir:Degradations:cropMultiple = 0")]
    [TestCase("Gir:Degradations:Quantization", "often", "Gir:Degradations:Quantization is 'often'; expected one of")]
    public void A_wrong_setting_is_told_with_its_section_when_the_host_starts(string key, string value, string message)
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build())
            .AddGirEvaluation().BuildServiceProvider();
        Assert.That(
            () => provider.GetRequiredService<IStartupValidator>().Validate(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(message));
    }

    private sealed class ListLogger : ILogger<Benchmark>
    {
        private readonly Lock _gate = new();

        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_gate)
                Lines.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }

    private sealed class OwnDepth : IDepthEstimator
    {
        public string Name => "own";

        public ImageBuffer Estimate(ImageBuffer image) => throw new NotSupportedException();
    }
}
