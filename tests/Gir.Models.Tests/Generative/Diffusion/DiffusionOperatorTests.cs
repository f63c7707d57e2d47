using System.Text.Json;
using Gir.Models.Backbones;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Generative.Training;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>Operators and blocks, forward and backward, against PyTorch. Alignment is a metric's: it is checked there.</summary>
public sealed class DiffusionOperatorTests
{
    private static readonly CldmGolden s_golden = CldmGolden.Load("ops");
    private static readonly string[] s_elsewhere = ["alignment", "alignment_map"];

    public static IEnumerable<string> Names => s_golden.Entries.EnumerateObject().Select(e => e.Name).Except(s_elsewhere);

    [TestCaseSource(nameof(Names))]
    public void An_operator_with_its_gradients(string name)
    {
        JsonElement entry = s_golden.Entries.GetProperty(name);
        JsonElement attributes = entry.GetProperty("attrs");
        var leaves = new Dictionary<string, Tensor>();
        Tensor In(string input)
        {
            if (!leaves.TryGetValue(input, out Tensor? leaf))
                leaves[input] = leaf = s_golden.Leaf($"{name}.in.{input}");
            return leaf;
        }

        int Int(string attribute) => attributes.GetProperty(attribute).GetInt32();
        Tensor? Optional(string input) => s_golden.Data.Contains($"{name}.in.{input}") ? In(input) : null;
        T Loaded<T>(T module)
            where T : Module
        {
            string prefix = $"{name}.in.p.";
            module.LoadState(s_golden.Data.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(n => n[prefix.Length..], s_golden.Read));
            foreach ((string key, Tensor value) in module.NamedParameters())
                leaves["p." + key] = value;
            return module;
        }

        var layers = new LayerFactory(0);
        DiffusionCondition At() => new(In("emb"), null);
        int? context = attributes.TryGetProperty("context", out JsonElement c) ? c.GetInt32() : null;
        DiffusionResidual Residual(bool scales, BlockResampling resampling) => Loaded(new DiffusionResidual(Int("inputs"), Int("outputs"), Int("emb"), Int("groups"), scales, resampling, layers));
        Tensor Transformer(bool isLinear) => Loaded(new DiffusionTransformer(Int("channels"), Int("heads"), Int("dim_head"), Int("depth"), context, isLinear, Int("groups"), layers))
            .Call(In("x"), new DiffusionCondition(Tensor.Zeros([1, 1]), Optional("context")));
        Tensor Perceptual(int image)
        {
            Tensor[] Layers(string of) => [.. Enumerable.Range(0, 2).Select(i => In($"{of}{i}").Narrow(0, image, 1))];
            return GanLosses.FeatureDistance(Layers("a"), Layers("b"), [.. Enumerable.Range(0, 2).Select(i => In($"w{i}")).Select(w => w.Reshape(1, w.Length, 1, 1))]).Reshape(1, 1, 1, 1);
        }

        string[] known = name.Split('.');
        Tensor y = (known[0], known.Length > 1 ? known[1] : "") switch
        {
            ("group_norm", _) => In("x").GroupNorm(Int("groups"), Optional("weight"), Optional("bias"), (float)attributes.GetProperty("eps").GetDouble()),
            ("swish", _) => In("x").Silu(),
            ("vae", "attn") => Loaded(new AutoencoderAttention(8, Int("groups"), layers)).Call(In("x")),
            ("vae", "resnet_same" or "resnet_shortcut") => Loaded(new AutoencoderResidual(Int("inputs"), Int("outputs"), Int("groups"), layers)).Call(In("x")),
            ("vae", "down_even" or "down_odd") => Loaded(new AutoencoderDown(6, layers)).Call(In("x")),
            ("vae" or "unet", "up") => Loaded(new NearestUp(6, layers)).Call(In("x")),
            ("unet", "down") => Loaded(new DiffusionDown(6, layers)).Call(In("x")),
            ("unet", "res") => Residual(false, BlockResampling.None).Call(In("x"), At()),
            ("unet", "res_scale_shift") => Residual(true, BlockResampling.None).Call(In("x"), At()),
            ("unet", "res_up") => Residual(s_golden.Data.Shape($"{name}.in.p.emb_layers.1.bias")[0] == 16, BlockResampling.Up).Call(In("x"), At()),
            ("unet", "res_down") => Residual(s_golden.Data.Shape($"{name}.in.p.emb_layers.1.bias")[0] == 16, BlockResampling.Down).Call(In("x"), At()),
            ("attention", "legacy" or "new_order") => Loaded(new DiffusionSelfAttention(Int("channels"), Int("heads"), known[1] == "new_order", Int("groups"), layers)).Call(In("x")),
            ("attention", _) => Loaded(new CrossAttention(
                s_golden.Data.Shape($"{name}.in.x")[2], s_golden.Data.Shape($"{name}.in.p.to_k.weight")[1], attributes.TryGetProperty("heads", out _) ? Int("heads") : 1,
                s_golden.Data.Shape($"{name}.in.p.to_q.weight")[0] / (attributes.TryGetProperty("heads", out _) ? Int("heads") : 1), layers)).Call(In("x"), Optional("context")),
            ("geglu", _) => Loaded(new GatedGelu(Int("dim"), layers)).Call(In("x")),
            ("transformer", "block") => Loaded(new DiffusionTransformerBlock(Int("dim"), context, Int("heads"), Int("dim_head"), layers)).Call(In("x"), Optional("context")),
            ("transformer", "linear" or "no_context") => Transformer(s_golden.Data.Shape($"{name}.in.p.proj_in.weight").Length == 2),
            ("transformer", _) => Transformer(false),
            ("wavelet", _) => ColorFixes.Wavelet(In("content"), In("style")),
            ("adain", _) => ColorFixes.Statistics(In("content"), In("style")),
            ("sobel_weight", _) => RestorationGuidance.FlatnessWeights(In("x")),
            ("kl", _) => new DiagonalGaussian(In("mean"), In("logvar")).Divergence(),
            ("posterior_sample", _) => new DiagonalGaussian(In("mean"), In("logvar")).Sample(In("noise")),
            ("logvar_clamp", _) => In("logvar").Clamp(-30, 20),
            ("hinge_d", _) => DiffusionLosses.Hinge(In("real"), In("fake")).Reshape(1),
            ("vanilla_d", _) => (((-In("real")).Softplus().Mean() + In("fake").Softplus().Mean()) * 0.5f).Reshape(1),
            ("perceptual", _) => TensorOps.Concatenate(0, [.. Enumerable.Range(0, 2).Select(Perceptual)]),
            _ => throw new InvalidOperationException($"The golden has an operator '{name}' that nobody checks."),
        };
        s_golden.AssertClose(y, name + ".out", entry.GetProperty("tolerance").GetDouble());
        if (attributes.TryGetProperty("nograd", out _))
            return;
        (y * s_golden.Read(name + ".w")).Sum().Backward();
        s_golden.AssertGradients(leaves, name + ".grad.", entry.GetProperty("gradient_tolerance").GetDouble());
    }
}
