using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tests.Serialization;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Zoo;

/// <summary>Networks are found by their own keys, whatever trainers put around them.</summary>
[OnePass]
public sealed class NetworkSearchTests
{
    [TestCase("")]
    [TestCase("module.")]
    [TestCase("_orig_mod.")]
    [TestCase("module._orig_mod.")]
    [TestCase("model.")]
    [TestCase("net.")]
    [TestCase("net_g.")]
    [TestCase("netG.module.")]
    [TestCase("generator.")]
    [TestCase("anything.at.all.")]
    [TestCase("0.")]
    public void Keys_may_have_any_prefix_in_common(string prefix)
    {
        foreach (RestorationNetwork network in TinyNetworks.All)
        {
            RestorationNetwork loaded = Load(new TorchPickle().Raw("}").Text("state_dict").State(network.Module.StateDictionary(), prefix).Raw("s"), network.HyperParameters);
            AssertSame(loaded, network, prefix);
        }
    }

    [TestCase("_orig_mod")]
    [TestCase("_fsdp_wrapped_module")]
    [TestCase("_checkpoint_wrapped_module")]
    public void Parts_may_be_wrapped_by_PyTorch(string shell)
    {
        RestorationNetwork network = TinyNetworks.SrResNet();
        IEnumerable<KeyValuePair<string, Tensor>> wrapped = network.Module.StateDictionary()
            .Select(e => KeyValuePair.Create(e.Key.Replace("body.", $"body.{shell}.", StringComparison.Ordinal), e.Value));
        AssertSame(Load(new TorchPickle().State(wrapped)), network, shell);
    }

    [Test]
    public void A_trainers_other_networks_and_counters_are_left_aside()
    {
        RestorationNetwork generator = TinyNetworks.SrResNet();
        TorchPickle pickle = new TorchPickle().Raw("}(")
            .Items(generator.Module.StateDictionary(), "net_g.")
            .Items([new("step", Tensor.Ones([1])), new("cri_perceptual.vgg.weight", Tensor.Ones([2, 2, 3, 3]))])
            .Items(TinyNetworks.Srcnn().Module.StateDictionary(), "net_d.").Raw("u");
        AssertSame(Load(pickle), generator, "net_g");
        Assert.That(Load(pickle, wrapper: "net_d").Architecture, Is.EqualTo("SRCNN"));
    }

    [Test]
    public void Averaged_weights_are_meant_where_there_are_both()
    {
        RestorationNetwork last = TinyNetworks.Srcnn();
        KeyValuePair<string, Tensor>[] averaged = [.. last.Module.StateDictionary().Select(e => KeyValuePair.Create(e.Key, Tensor.Full(e.Value.Shape, 0.5f)))];
        TorchPickle inKeys = new TorchPickle().Raw("}(").Items(last.Module.StateDictionary(), "generator.").Items(averaged, "generator_ema.").Raw("u");
        TorchPickle inDictionaries = new TorchPickle().Raw("}(").Text("model").State(last.Module.StateDictionary()).Text("ema_model").State(averaged).Raw("u");
        foreach (TorchPickle pickle in new[] { inKeys, inDictionaries })
            Assert.That(Load(pickle).Module.Parameters().First().ToArray(), Is.All.EqualTo(0.5f));
        AssertSame(Load(inKeys, wrapper: "generator"), last, "generator");
        AssertSame(Load(inDictionaries, wrapper: "model"), last, "model");
    }

