using Gir.Imaging;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Zoo;
using Microsoft.Extensions.DependencyInjection;

namespace Gir.Models.Tests.Zoo;

public sealed class ShippedModelsTests
{
    private const int LargestModel = 8 << 20;

    [Test]
    public void A_model_is_loaded_by_name_with_license_and_training()
    {
        NetworkRestorer restorer = Tiny().Load("Tiny", new ModelZooOptions());

        Assert.That(restorer.Info.Name, Is.EqualTo("tiny"));
        Assert.That(restorer.Info.License, Is.EqualTo("MIT"));
        Assert.That(restorer.Info.Training, Is.EqualTo("not at all"));
        Assert.That(restorer.Network.Architecture, Is.EqualTo("SRCNN"));
        Assert.That(Tiny().Load("tiny", new ModelZooOptions { Name = "mine" }).Info.Name, Is.EqualTo("mine"));
        Assert.That(() => Tiny().Load("large", new ModelZooOptions()), Throws.ArgumentException.With.Message.Contains("'large'").And.Message.Contains("tiny"));
    }

    [Test]
    public void Models_are_found_in_an_assembly_by_their_resources()
    {
        ShippedModels models = ShippedModels.In(typeof(ShippedModelsTests).Assembly, "Gir.Models.Tests.Shipped.");

        Assert.That(models.Names, Is.EqualTo(new[] { "reference" }));
        Assert.That(models.Load("reference", new ModelZooOptions()).Info.Name, Is.EqualTo("reference"));
    }

    [Test]
    public void A_name_that_the_package_does_not_carry_is_refused() =>
        Assert.That(() => ModelZoo.LoadShipped("gir-enormous"), Throws.ArgumentException.With.Message.Contains("gir-enormous"));

    [Test]
    public void What_the_package_carries_is_small_licensed_described_and_restores()
    {
        using ServiceProvider services = new ServiceCollection().AddGirModels().BuildServiceProvider();
        foreach (string name in ModelZoo.Shipped)
        {
            using Stream file = typeof(ModelZoo).Assembly.GetManifestResourceStream($"Gir.Models.Zoo.Shipped.{name}.safetensors")!;
            Assert.That(file.Length, Is.LessThanOrEqualTo(LargestModel), name);
            var restorer = (NetworkRestorer)services.GetRequiredKeyedService<IRestorer>(name);
            Assert.That(restorer.Info.Name, Is.EqualTo(name));
            Assert.That(restorer.Info.License, Is.EqualTo("Apache-2.0"), name);
            Assert.That(restorer.Info.Training, Is.Not.Null.And.Not.Empty, name);
            Assert.That((restorer.Info.Channels, restorer.Info.Scale), Is.EqualTo((3, 1)), name);
            ImageBuffer restored = restorer.Restore(new ImageBuffer(3, 17, 22));
            Assert.That(restored.Array, Has.All.Matches<float>(float.IsFinite), name);
        }
    }

    private static ShippedModels Tiny()
    {
        RestorationNetwork network = ModelZoo.LoadNetwork(TestData.Golden("models", "files", "plain.pth"));
        using var file = new MemoryStream();
        SafeTensorsFile.Write(file, network.Module.StateDictionary(), new Dictionary<string, string> { ["license"] = "MIT", ["training"] = "not at all" });
        return new ShippedModels(["tiny"], _ => new MemoryStream(file.ToArray()));
    }
}
