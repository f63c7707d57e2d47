using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;
using Microsoft.Extensions.DependencyInjection;

namespace Gir.Models.Tests.Zoo;

public sealed class ModelZooTests
{
    private static string Golden(string name) => TestData.Golden("models", "files", name);

    [TestCase("reference.safetensors")]
    [TestCase("params_ema.pth")]
    [TestCase("legacy_half.pth")]
    public void A_checkpoint_tells_its_architecture_and_sizes(string name)
    {
        NetworkRestorer restorer = ModelZoo.Load(Golden(name));
        Assert.That(restorer.Network.Architecture, Is.EqualTo("SRCNN"));
        Assert.That(restorer.Info.Name, Is.EqualTo(Path.GetFileNameWithoutExtension(name)));
        Assert.That(restorer.Info.ParameterCount, Is.EqualTo((3 * 6 * 81) + 6 + (6 * 4) + 4 + (4 * 3 * 25) + 3));
        Assert.That((restorer.Info.Channels, restorer.Info.Scale), Is.EqualTo((3, 1)));
    }

    [TestCase("missing_key.pth", "conv2.bias")]
    [TestCase("unexpected_key.pth", "conv4.weight")]
    [TestCase("wrong_shape.pth", "conv2.weight")]
    public void A_checkpoint_that_fits_no_network_is_refused_by_its_keys(string name, string key) =>
        Assert.That(() => ModelZoo.Load(Golden(name), new ModelZooOptions { Architecture = "SRCNN" }),
            Throws.TypeOf<CheckpointFormatException>().With.Message.Contains(name).And.Message.Contains(key));

    [Test]
    public void An_unknown_architecture_is_said_to_be_so() =>
        Assert.That(() => ModelZoo.Load(Golden("synthetic_ok.pth")),
            Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("no known architecture").And.Message.Contains("conv1.weight"));

    [Test]
    public void Names_are_unique_and_others_are_refused()
    {
        Assert.That(ModelZoo.Names, Is.Unique.And.Member("SRCNN"));
        Assert.That(() => ModelZoo.Create("no-such-network"), Throws.ArgumentException.With.Message.Contains("SRCNN"));
        Assert.That(ModelZoo.Create("srcnn").Info.ParameterCount, Is.GreaterThan(0));
    }

