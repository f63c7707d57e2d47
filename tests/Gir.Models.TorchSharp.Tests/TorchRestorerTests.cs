using Gir.Imaging;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Tests.Training;
using Gir.Models.Zoo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gir.Models.TorchSharp.Tests;

/// <summary>Restorers on libtorch: the same images as on the managed engine, made by the same code above the engine.</summary>
public sealed class TorchRestorerTests
{
    private const string Model = "gir-v1";

    // Both engines' rounding in a network of a hundred layers, as a share of the range; measured 1e-6.
    private const double Tolerance = 1e-5;

    private static readonly CpuBackend Managed = new(new CpuBackendOptions { MaxDegreeOfParallelism = 2 });

    [TestCase(0)]
    [TestCase(64)]
    public void An_image_is_the_managed_engines(int tile)
    {
        ImageBuffer image = TrainingFixture.Image(100, 84, 5);
        var restoration = new NetworkRestorerOptions { TileSize = tile, TileOverlap = 32 };
        ImageBuffer expected = ModelZoo.LoadShipped(Model, new ModelZooOptions { Restoration = restoration, Backend = Managed }).Restore(image);
        NetworkRestorer restorer = ModelZoo.LoadShipped(Model, new ModelZooOptions { Restoration = restoration, Backend = TorchEngine.Instance });
        Assert.That(restorer.Network.Backend, Is.SameAs(TorchEngine.Instance));
        Assert.That(Difference(restorer.Restore(image), expected), Is.LessThanOrEqualTo(Tolerance));
    }

    [Test]
    public void Tiles_follow_from_the_memory_that_the_engine_takes()
    {
        NetworkRestorer Of(long budget) => ModelZoo.LoadShipped(Model, new ModelZooOptions { Restoration = new NetworkRestorerOptions { MemoryBudget = budget } });
        Assert.That(Of(1L << 40).CountTiles(1000, 1000), Is.EqualTo(1));
        Assert.That(Of(1L << 26).CountTiles(1000, 1000), Is.GreaterThan(4));
    }

    [TestCase(TorchPrecision.BFloat16, 0.02)]
    [TestCase(TorchPrecision.Half, 0.003)]
    public void Fewer_bits_change_an_image_a_little(TorchPrecision precision, double most)
    {
        ImageBuffer image = TrainingFixture.Image(64, 64, 5);
        var engine = new TorchBackend(new TorchBackendOptions { Device = TorchEngine.Device, Precision = precision });
        ImageBuffer exact = ModelZoo.LoadShipped(Model).Restore(image);
        ImageBuffer rounded = ModelZoo.LoadShipped(Model, new ModelZooOptions { Backend = engine }).Restore(image);
        double rootMeanSquare = Math.Sqrt(rounded.Array.Zip(exact.Array, (a, b) => (double)(a - b) * (a - b)).Average());
        TestContext.Out.WriteLine(FormattableString.Invariant($"{precision}: {rootMeanSquare:E2}"));
        Assert.That(rootMeanSquare, Is.GreaterThan(1e-7).And.LessThan(most));
    }

    [Test]
    public void A_weights_copy_in_fewer_bits_follows_the_weight()
    {
        var engine = new TorchBackend(new TorchBackendOptions { Device = TorchEngine.Device, Precision = TorchPrecision.BFloat16 });
        Tensor weight = Tensor.From([1, 2], [1, 2], engine);
        weight.RequiresGradient = true;
        Tensor x = Tensor.From([1, 1], [1, 2], engine);
        Assert.That(x.Linear(weight).Item(), Is.EqualTo(3));
        weight.Storage.Write([4, 4]);
        Assert.That(x.Linear(weight).Item(), Is.EqualTo(8));
        engine.ScaleAndShift(weight, 2, 0, weight);
        Assert.That(x.Linear(weight).Item(), Is.EqualTo(16));
        engine.AddScaled(x, 1, weight);
        Assert.That(x.Linear(weight).Item(), Is.EqualTo(18));
    }

    [Test]
    public void A_container_makes_its_networks_on_the_engine()
    {
        using ServiceProvider provider = new ServiceCollection().AddGirModels().AddGirTorchSharp(o => o.Device = TorchEngine.Device).BuildServiceProvider();
        var restorer = (NetworkRestorer)provider.GetRequiredKeyedService<IRestorer>(Model);
        Assert.That(restorer.Network.Backend, Is.SameAs(provider.GetRequiredService<TorchBackend>()));
        Assert.That(provider.GetRequiredService<TensorBackend>(), Is.SameAs(restorer.Network.Backend));
    }

    [Test]
    public void A_container_names_the_setting_that_is_wrong()
    {
        using ServiceProvider provider = new ServiceCollection().AddGirTorchSharp(o => o.Device = "gpu").BuildServiceProvider();
        Assert.That(
            () => provider.GetRequiredService<TorchBackend>(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Gir:TorchSharp:Device is 'gpu'; expected \"cpu\""));
    }

    [Test]
    public void A_container_reads_its_configuration_and_code_has_the_last_word()
    {
        using ServiceProvider provider = Container(
            o => o.Threads = 1, ("Device", "cpu"), ("Precision", "bfloat16"), ("AllowTensorFloat32", "true"), ("Threads", "2"));
        GirTorchSharpOptions options = provider.GetRequiredService<IOptions<GirTorchSharpOptions>>().Value;
        Assert.That((options.Device, options.Precision, options.AllowTensorFloat32, options.Threads), Is.EqualTo(("cpu", TorchPrecision.BFloat16, true, (int?)1)));
    }

    [TestCase("Device", "gpu", "Gir:TorchSharp:Device is 'gpu'")]
    [TestCase("Threads", "0", "Gir:TorchSharp:Threads is 0")]
    [TestCase("Threads", "many", "Gir:TorchSharp:Threads is 'many'; expected a whole number")]
    [TestCase("Precision", "Double", "Gir:TorchSharp:Precision is 'Double'; expected one of Single, BFloat16, Half")]
    [TestCase("Devise", "cpu", "Gir:TorchSharp:Devise is no setting; expected one of Device")]
    public void A_section_that_is_wrong_is_told_at_the_start(string name, string value, string message)
    {
        using ServiceProvider provider = Container(null, (name, value));
        Assert.That(() => provider.GetRequiredService<IStartupValidator>().Validate(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(message));
    }

    private static ServiceProvider Container(Action<GirTorchSharpOptions>? configure, params (string Name, string Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Gir:TorchSharp:" + s.Name, (string?)s.Value))).Build())
        .AddGirTorchSharp(configure)
        .BuildServiceProvider();

    private static double Difference(ImageBuffer a, ImageBuffer b) => a.Array.Zip(b.Array, (p, q) => Math.Abs((double)p - q)).Max();
}