    [Test]
    public void Several_networks_are_listed_and_chosen_by_the_wrapper()
    {
        RestorationNetwork clean = TinyNetworks.Srcnn();
        RestorationNetwork deblur = TinyNetworks.SrResNet();
        TorchPickle pickle = new TorchPickle().Raw("}(").Text("denoise").State(clean.Module.StateDictionary())
            .Text("deblur").State(deblur.Module.StateDictionary(), "module.").Raw("u");
        Assert.That(() => Load(pickle), Throws.TypeOf<CheckpointFormatException>()
            .With.Message.Contains("SRCNN in 'denoise', SRResNet in 'deblur/module'").And.Message.Contains("'wrapper'"));
        AssertSame(Load(pickle, wrapper: "denoise"), clean, "denoise");
        AssertSame(Load(pickle, wrapper: "deblur"), deblur, "deblur");
        AssertSame(Load(pickle, wrapper: "deblur.module"), deblur, "deblur.module");
        Assert.That(() => Load(pickle, wrapper: "other"), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("'other'").And.Message.Contains("'denoise'"));
    }

    [Test]
    public void A_list_of_state_dicts_is_chosen_from_by_number()
    {
        RestorationNetwork second = TinyNetworks.SrResNet();
        TorchPickle pickle = new TorchPickle().State(TinyNetworks.Srcnn().Module.StateDictionary()).State(second.Module.StateDictionary()).Raw(0x86);
        Assert.That(() => Load(pickle), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("SRCNN in '0', SRResNet in '1'"));
        AssertSame(Load(pickle, wrapper: "1"), second, "1");
    }

    [Test]
    public void A_part_of_an_unknown_network_is_not_taken_for_the_whole()
    {
        RestorationNetwork part = TinyNetworks.Srcnn();
        TorchPickle pickle = new TorchPickle().Raw("}(").Items(part.Module.StateDictionary(), "coarse.")
            .Items([new("refine.weight", Tensor.Ones([3, 3, 3, 3])), new("refine.bias", Tensor.Ones([3]))]).Raw("u");
        Assert.That(() => Load(pickle), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("'refine.weight'").And.Message.Contains("'coarse'"));
        AssertSame(Load(pickle, wrapper: "coarse"), part, "coarse");

        // A block of features, which no image comes out of, is not even a candidate.
        RestorationNetwork block = ModelZoo.CreateNetwork("SRCNN", HyperParameters.Parse("""{"channels": 8, "features": [8, 8], "kernels": [3, 3, 3]}"""));
        TorchPickle unknown = new TorchPickle().Raw("}(").Items(block.Module.StateDictionary(), "stem.").Items([new("head.weight", Tensor.Ones([3, 8]))]).Raw("u");
        Assert.That(() => Load(unknown), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("no known architecture"));
    }

    [Category(TestData.RealData)]
    [TestCase("checkpoint-compile-prefix", 4)]
    [TestCase("checkpoint-harmless-globals", 12)]
    [TestCase("checkpoint-trailing-byte", 1)]
    [TestCase("checkpoint-trainer-prefix", 4)]
    [TestCase("checkpoint-wrapper-unreachable", 1)]
    public void Checkpoints_of_real_life_load(string folder, int count)
    {
        string[] files = [.. Directory.GetFiles(TestData.Shared("faults", folder)).Where(f => Path.GetFileName(f) != "README")];
        Assert.That(files, Has.Length.EqualTo(count));
        RestorationNetwork plain = ModelZoo.LoadNetwork(TestData.Golden("models", "files", "plain.pth"));
        foreach (string file in files)
            AssertSame(ModelZoo.LoadNetwork(file), plain, file);
    }

    private static RestorationNetwork Load(TorchPickle pickle, HyperParameters? hyper = null, string? wrapper = null) => ModelZoo.Network(
        Checkpoint.Read(pickle.ToFile(), "made.pth"), "made.pth", new ModelZooOptions { Wrapper = wrapper, HyperParameters = hyper ?? HyperParameters.None });

    private static void AssertSame(RestorationNetwork loaded, RestorationNetwork expected, string what)
    {
        Assert.That(loaded.Architecture, Is.EqualTo(expected.Architecture), what);
        foreach ((string key, Tensor tensor) in expected.Module.StateDictionary())
            Assert.That(loaded.Module.StateDictionary().Single(e => e.Key == key).Value.ToArray(), Is.EqualTo(tensor.ToArray()), $"{what} {key}");
    }
}
