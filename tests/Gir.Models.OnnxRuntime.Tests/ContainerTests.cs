using Gir.Models.Restoration;
using Gir.Models.Tests.Serialization;
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
        Assert.That(() => provider.GetRequiredKeyedService<IRestorer>("x"), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("MaxDegreeOfParallelism"));
    }
}