    [Test]
    public void A_network_written_as_safetensors_is_the_same_network()
    {
        RestorationNetwork network = ModelZoo.LoadNetwork(Golden("plain.pth"));
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "again.safetensors");
        SafeTensorsFile.Write(path, network.Module.StateDictionary(), new Dictionary<string, string> { ["license"] = "MIT" });
        NetworkRestorer again = ModelZoo.Load(path);
        Assert.That(again.Info.License, Is.EqualTo("MIT"));
        foreach ((string key, Models.Tensors.Tensor tensor) in network.Module.StateDictionary())
            Assert.That(again.Network.Module.StateDictionary().Single(e => e.Key == key).Value.ToArray(), Is.EqualTo(tensor.ToArray()), key);
    }

    [Test]
    public void A_saved_network_keeps_what_shapes_cannot_say()
    {
        RestorationNetwork network = ModelZoo.CreateNetwork("EDSR", HyperParameters.Parse("""{"num_feat": 4, "num_block": 1, "upscale": 1, "res_scale": 0.25, "img_range": 1}"""));
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "saved.safetensors");
        ModelZoo.Save(path, network, new Dictionary<string, string> { ["license"] = "MIT" }, CheckpointDataType.Float16);
        NetworkRestorer again = ModelZoo.Load(path);
        Assert.That(again.Network.Configuration, Is.EqualTo(network.Configuration));
        Assert.That(again.Network.HyperParameters.ToJson(), Is.EqualTo(network.HyperParameters.ToJson()));
        Assert.That(again.Info.License, Is.EqualTo("MIT"));
        foreach ((string key, Models.Tensors.Tensor tensor) in network.Module.StateDictionary())
        {
            float[] rounded = Array.ConvertAll(tensor.ToArray(), v => (float)(Half)v);
            Assert.That(again.Network.Module.StateDictionary().Single(e => e.Key == key).Value.ToArray(), Is.EqualTo(rounded), key);
        }
    }

    [TestCase("SRCNN", """{"channels": 3, "features": [4, 3], "kernels": [9, 5, 5]}""")]
    [TestCase("SRResNet", """{"num_feat": 4, "num_block": 1, "upscale": 1}""")]
    [TestCase("RRDBNet", """{"num_feat": 8, "num_block": 1, "num_grow_ch": 4, "scale": 1}""")]
    [TestCase("SRVGGNetCompact", """{"num_feat": 4, "num_conv": 2, "upscale": 1, "act_type": "leakyrelu"}""")]
    [TestCase("DnCNN", """{"in_nc": 3, "nc": 4, "nb": 4, "act_mode": "BR"}""")]
    [TestCase("UNet", """{"dim": 8}""")]
    [TestCase("NAFNet", """{"width": 4, "enc_blk_nums": [1, 1], "middle_blk_num": 1, "dec_blk_nums": [1, 1]}""")]
    [TestCase("HINet", """{"wf": 4, "depth": 3, "relu_slope": 0.1, "hin_position_left": 1, "hin_position_right": 2}""")]
    [TestCase("DASR", """{"scale": 1, "n_groups": 1, "n_blocks": 1, "n_feats": 8, "encoder_widths": [4, 4, 8], "queue": 8, "momentum": 0.5, "temperature": 0.1, "shifts_mean": false}""")]
    [TestCase("SwinIR", """{"upscale": 1, "window_size": 4, "depths": [2], "embed_dim": 8, "num_heads": [2], "mlp_ratio": 2, "upsampler": "", "img_range": 1}""")]
    [TestCase("Restormer", """{"dim": 8, "num_blocks": [1, 1, 1, 1], "num_refinement_blocks": 1, "heads": [1, 1, 1, 1], "LayerNorm_type": "WithBias"}""")]
    [TestCase("Uformer", """{"img_size": 32, "embed_dim": 4, "win_size": 2, "depths": [1, 1, 1, 1, 1, 1, 1, 1, 1], "num_heads": [1, 1, 1, 1, 1, 1, 1, 1, 1]}""")]
    [TestCase("HAT", """{"upscale": 2, "window_size": 4, "depths": [1], "embed_dim": 12, "num_heads": [2], "compress_ratio": 3, "squeeze_factor": 6, "overlap_ratio": 0.5}""")]
    public void Networks_of_every_kind_are_loaded_as_they_were_made(string name, string hyper)
    {
        RestorationNetwork made = ModelZoo.CreateNetwork(name, HyperParameters.Parse(hyper));
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"made-{name}.safetensors");
        ModelZoo.Save(path, made);
        RestorationNetwork loaded = ModelZoo.LoadNetwork(path);
        Assert.That(
            loaded with { Module = made.Module, HyperParameters = made.HyperParameters, Configuration = made.Configuration }, Is.EqualTo(made));
        using Tape.NoGradientScope inference = Tape.NoGradient();
        Models.Tensors.Tensor input = Models.Tensors.Tensor.Full([1, made.InputChannels, 32, 32], 0.25f);
        Assert.That(loaded.Module.Call(input).ToArray(), Is.EqualTo(made.Module.Call(input).ToArray()));
    }

    [Test]
    public void A_containers_networks_use_its_threads_unless_they_are_told_theirs()
    {
        using ServiceProvider services = new ServiceCollection().AddGirModels(o => o.MaxDegreeOfParallelism = 3)
            .AddGirNetwork("common", Golden("plain.pth"))
            .AddGirNetwork("own", Golden("plain.pth"), new ModelZooOptions { Restoration = new() { MaxDegreeOfParallelism = 2 } })
            .BuildServiceProvider();
        Assert.That(((NetworkRestorer)services.GetRequiredKeyedService<IRestorer>("common")).Options.MaxDegreeOfParallelism, Is.EqualTo(3));
        Assert.That(((NetworkRestorer)services.GetRequiredKeyedService<IRestorer>("own")).Options.MaxDegreeOfParallelism, Is.EqualTo(2));
        using ServiceProvider alone = new ServiceCollection().AddGirNetwork("tiny", Golden("plain.pth")).BuildServiceProvider();
        Assert.That(((NetworkRestorer)alone.GetRequiredKeyedService<IRestorer>("tiny")).Options.MaxDegreeOfParallelism, Is.EqualTo(1));
    }

    [Test]
    public void A_container_loads_a_network_when_it_is_asked_for()
    {
        using ServiceProvider services = new ServiceCollection().AddGirModels()
            .AddGirNetwork("tiny", Golden("plain.pth"))
            .AddGirNetwork("absent", "no-such.pth")
            .BuildServiceProvider();
        Assert.That(services.GetRequiredKeyedService<IRestorer>("tiny").Info.Name, Is.EqualTo("tiny"));
        Assert.That(() => services.GetRequiredKeyedService<IRestorer>("absent"), Throws.TypeOf<FileNotFoundException>());
    }
}
