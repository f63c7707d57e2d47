using System.Text.Json;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tests.Backbones;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>The goldens of latent diffusion: networks with a tolerance for each output, and files of many entries with their own.</summary>
internal sealed class CldmGolden
{
    // Gradients that softmax does not see are rounding: they are compared with a hundredth of the file's largest.
    private const double SmallestShare = 0.01;

    private readonly ModelGolden _golden;

    private CldmGolden(ModelGolden golden) => _golden = golden;

    public SafeTensors Data => _golden.Data;

    public JsonElement Hyper => JsonDocument.Parse(Data.Metadata["hyper"]).RootElement;

    /// <summary>The file's entry of the manifest.</summary>
    public JsonElement Manifest => _golden.Entry;

    public JsonElement Entries => JsonDocument.Parse(Data.Metadata["entries"]).RootElement;

    public static CldmGolden Load(string name) => new(ModelGolden.Load(name, "cldm"));

    public Tensor Read(string name) => _golden.Read(name);

    public Tensor Leaf(string name)
    {
        Tensor leaf = Read(name);
        leaf.RequiresGradient = true;
        return leaf;
    }

    public int[] Timesteps(string name) => [.. Data.Int64s(name).Select(t => (int)t)];

    /// <summary>Stored weights, or those of the formula, of the keys with a prefix.</summary>
    public Dictionary<string, Tensor> State(string prefix = "")
    {
        if (!Data.Metadata.TryGetValue("fill", out string? fill))
            return _golden.Tensors("state." + prefix);
        return Filled(JsonDocument.Parse(fill).RootElement, ulong.Parse(Data.Metadata["seed"]), prefix);
    }

    public static Dictionary<string, Tensor> Filled(JsonElement fill, ulong seed, string prefix = "")
    {
        var state = new Dictionary<string, Tensor>();
        foreach (JsonProperty entry in fill.EnumerateObject().Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var shape = TensorShape.Create([.. entry.Value[0].EnumerateArray().Select(e => e.GetInt32())]);
            state[entry.Name[prefix.Length..]] = Tensor.From(ModelGolden.Formula(entry.Name, seed, shape.Length, entry.Value[1].GetDouble(), entry.Value[2].GetDouble()), shape);
        }

        return state;
    }

    /// <summary>Compares an output "out.name" with the tolerance of its name.</summary>
    public void AssertOutput(Tensor actual, string name) => Assert.That(
        _golden.Error(actual, "out." + name), Is.LessThanOrEqualTo(_golden.Entry.GetProperty("tolerance").GetProperty(name).GetDouble()), $"{_golden.Name}: {name}");

    /// <summary>Compares a tensor of an entry.</summary>
    public void AssertClose(Tensor actual, string name, double tolerance) => Assert.That(_golden.Error(actual, name), Is.LessThanOrEqualTo(tolerance), name);

