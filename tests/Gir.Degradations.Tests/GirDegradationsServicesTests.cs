using Gir.Degradations.Depth;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Gir.Degradations.Tests.FrameOperators;

namespace Gir.Degradations.Tests;

public sealed class GirDegradationsServicesTests
{
    [Test]
    public void Defaults_are_registered()
    {
        using ServiceProvider provider = new ServiceCollection().AddGirDegradations().BuildServiceProvider();
        Assert.That(provider.GetRequiredService<DegradationCatalog>().Descriptors, Is.EqualTo(DegradationCatalog.All));
        Assert.That(provider.GetRequiredService<DegradationPipelineOptions>(), Is.EqualTo(DegradationPipelineOptions.Default));
        Assert.That(provider.GetRequiredService<IDepthEstimator>(), Is.TypeOf<HeuristicDepthEstimator>());
    }

    [Test]
    public void Settings_and_operators_of_the_application_are_taken_over()
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddGirDegradations(o =>
            {
                o.Pipeline = DegradationPipelineOptions.Benchmark;
                o.AdditionalOperators.Add(Shift.Descriptor);
            })
            .BuildServiceProvider();
        DegradationPipelineOptions options = provider.GetRequiredService<DegradationPipelineOptions>();
        Assert.That(options.CropMultiple, Is.EqualTo(4));
        Assert.That(DegradationPipeline.Parse("noise + shift", options).Order, Is.EqualTo(2));
        Assert.That(provider.GetRequiredService<DegradationCatalog>().TryGet("shift", out _));
    }

    [Test]
    public void What_is_there_already_stays()
    {
        DegradationPipelineOptions own = DegradationPipelineOptions.Default with { MaximumOrder = 7 };
        using ServiceProvider provider = new ServiceCollection().AddSingleton(own).AddGirDegradations().AddGirDegradations().BuildServiceProvider();
        Assert.That(provider.GetServices<DegradationPipelineOptions>(), Is.EqualTo(new[] { own }));
    }

    [Test]
    public void Wrong_settings_are_told_when_first_asked_for()
    {
        using ServiceProvider crop = new ServiceCollection()
            .AddGirDegradations(o => o.Pipeline = o.Pipeline with { CropMultiple = 0 }).BuildServiceProvider();
        Assert.That(
            () => crop.GetRequiredService<DegradationPipelineOptions>(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("cropMultiple = 0"));
        using ServiceProvider twice = new ServiceCollection()
            .AddGirDegradations(o => o.AdditionalOperators.Add(DegradationCatalog.Find("noise"))).BuildServiceProvider();
        Assert.That(() => twice.GetRequiredService<DegradationCatalog>(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("'noise'"));
    }
}
