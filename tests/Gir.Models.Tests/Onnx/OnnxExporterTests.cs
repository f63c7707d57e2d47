using System.Text;
using Gir.Models.Nn;
using Gir.Models.Onnx;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tests.Serialization;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Onnx;

/// <summary>The exporter by itself; that ONNX Runtime computes the same is tested with Gir.Models.OnnxRuntime.</summary>
[OnePass]
public sealed class OnnxExporterTests
{
    [Test]
    public void Every_architecture_is_written_and_the_same_network_gives_the_same_bytes()
    {
        foreach (RestorationNetwork network in TinyNetworks.All)
        {
            byte[] model = Export(network, out OnnxModelDescription description);
            Assert.That(Export(network, out _), Is.EqualTo(model), network.Architecture);
            Assert.That(description.FixedSize is null, Is.EqualTo(network.Tiling != TilingSupport.Unsupported), network.Architecture);
            Assert.That(OnnxModelDescription.Read(description.ToMetadata()), Is.EqualTo(description), network.Architecture);
            foreach ((string key, string text) in description.ToMetadata())
                Assert.That(Holds(model, key) && Holds(model, text), Is.True, $"{network.Architecture}: {key}");
        }
    }

    [Test]
    public void Sizes_that_a_network_treats_in_another_way_are_left_out()
    {
        Export(ModelZoo.CreateNetwork("SwinIR", HyperParameters.Parse("""{"upscale": 1, "window_size": 8, "depths": [1], "embed_dim": 8, "num_heads": [2]}""")), out OnnxModelDescription reflected);
        Export(ModelZoo.CreateNetwork("SRCNN"), out OnnxModelDescription any);
        Assert.That((reflected.Size.Minimum, any.Size.Minimum), Is.EqualTo((5, 1)));
    }

    [Test]
    public void Half_precision_halves_the_file_and_spares_what_it_would_spoil()
    {
        RestorationNetwork network = ModelZoo.CreateNetwork("SRResNet", HyperParameters.Parse("""{"num_feat": 32, "num_block": 2, "upscale": 1}"""));
        int whole = Export(network, out _).Length;
        var half = new OnnxExportOptions { WeightType = CheckpointDataType.Float16 };
        Assert.That(Export(network, out _, half).Length, Is.InRange(whole / 2, whole * 0.6));
        Tensor weight = network.Module.StateDictionary().First(e => e.Key == "conv_hr.weight").Value;
        float[] values = weight.ToArray();
        values[0] = 1e6f;
        weight.Storage.Write(values);
        int spared = Export(network, out _, half).Length;
        Assert.That(spared, Is.EqualTo(Export(network, out _, half).Length).And.GreaterThan((whole / 2) + weight.Length));
    }

    [Test]
    public void Texts_are_kept()
    {
        var options = new OnnxExportOptions { Metadata = new Dictionary<string, string> { ["license"] = "Apache-2.0", ["name"] = "tiny", ["source"] = "six steps" } };
        byte[] model = Export(TinyNetworks.Srcnn(), out OnnxModelDescription description, options);
        Assert.That((description.License, description.Name, description.Training), Is.EqualTo(("Apache-2.0", "tiny", (string?)null)));
        Assert.That(Holds(model, "gir.license") && Holds(model, "six steps"), Is.True);
    }

    [Test]
    public void Options_that_cannot_be_are_refused_by_name()
    {
        RestorationNetwork unet = ModelZoo.CreateNetwork("UNet", HyperParameters.Parse("""{"dim": 4}"""));
        Assert.Multiple(() =>
        {
            Assert.That(() => Export(unet, out _, new() { FixedSize = (64, 40) }), Throws.ArgumentException.With.Message.Contains("64 x 40").And.Message.Contains("multiples of 16"));
            Assert.That(() => Export(unet, out _, new() { WeightType = CheckpointDataType.Int8 }), Throws.ArgumentException.With.Message.Contains("Int8"));
            Assert.That(() => Export(unet, out _, new() { FixedSize = (64, 48) }), Throws.Nothing);
        });
    }

    [Test]
    public void A_network_that_no_graph_can_be_of_is_refused_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.onnx"];
        RestorationNetwork looking = new("Looking", new Function(x => x * x.Mean().Item()));
        Assert.That(() => OnnxExporter.Export(looking, path), Throws.TypeOf<OnnxExportException>().With.Message.Contains("Looking").And.Message.Contains("looks at values"));
        Assert.That(Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!), Is.Empty);
    }

    [Test]
    public void A_size_that_follows_no_formula_asks_for_one_size_of_images()
    {
        RestorationNetwork odd = new("Odd", new Function(x => x.Narrow(3, 0, 1 + (int)Math.Sqrt(x.Shape[3])).Mean([3], keepDimensions: true) * Tensor.Ones(x.Shape, x.Backend)));
        Assert.That(() => Export(odd, out _), Throws.TypeOf<OnnxExportException>().With.Message.Contains("FixedSize").And.Message.Contains("Slice"));
        Export(odd, out OnnxModelDescription description, new() { FixedSize = (32, 48) });
        Assert.That(description.FixedSize, Is.EqualTo((32, 48)));
    }

    [Test]
    public void Metadata_of_strangers_is_checked()
    {
        foreach ((string key, string text) in new[] { ("scale", "0"), ("scale", "-1"), ("range", "NaN"), ("padding", "mirror"), ("size_square", "yes"), ("thumbnail", "99999999999") })
        {
            var texts = new Dictionary<string, string> { ["gir." + key] = text };
            Assert.That(() => OnnxModelDescription.Read(texts), Throws.ArgumentException.With.Message.Contains("gir." + key).And.Message.Contains(text), key);
        }
    }

    private static bool Holds(byte[] model, string text) => model.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static byte[] Export(RestorationNetwork network, out OnnxModelDescription description, OnnxExportOptions? options = null)
    {
        using var stream = new MemoryStream();
        description = OnnxExporter.Export(network, stream, options);
        return stream.ToArray();
    }
}