    /// <summary>Compares all gradients that the file has, stored ones or norms and probes.</summary>
    public void AssertGradients(IEnumerable<KeyValuePair<string, Tensor>> leaves, string prefix = "grad.", double? tolerance = null)
    {
        Dictionary<string, Tensor> all = leaves.ToDictionary(l => l.Key, l => l.Value);
        double bound = tolerance ?? _golden.GradientTolerance;
        string[] names = [.. Data.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))];
        Assert.That(names, Is.Not.Empty);
        double largest = names.Max(n => Data.Numbers(n).Max(Math.Abs));
        foreach (string name in names)
        {
            double[] expected = Data.Numbers(name);
            Tensor? gradient = all[name[prefix.Length..]].Gradient;
            Assert.That(gradient, Is.Not.Null, name);
            double error = Images.MaxDifference(gradient!.ToArray(), expected) / Math.Max(expected.Max(Math.Abs), SmallestShare * largest);
            Assert.That(error, Is.LessThanOrEqualTo(bound), name);
        }

        if (!Data.Contains("gradient_norm"))
            return;
        (double[] norms, double[] probes) = (Data.Doubles("gradient_norm"), Data.Doubles("gradient_probe"));
        ulong seed = ulong.Parse(Data.Metadata["seed"]);
        foreach ((int i, JsonProperty entry) in JsonDocument.Parse(Data.Metadata["fill"]).RootElement.EnumerateObject().Index())
        {
            float[] gradient = all[entry.Name].Gradient!.ToArray();
            float[] probe = ModelGolden.Formula(entry.Name + ".probe", seed, gradient.Length, 0, 1);
            double norm = Math.Sqrt(gradient.Sum(g => (double)g * g));
            double scale = Math.Max(norms[i], SmallestShare * norms.Max());
            Assert.That(norm, Is.EqualTo(norms[i]).Within(bound * scale), entry.Name);
            // A sum over all elements; its error is that of the norm.
            Assert.That(gradient.Zip(probe, (g, p) => (double)g * p).Sum(), Is.EqualTo(probes[i]).Within(bound * scale), entry.Name);
        }
    }

    public static AutoencoderKlOptions Autoencoder(JsonElement hyper)
    {
        int resolution = hyper.GetProperty("resolution").GetInt32();
        int[] multipliers = Ints(hyper, "ch_mult");
        int[] attention = Ints(hyper, "attn_resolutions");
        return new()
        {
            Channels = Int(hyper, "ch"), Multipliers = multipliers, Blocks = Int(hyper, "num_res_blocks"), ImageChannels = Int(hyper, "in_channels"),
            InnerChannels = Int(hyper, "z_channels"), LatentChannels = Int(hyper, "embed_dim"), Groups = Int(hyper, "groups"),
            AttentionLevels = [.. Enumerable.Range(0, multipliers.Length).Where(l => attention.Contains(resolution >> l))],
        };
    }

    public static DiffusionUNetOptions UNet(JsonElement hyper)
    {
        bool Flag(string name) => hyper.TryGetProperty(name, out JsonElement e) && e.GetBoolean();
        int? Given(string name) => hyper.TryGetProperty(name, out JsonElement e) && e.ValueKind == JsonValueKind.Number && e.GetInt32() > 0 ? e.GetInt32() : null;
        return new()
        {
            InputChannels = Int(hyper, "in_channels"), OutputChannels = Given("out_channels") ?? 4, Channels = Int(hyper, "model_channels"), Multipliers = Ints(hyper, "channel_mult"),
            Blocks = Int(hyper, "num_res_blocks"), AttentionFactors = Ints(hyper, "attention_resolutions"), HeadChannels = Given("num_head_channels"), Heads = Given("num_heads") ?? 1,
            ContextFeatures = Given("context_dim"), Depth = Given("transformer_depth") ?? 1, ScaleShift = Flag("use_scale_shift_norm"), ResidualResampling = Flag("resblock_updown"),
            HeadsInside = Flag("use_new_attention_order"), Groups = Int(hyper, "groups"),
            Attention = !Flag("use_spatial_transformer") ? DiffusionAttention.Plain : Flag("use_linear_in_transformer") ? DiffusionAttention.Linear : DiffusionAttention.Convolutional,
        };
    }

    public static DiffusionPrediction Prediction(string name) => name switch { "eps" => DiffusionPrediction.Noise, "v" => DiffusionPrediction.Velocity, _ => DiffusionPrediction.Image };

    public static NoiseSchedule Schedule(string name) => name == "zero_snr" ? NoiseSchedule.ScaledLinear().WithoutTerminalSignal() : NoiseSchedule.ScaledLinear();

    /// <summary>The networks that trajectories, losses and trainings run on.</summary>
    public static (DiffusionUNet Network, ControlBranch Control) TinyNetworks()
    {
        CldmGolden golden = Load("cldm_tiny");
        DiffusionUNetOptions options = UNet(golden.Hyper.GetProperty("unet"));
        var network = new DiffusionUNet(options);
        network.LoadState(golden.State("unet."));
        var control = new ControlBranch(options);
        control.LoadState(golden.State("controlnet."));
        return (network, control);
    }

    public static AutoencoderKl TinyAutoencoder()
    {
        CldmGolden golden = Load("vae_tiny");
        var autoencoder = new AutoencoderKl(Autoencoder(golden.Hyper));
        autoencoder.LoadState(golden.State());
        return autoencoder;
    }

    public static IEnumerable<KeyValuePair<string, Tensor>> Named(string prefix, Module module) => module.NamedParameters().Select(p => KeyValuePair.Create(prefix + p.Key, p.Value));

    private static int Int(JsonElement hyper, string name) => hyper.GetProperty(name).GetInt32();

    private static int[] Ints(JsonElement hyper, string name) => [.. hyper.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
