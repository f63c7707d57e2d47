using Gir.Models.Restoration;
using Gir.Models.Tests.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gir.Models.OnnxRuntime.Tests;

public sealed class ContainerTests
{
    [Test]
    public void A_model_is_a_keyed_restorer()
    {
        using var files = new OnnxFiles();
        string path = files.Export(TinyNetworks.Srcnn());
        using ServiceProvider provider = new ServiceCollection()
            .AddGirOnnxRuntime(o => o.MaxDegreeOfParallelism = 1)
            .AddGirOnnxModel("sharp", path)
            .AddGirOnnxModel("fast", path, new OnnxRestorerOptions { Providers = ["warp"] })
            .BuildServiceProvider();
        IRestorer restorer = provider.GetRequiredKeyedService<IRestorer>("sharp");
        Assert.That(restorer.Info.Name, Is.EqualTo("sharp"));
        Assert.That(restorer, Is.TypeOf<OnnxRestorer>().And.SameAs(provider.GetRequiredKeyedService<IRestorer>("sharp")));
        Assert.That(() => provider.GetRequiredKeyedService<IRestorer>("fast"), Throws.TypeOf<OnnxModelException>());
    }

    [Test]
    public void Options_are_validated()
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddGirOnnxRuntime(o => o.MaxDegreeOfParallelism = 0)
            .AddGirOnnxModel("x", "x.onnx")
            .BuildServiceProvider();
        Assert.That(() => provider.GetRequiredKeyedService<IRestorer>("x"), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Gir:OnnxRuntime:MaxDegreeOfParallelism is 0"));
    }

    [Test]
    public void A_container_reads_its_configuration()
    {
        using ServiceProvider provider = Container(("Providers:0", "cuda"), ("Providers:1", "cpu"), ("DeviceId", "1"), ("MaxDegreeOfParallelism", "2"));
        GirOnnxRuntimeOptions options = provider.GetRequiredService<IOptions<GirOnnxRuntimeOptions>>().Value;
        Assert.That(options.Providers, Is.EqualTo(new[] { "cuda", "cpu" }));
        Assert.That((options.DeviceId, options.MaxDegreeOfParallelism), Is.EqualTo((1, (int?)2)));
    }

    [TestCase("DeviceId", "-1", "Gir:OnnxRuntime:DeviceId is -1")]
    [TestCase("Providers:0", "", "Gir:OnnxRuntime:Providers holds an empty name")]
    [TestCase("Provider", "cuda", "Gir:OnnxRuntime:Provider is no setting; expected one of Providers")]
    public void A_section_that_is_wrong_is_told_at_the_start(string name, string value, string message)
    {
        using ServiceProvider provider = Container((name, value));
        Assert.That(() => provider.GetRequiredService<IStartupValidator>().Validate(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(message));
    }

    private static ServiceProvider Container(params (string Name, string Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Gir:OnnxRuntime:" + s.Name, (string?)s.Value))).Build())
        .AddGirOnnxRuntime()
        .BuildServiceProvider();
}
