using Gir.Degradations.Depth;
using Gir.Evaluation.Generality;
using Gir.Imaging;
using Gir.Metrics;
using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;
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

    private sealed class OwnDepth : IDepthEstimator
    {
        public string Name => "own";

        public ImageBuffer Estimate(ImageBuffer image) => throw new NotSupportedException();
    }
}
