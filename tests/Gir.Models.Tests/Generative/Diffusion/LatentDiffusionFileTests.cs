using System.Text.Json;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Nn;
using Gir.Models.Onnx.Recording;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>Published checkpoints: every key and shape in both dialects, without their weights; and files of that form with tiny networks.</summary>
public sealed class LatentDiffusionFileTests
{
    private static readonly JsonElement s_published = JsonDocument.Parse(File.ReadAllText(TestData.Golden("cldm", "keys.json"))).RootElement;
    private static readonly LatentDiffusionSettings s_tiny = new() { Groups = 4, HeadChannels = 8 };

    [TestCase("vae", LatentDiffusionPart.Autoencoder)]
    [TestCase("unet", LatentDiffusionPart.Network)]
    [TestCase("controlnet_diffbir", LatentDiffusionPart.Control)]
    public void Published_shapes_describe_networks_of_these_keys_shapes_and_parameters(string name, object part)
    {
        Dictionary<string, TensorShape> shapes = Shapes(name, t => t.Name, t => t.Value[0]);
        // An engine that keeps no values: the U-Net would have 3.5 GB of them.
        using TensorBackend.EngineScope engine = TensorBackend.Use(new RecordingBackend(new Dictionary<TensorStorage, KeyValuePair<string, Tensor>>(), new ConstantPool()));
        using IDisposable loading = Initializer.ForLoading(long.MaxValue);
        Module module = LatentDiffusionFile.Build(shapes, (LatentDiffusionPart)part, new LatentDiffusionSettings());
        Dictionary<string, TensorShape> own = module.StateDictionary().ToDictionary(e => e.Key, e => e.Value.Shape);
        Assert.That(own.OrderBy(e => e.Key, StringComparer.Ordinal), Is.EqualTo(shapes.OrderBy(e => e.Key, StringComparer.Ordinal)));
        JsonElement counts = s_published.GetProperty("counts").GetProperty(name);
        Assert.That(own, Has.Count.EqualTo(counts.GetProperty("keys").GetInt32()));
        Assert.That(module.ParameterCount(), Is.EqualTo(counts.GetProperty("parameters").GetInt64()));
    }

