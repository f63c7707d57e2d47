using System.Globalization;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.Diffusion;

/// <summary>Which network of latent diffusion a set of tensors holds.</summary>
internal enum LatentDiffusionPart
{
    /// <summary>The autoencoder.</summary>
    Autoencoder,

    /// <summary>The U-Net.</summary>
    Network,

    /// <summary>The control branch.</summary>
    Control,
}

/// <summary>
/// Checkpoints of latent diffusion in two dialects: latent-diffusion's keys, which the networks have, alone or under a prefix, and those of diffusers (and of its older versions).
/// </summary>
internal static class LatentDiffusionKeys
{
    private static readonly (string Diffusers, string Own)[] s_residual =
    [
        ("norm1.", "in_layers.0."), ("conv1.", "in_layers.2."), ("time_emb_proj.", "emb_layers.1."), ("norm2.", "out_layers.0."), ("conv2.", "out_layers.3."), ("conv_shortcut.", "skip_connection."),
    ];

    private static readonly (string Diffusers, string Own)[] s_attention =
    [
        ("group_norm.", "norm."), ("to_q.", "q."), ("to_k.", "k."), ("to_v.", "v."), ("to_out.0.", "proj_out."),
        ("query.", "q."), ("key.", "k."), ("value.", "v."), ("proj_attn.", "proj_out."),
    ];

    /// <summary>A part's tensors under its own keys; null where the tensors hold no such part.</summary>
    /// <param name="tensors">All tensors of a file, by key.</param>
    /// <param name="part">Which part.</param>
    public static IReadOnlyDictionary<string, CheckpointTensor>? Find(IReadOnlyDictionary<string, CheckpointTensor> tensors, LatentDiffusionPart part)
    {
        foreach ((string marker, string second) in Markers(part))
        {
            foreach (string key in tensors.Keys.Where(k => k.EndsWith(marker, StringComparison.Ordinal)))
            {
                string prefix = key[..^marker.Length];
                bool isWhole = prefix.Length == 0 || prefix[^1] == '.';
                if (!isWhole || !tensors.ContainsKey(prefix + second) || (part == LatentDiffusionPart.Network && tensors.ContainsKey(prefix + "zero_convs.0.0.weight")))
                    continue;
                Dictionary<string, CheckpointTensor> own = tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);
                return Translate(own, part);
            }
        }

