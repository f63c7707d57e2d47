using Gir.Models.Backbones.RrdbNet;
using Gir.Models.Backbones.Srcnn;
using Gir.Models.Backbones.SrResNet;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tests.Zoo;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Backbones;

/// <summary>The registry and hyper-parameters: what is refused, and how the message helps.</summary>
public sealed class ArchitecturesTests
{
    [Test]
    public void Names_are_unique_and_found_whatever_their_capitals() => Assert.Multiple(() =>
    {
        Assert.That(Architectures.All.Select(d => d.Name.ToUpperInvariant()), Is.Unique);
        foreach (ArchitectureDescriptor descriptor in Architectures.All)
            Assert.That(Architectures.Find(descriptor.Name.ToLowerInvariant()), Is.SameAs(descriptor));
        Assert.That(() => Architectures.Find("VGG"), Throws.ArgumentException.With.Message.Contains("SRResNet"));
    });

    [Test]
    public void Unknown_tensors_are_refused_by_name()
    {
        var state = new Dictionary<string, Tensor> { ["fc.weight"] = Tensor.Ones([2, 2]) };
        Assert.That(() => LoadedNetwork.Of(state), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("fc.weight"));
    }

    [Test]
    public void A_network_is_no_larger_than_its_checkpoint()
    {
        // A few tensors with long sides claim a network of 10^10 values.
        var state = new Dictionary<string, Tensor>
        {
            ["conv_first.weight"] = Tensor.Ones([1 << 16, 1, 1, 1]),
            ["body.0.conv1.weight"] = Tensor.Ones([1, 1, 1, 1]),
            ["body.0.conv2.weight"] = Tensor.Ones([1, 1, 1, 1]),
            ["conv_hr.weight"] = Tensor.Ones([1, 1, 1, 1]),
            ["conv_last.weight"] = Tensor.Ones([3, 1, 1, 1]),
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => LoadedNetwork.Of(state), Throws.TypeOf<CheckpointFormatException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 23));
        // After the refusal networks are made as usual.
        Assert.That(new Srcnn().Parameters().First().ToArray(), Has.Some.Not.Zero);
    }

    [Test]
    public void A_tensor_of_another_shape_is_named()
    {
        Dictionary<string, Tensor> state = new SrResNet(new SrResNetOptions { Features = 4, Blocks = 1 }).StateDictionary().ToDictionary(e => e.Key, e => e.Value);
        state["conv_hr.weight"] = Tensor.Ones([4, 4, 3, 4]);
        Assert.That(() => LoadedNetwork.Of(state), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("conv_hr.weight"));
    }

    [Test]
    public void What_is_saved_is_recognized_again()
    {
        foreach (ArchitectureDescriptor descriptor in Architectures.All.Where(d => d.Name is "SRCNN" or "DnCNN" or "FFDNet" or "SRVGGNetCompact" or "EDSR"))
        {
            RestorationNetwork made = descriptor.Create(HyperParameters.None);
            RestorationNetwork loaded = LoadedNetwork.Of(made.Module.StateDictionary());
            Assert.That(loaded with { Module = made.Module, HyperParameters = made.HyperParameters }, Is.EqualTo(made), descriptor.Name);
        }
    }

    [Test]
    public void What_is_told_of_a_network_is_what_it_was_made_from()
    {
        foreach (RestorationNetwork network in Serialization.TinyNetworks.All)
        {
            foreach (string name in network.HyperParameters.Names.Where(n => n != "img_size" || network.Architecture == "Uformer"))
                Assert.That(network.Configuration, Does.Contain(name + "="), network.Architecture);
            Assert.That(LoadedNetwork.Of(network.Module.StateDictionary(), network.HyperParameters).Configuration, Is.EqualTo(network.Configuration));
        }
    }

    [Test]
    public void A_configuration_is_told_in_numbers() => Assert.Multiple(() =>
    {
        foreach (RestorationNetwork network in Serialization.TinyNetworks.All)
            Assert.That(network.Configuration, Is.Not.Empty.And.Not.Contains("System.").And.Not.Contains("`").And.Not.Contains("[]"), network.Architecture);
    });

    [Test]
    public void Layers_of_a_network_start_with_different_weights()
    {
        var network = new SrResNet(new SrResNetOptions { Features = 4, Blocks = 2 });
        Dictionary<string, Tensor> state = network.StateDictionary().ToDictionary(e => e.Key, e => e.Value);
        Assert.That(state["body.0.conv1.weight"].ToArray(), Is.Not.EqualTo(state["body.1.conv1.weight"].ToArray()));
        var again = new SrResNet(new SrResNetOptions { Features = 4, Blocks = 2 });
        var other = new SrResNet(new SrResNetOptions { Features = 4, Blocks = 2, Seed = 1 });
        Assert.That(again.Parameters().First().ToArray(), Is.EqualTo(network.Parameters().First().ToArray()));
        Assert.That(other.Parameters().First().ToArray(), Is.Not.EqualTo(network.Parameters().First().ToArray()));
    }

    [Test]
    public void A_residual_block_starts_with_a_tenth_of_He_weights()
    {
        float[] weights = new SrResNet(new SrResNetOptions { Blocks = 1 }).StateDictionary().Single(e => e.Key == "body.0.conv1.weight").Value.ToArray();
        double deviation = Math.Sqrt(weights.Average(w => (double)w * w));
        Assert.That(deviation, Is.EqualTo(0.1 * Math.Sqrt(2.0 / (64 * 9))).Within(2).Percent);
    }

    [Test]
    public void The_scale_of_an_Rrdb_is_a_quotient() => Assert.Multiple(() =>
    {
        Assert.That(() => new RrdbNet(RrdbNetOptions.Restoration with { Unshuffle = 2 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RrdbNetOptions.ForScale(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });

    [Test]
    public void Hyper_parameters_read_kinds_and_refuse_others() => Assert.Multiple(() =>
    {
        HyperParameters hyper = HyperParameters.Parse("""{"n": 3, "x": 0.5, "f": true, "t": "a", "l": [1, 2], "z": null}""");
        Assert.That(hyper.Int("n"), Is.EqualTo(3));
        Assert.That(hyper.Number("x"), Is.EqualTo(0.5));
        Assert.That(hyper.Flag("f"), Is.True);
        Assert.That(hyper.Text("t"), Is.EqualTo("a"));
        Assert.That(hyper.Ints("l"), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(hyper.Int("z"), Is.Null);
        Assert.That(hyper.Int("missing"), Is.Null);
        Assert.That(() => hyper.Int("x"), Throws.ArgumentException.With.Message.Contains("'x'").And.Message.Contains("0.5"));
        Assert.That(() => hyper.Ints("n"), Throws.ArgumentException);
        Assert.That(() => hyper.Text("l"), Throws.ArgumentException);
        Assert.That(() => HyperParameters.Parse("[1]"), Throws.ArgumentException);
        foreach (string text in new[] { "", "{", "null", "[]", """{"a": 1, "a": 2}""", """{"\ud800": 1}""", """{"a": "\udc00"}""", """{"a": 1e999}""" })
            Assert.That(() => HyperParameters.Parse(text), Throws.ArgumentException.With.Message.Contains("Hyper-parameters"), text);
        Assert.That(hyper.With(HyperParameters.Parse("""{"n": 4}""")).Int("n"), Is.EqualTo(4));
        Assert.That(hyper.With(HyperParameters.Parse("""{"n": 4}""")).Text("t"), Is.EqualTo("a"));
    });
}
