using Gir.Models.Backbones.DruNet;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Backbones;

public sealed class DruNetTests
{
    private static readonly DruNetOptions Small = new() { InputChannels = 3, Features = [4, 4, 6, 6], Blocks = 1, Seed = 1 };

    [Test]
    public void A_residual_network_adds_its_input()
    {
        float[] plain = Run(new DruNet(Small));
        float[] residual = Run(new DruNet(Small with { Residual = true }));
        float[] input = Input().ToArray();
        Assert.That(residual, Is.EqualTo(plain.Zip(input, (y, x) => y + x)));
    }

    [Test]
    public void A_checkpoint_says_that_it_is_residual()
    {
        RestorationNetwork network = ModelZoo.CreateNetwork("DRUNet", HyperParameters.Parse("""{"in_nc":3,"nc":[4,4,6,6],"nb":1,"residual":true}"""));
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "residual.safetensors");
        SafeTensorsFile.Write(path, network.Module.StateDictionary(), new Dictionary<string, string> { ["hyper"] = """{"residual":true}""" });
        RestorationNetwork again = ModelZoo.LoadNetwork(path);
        Assert.That(again.Module.Call(Input()).ToArray(), Is.EqualTo(network.Module.Call(Input()).ToArray()));
        Assert.That(again.TakesNoiseMap, Is.False);
    }

    [Test]
    public void A_noise_map_cannot_be_added() =>
        Assert.That(() => new DruNet(new DruNetOptions { Residual = true }), Throws.ArgumentException.With.Message.Contains("4 and 3"));

    private static float[] Run(DruNet network) => network.Call(Input()).ToArray();

    private static Tensor Input() => Tensor.From([.. Enumerable.Range(0, 3 * 8 * 16).Select(i => i % 17 / 17f)], [1, 3, 8, 16]);
}
