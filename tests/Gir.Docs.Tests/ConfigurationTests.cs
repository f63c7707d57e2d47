using Gir.Degradations;
using Gir.Evaluation;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Metrics;
using Gir.Models;
using Gir.Models.Restoration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gir.Docs.Tests;

/// <summary>What docs/observability.md says of settings: read once, and fixed until the next start, so that a run never changes its numbers halfway.</summary>
public sealed class ConfigurationTests
{
    [Test]
    public void A_changed_configuration_takes_effect_at_the_next_start_alone()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings("11", "default", "Each")).Build();
        using ServiceProvider provider = Start(configuration);
        string before = Told(provider);
        foreach ((string name, string? value) in Settings("22", "pyiqa", "Last"))
            configuration[name] = value;
        configuration.Reload();
        Assert.That(Told(provider), Is.EqualTo(before));
        using ServiceProvider next = Start(configuration);
        Assert.That(Told(next), Is.Not.EqualTo(before).And.Contain("22").And.Contain("pyiqa").And.Contain("Last"));
    }

    [Test]
    public void Who_watches_options_sees_no_change()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings("11", "default", "Each")).Build();
        using ServiceProvider provider = Start(configuration);
        IOptionsMonitor<GirModelsOptions> monitor = provider.GetRequiredService<IOptionsMonitor<GirModelsOptions>>();
        int changes = 0;
        using IDisposable? listening = monitor.OnChange(_ => changes++);
        Assert.That(monitor.CurrentValue.MaxWaiting, Is.EqualTo(11));
        configuration["Gir:Models:MaxWaiting"] = "22";
        configuration.Reload();
        Assert.That((changes, monitor.CurrentValue.MaxWaiting), Is.EqualTo((0, 11)));
    }

    private static ServiceProvider Start(IConfiguration configuration) => new ServiceCollection().AddSingleton(configuration).AddGirEvaluation().BuildServiceProvider();

    private static Dictionary<string, string?> Settings(string number, string profile, string quantization) => new()
    {
        ["Gir:Imaging:MaxPixels"] = number + "000",
        ["Gir:Degradations:Quantization"] = quantization,
        ["Gir:Metrics:Profile"] = profile,
        ["Gir:Models:MaxWaiting"] = number,
        ["Gir:Evaluation:Seed"] = number,
    };

    private static string Told(ServiceProvider provider) => string.Join(
        '|',
        provider.GetRequiredService<ImageDecodeOptions>().MaxPixels,
        provider.GetRequiredService<DegradationPipelineOptions>().Quantization,
        ((MetricCatalog)provider.GetRequiredService<IMetricCatalog>()).Profile.Name,
        provider.GetRequiredService<RestorationQueue>().MaxWaiting,
        provider.GetRequiredService<IOptions<GirEvaluationOptions>>().Value.Seed);
}