        return null;
    }

    /// <summary>Names of diffusers as own ones; own ones stay, what belongs to no network of that kind is left out.</summary>
    public static IReadOnlyDictionary<string, CheckpointTensor> Translate(IReadOnlyDictionary<string, CheckpointTensor> tensors, LatentDiffusionPart part)
    {
        var shapes = tensors.ToDictionary(t => t.Key, t => t.Value.Shape, StringComparer.Ordinal);
        Func<string, string?> translate = Translation(shapes, part);
        var own = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        foreach ((string key, CheckpointTensor tensor) in tensors)
        {
            if (translate(key) is { } name)
                own[name] = tensor;
        }

        return own;
    }

    /// <summary>How keys of these tensors are translated; null is a key of something else.</summary>
    public static Func<string, string?> Translation(IReadOnlyDictionary<string, TensorShape> shapes, LatentDiffusionPart part)
    {
        string[] roots = part switch
        {
            LatentDiffusionPart.Autoencoder => ["encoder.", "decoder.", "quant_conv.", "post_quant_conv."],
            LatentDiffusionPart.Network => ["time_embed.", "input_blocks.", "middle_block.", "output_blocks.", "out."],
            _ => ["time_embed.", "input_blocks.", "middle_block.", "zero_convs.", "middle_block_out.", "input_hint_block."],
        };
        string? Own(string key) => Array.Exists(roots, r => key.StartsWith(r, StringComparison.Ordinal)) ? key : null;
        if (part == LatentDiffusionPart.Autoencoder && shapes.ContainsKey("encoder.down_blocks.0.resnets.0.norm1.weight"))
        {
            int levels = shapes.SequenceLength("decoder.up_blocks.");
            return key => Own(key) is { } own ? OfAutoencoder(own, levels) : null;
        }

        if (part == LatentDiffusionPart.Network && shapes.ContainsKey("time_embedding.linear_1.weight"))
        {
            int blocks = shapes.SequenceLength("down_blocks.0.resnets.");
            HashSet<int> attends = [.. Enumerable.Range(0, shapes.SequenceLength("up_blocks.")).Where(i => shapes.SequenceLength(FormattableString.Invariant($"up_blocks.{i}.attentions.")) > 0)];
            return key => OfNetwork(key, blocks, attends) is { } own ? Own(own) : null;
        }

        return Own;
    }

    private static (string First, string Second)[] Markers(LatentDiffusionPart part) => part switch
    {
        LatentDiffusionPart.Autoencoder => [("encoder.down.0.block.0.norm1.weight", "quant_conv.weight"), ("encoder.down_blocks.0.resnets.0.norm1.weight", "quant_conv.weight")],
        LatentDiffusionPart.Network => [("time_embed.0.weight", "output_blocks.0.0.in_layers.0.weight"), ("time_embedding.linear_1.weight", "up_blocks.0.resnets.0.norm1.weight")],
        _ => [("zero_convs.0.0.weight", "time_embed.0.weight")],
    };

    // encoder.down_blocks.1.resnets.0.conv_shortcut.weight, decoder.up_blocks.0.upsamplers.0.conv.weight, ..
    private static string OfAutoencoder(string key, int levels)
    {
        string[] parts = key.Split('.');
        string Rest(int from) => string.Join('.', parts[from..]);
        if (parts.Length < 3 || parts[0] is not ("encoder" or "decoder"))
            return key;
        string half = parts[0];
        if (parts[1] == "conv_norm_out")
            return $"{half}.norm_out.{parts[2]}";
        if (parts.Length < 5)
            return key;
        if (parts[1] == "mid_block")
        {
            return parts[2] == "attentions"
                ? $"{half}.mid.attn_1.{Renamed(Rest(4), s_attention)}"
                : $"{half}.mid.block_{Number(parts[3]) + 1}.{Rest(4).Replace("conv_shortcut", "nin_shortcut", StringComparison.Ordinal)}";
        }

        if (parts[1] is not ("down_blocks" or "up_blocks"))
            return key;
        int place = Number(parts[2]);
        string level = parts[1] == "down_blocks" ? $"{half}.down.{place}" : $"{half}.up.{levels - 1 - place}";
        return parts[3] switch
        {
            "resnets" => $"{level}.block.{parts[4]}.{Rest(5).Replace("conv_shortcut", "nin_shortcut", StringComparison.Ordinal)}",
            "attentions" => $"{level}.attn.{parts[4]}.{Renamed(Rest(5), s_attention)}",
            "downsamplers" => $"{level}.downsample.{Rest(5)}",
            "upsamplers" => $"{level}.upsample.{Rest(5)}",
            _ => key,
        };
    }

    // down_blocks.1.resnets.0.norm1.weight, up_blocks.1.attentions.2.proj_in.weight, ..
    private static string? OfNetwork(string key, int blocks, HashSet<int> attends)
    {
        string[] parts = key.Split('.');
        string Rest(int from) => string.Join('.', parts[from..]);
        if (parts.Length < 2)
            return null;
        switch (parts[0])
        {
            case "time_embedding":
                return parts[1] switch { "linear_1" => "time_embed.0." + Rest(2), "linear_2" => "time_embed.2." + Rest(2), _ => null };
            case "conv_in":
                return "input_blocks.0.0." + Rest(1);
            case "conv_norm_out":
                return "out.0." + Rest(1);
            case "conv_out":
                return "out.2." + Rest(1);
        }

        if (parts.Length < 4)
            return null;
        if (parts[0] == "mid_block")
            return parts[1] == "attentions" ? "middle_block.1." + Rest(3) : $"middle_block.{2 * Number(parts[2])}.{Renamed(Rest(3), s_residual)}";
        if (parts.Length < 5 || parts[0] is not ("down_blocks" or "up_blocks"))
            return null;
        (int level, int index) = (Number(parts[1]), Number(parts[3]));
        bool isDown = parts[0] == "down_blocks";
        string block = isDown ? $"input_blocks.{1 + (level * (blocks + 1)) + index}" : $"output_blocks.{(level * (blocks + 1)) + index}";
        return parts[2] switch
        {
            "resnets" => $"{block}.0.{Renamed(Rest(4), s_residual)}",
            "attentions" => $"{block}.1.{Rest(4)}",
            "downsamplers" => $"input_blocks.{(level + 1) * (blocks + 1)}.0.op.{Rest(5)}",
            "upsamplers" => $"output_blocks.{(level * (blocks + 1)) + blocks}.{(attends.Contains(level) ? 2 : 1)}.conv.{Rest(5)}",
            _ => null,
        };
    }

    private static string Renamed(string rest, (string Diffusers, string Own)[] table)
    {
        foreach ((string diffusers, string own) in table)
        {
            if (rest.StartsWith(diffusers, StringComparison.Ordinal))
                return own + rest[diffusers.Length..];
        }

        return rest;
    }

    // What is no number makes a key that no network has, which loading refuses by name.
    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < 1000 ? number : 1_000_000;
}