    [TestCase("vae", LatentDiffusionPart.Autoencoder, false)]
    [TestCase("vae", LatentDiffusionPart.Autoencoder, true)]
    [TestCase("unet", LatentDiffusionPart.Network, false)]
    public void The_names_of_diffusers_become_the_published_ones(string name, object part, bool isOld)
    {
        string Diffusers(JsonProperty t) => isOld ? Old(t.Value[1].GetString()!) : t.Value[1].GetString()!;
        Dictionary<string, TensorShape> shapes = Shapes(name, Diffusers, t => t.Value.GetArrayLength() > 2 ? t.Value[2] : t.Value[0]);
        Func<string, string?> translate = LatentDiffusionKeys.Translation(shapes, (LatentDiffusionPart)part);
        foreach (JsonProperty tensor in Tensors(name))
            Assert.That(translate(Diffusers(tensor)), Is.EqualTo(tensor.Name));
        Assert.That(translate("cond_stage_model.transformer.weight"), Is.Null);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_file_of_the_published_form_loads(bool isDiffusers)
    {
        using var folder = new TemporaryFolder();
        (DiffusionUNet network, ControlBranch control) = CldmGolden.TinyNetworks();
        AutoencoderKl autoencoder = CldmGolden.TinyAutoencoder();
        var first = new Dictionary<string, Tensor> { ["betas"] = Tensor.Ones([1000]), ["cond_stage_model.model.positional_embedding"] = Tensor.Ones([3, 2]) };
        if (isDiffusers)
        {
            foreach ((string key, Tensor value) in autoencoder.StateDictionary())
                first[ToDiffusers(key)] = key.Contains("attn_1.", StringComparison.Ordinal) && value.Rank == 4 ? value.Reshape(value.Shape[0], value.Shape[1]) : value;
            SafeTensorsFile.Write(folder["unet.safetensors"], network.StateDictionary());
        }
        else
        {
            foreach ((string key, Tensor value) in autoencoder.StateDictionary())
                first["first_stage_model." + key] = value;
            foreach ((string key, Tensor value) in network.StateDictionary())
                first["model.diffusion_model." + key] = value;
        }

        SafeTensorsFile.Write(folder["sd.safetensors"], first);
        SafeTensorsFile.Write(folder["control.safetensors"], control.StateDictionary().Select(e => KeyValuePair.Create("module." + e.Key, e.Value)));
        string[] paths = isDiffusers ? [folder["sd.safetensors"], folder["unet.safetensors"], folder["control.safetensors"]] : [folder["sd.safetensors"], folder["control.safetensors"]];
        LatentDiffusionNetworks loaded = LatentDiffusionFile.Load(paths, s_tiny);
        AssertSame((Module)loaded.Space, autoencoder);
        AssertSame(loaded.Network, network);
        AssertSame(loaded.Control, control);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        CldmGolden golden = CldmGolden.Load("cldm_tiny");
        (Tensor x, int[] t, Tensor context) = (golden.Read("in.x"), golden.Timesteps("in.t"), golden.Read("in.context"));
        golden.AssertOutput(loaded.Network.Predict(x, t, context, loaded.Control.Control(x, golden.Read("in.c_img"), t, context)), "eps");
    }

    [Test]
    public void One_file_holds_all_and_says_what_shapes_do_not()
    {
        using var folder = new TemporaryFolder();
        (DiffusionUNet network, ControlBranch control) = CldmGolden.TinyNetworks();
        LatentDiffusionSettings settings = s_tiny with { Prediction = DiffusionPrediction.Velocity, ZeroTerminalSignal = true, LatentScale = 0.42 };
        LatentDiffusionFile.Save(folder["all.safetensors"], new(CldmGolden.TinyAutoencoder(), network, control, settings));
        LatentDiffusionNetworks loaded = LatentDiffusionFile.Load([folder["all.safetensors"]]);
        Assert.That(loaded.Settings, Is.EqualTo(settings));
        AssertSame(loaded.Control, control);
    }

    [Test]
    public void What_is_missing_or_does_not_fit_is_named()
    {
        using var folder = new TemporaryFolder();
        (DiffusionUNet network, ControlBranch control) = CldmGolden.TinyNetworks();
        SafeTensorsFile.Write(folder["unet.safetensors"], network.StateDictionary());
        Assert.That(() => LatentDiffusionFile.Load([folder["unet.safetensors"]], s_tiny), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("no autoencoder, no control branch"));
        Assert.That(() => LatentDiffusionFile.Load([folder["unet.safetensors"]]), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("32 groups"));
        SafeTensorsFile.Write(folder["broken.safetensors"], control.StateDictionary().Where(e => e.Key != "middle_block.1.norm.weight"));
        Assert.That(() => LatentDiffusionFile.Load([folder["broken.safetensors"]], s_tiny), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("middle_block.1.norm.weight"));
        Assert.That(() => new LatentDiffusionSettings { ZeroTerminalSignal = true }.Validate(), Throws.ArgumentException);
    }

    private static void AssertSame(Module found, Module expected)
    {
        Dictionary<string, Tensor> values = found.StateDictionary().ToDictionary(e => e.Key, e => e.Value);
        foreach ((string key, Tensor value) in expected.StateDictionary())
            Assert.That(values[key].ToArray(), Is.EqualTo(value.ToArray()), key);
    }

    private static IEnumerable<JsonProperty> Tensors(string name) => s_published.GetProperty(name).GetProperty("tensors").EnumerateObject();

    private static Dictionary<string, TensorShape> Shapes(string name, Func<JsonProperty, string> key, Func<JsonProperty, JsonElement> shape) =>
        Tensors(name).ToDictionary(key, t => TensorShape.Create([.. shape(t).EnumerateArray().Select(s => s.GetInt32())]));

    private static string Old(string key) => key.Replace("to_q.", "query.", StringComparison.Ordinal).Replace("to_k.", "key.", StringComparison.Ordinal)
        .Replace("to_v.", "value.", StringComparison.Ordinal).Replace("to_out.0.", "proj_attn.", StringComparison.Ordinal);

    // The tiny autoencoder has three levels; the table is of the published one's four.
    private static string ToDiffusers(string key)
    {
        string[] parts = key.Split('.');
        if (parts.Length > 3 && parts[0] == "decoder" && parts[1] == "up")
            key = string.Join('.', ["decoder", "up_blocks", (2 - int.Parse(parts[2])).ToString(), .. parts[3..]]);
        return key.Replace("encoder.down.", "encoder.down_blocks.", StringComparison.Ordinal).Replace(".block.", ".resnets.", StringComparison.Ordinal)
            .Replace("nin_shortcut", "conv_shortcut", StringComparison.Ordinal).Replace(".downsample.", ".downsamplers.0.", StringComparison.Ordinal)
            .Replace(".upsample.", ".upsamplers.0.", StringComparison.Ordinal).Replace("mid.block_1", "mid_block.resnets.0", StringComparison.Ordinal)
            .Replace("mid.block_2", "mid_block.resnets.1", StringComparison.Ordinal).Replace("mid.attn_1.norm", "mid_block.attentions.0.group_norm", StringComparison.Ordinal)
            .Replace("mid.attn_1.proj_out", "mid_block.attentions.0.to_out.0", StringComparison.Ordinal).Replace("mid.attn_1.", "mid_block.attentions.0.to_", StringComparison.Ordinal)
            .Replace("norm_out", "conv_norm_out", StringComparison.Ordinal);
    }
}
