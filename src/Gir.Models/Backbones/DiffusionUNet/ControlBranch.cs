using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.DiffusionUNet;

/// <summary>What a control branch is given.</summary>
internal enum ControlHint
{
    /// <summary>A latent of the input's size, behind the input's channels (DiffBIR's IRControlNet).</summary>
    Latent,

    /// <summary>An image of eight times the input's size, added after the first block (ControlNet).</summary>
    Image,
}

/// <summary>
/// The half of a diffusion U-Net that carries a condition into the other (Zhang, Rao, Agrawala: "Adding Conditional Control to Text-to-Image Diffusion Models", ICCV 2023;
/// Lin et al.: "DiffBIR", ECCV 2024): the encoder's parts, zero_convs, middle_block_out, input_hint_block for images.
/// </summary>
internal sealed class ControlBranch : DiffusionEncoder
{
    private static readonly int[] s_hintWidths = [16, 16, 32, 32, 96, 96, 256];

    private readonly Conv2d[] _outputs;
    private readonly Conv2d[]? _hint;

    /// <param name="options">Of the network that is controlled.</param>
    /// <param name="hintChannels">Channels of the condition.</param>
    /// <param name="hint">What the condition is.</param>
    /// <exception cref="ArgumentException">An option is out of range or contradicts another.</exception>
    public ControlBranch(DiffusionUNetOptions options, int hintChannels = 4, ControlHint hint = ControlHint.Latent)
        : this(options, hintChannels, hint, new LayerFactory(options.Seed + 1))
    {
    }

    private ControlBranch(DiffusionUNetOptions options, int hintChannels, ControlHint hint, LayerFactory layers)
        : base(options, options.InputChannels + (hint == ControlHint.Latent ? hintChannels : 0), layers)
    {
        HintChannels = hintChannels;
        var outputs = new List<Conv2d>();
        for (int i = 0; i < InputWidths.Count; i++)
            outputs.Add(Child($"zero_convs.{i}.0", layers.Zero(InputWidths[i], InputWidths[i], 1)));
        if (hint == ControlHint.Image)
        {
            var parts = new List<Conv2d>();
            int channels = hintChannels;
            foreach ((int i, int width) in s_hintWidths.Index())
            {
                parts.Add(i is 2 or 4 or 6 ? layers.Strided(channels, width, 3, 2, 1) : layers.Convolution(channels, width));
                channels = width;
            }

            parts.Add(layers.Zero(channels, options.Channels));
            for (int i = 0; i < parts.Count; i++)
                Child($"input_hint_block.{2 * i}", parts[i]);
            _hint = [.. parts];
        }

        outputs.Add(Child("middle_block_out.0", layers.Zero(InputWidths[^1], InputWidths[^1], 1)));
        _outputs = [.. outputs];
    }

    /// <summary>Channels of the condition.</summary>
    public int HintChannels { get; }

    /// <summary>What is added to the U-Net's skips and, last, to its middle's result.</summary>
    /// <param name="x">The noisy latents.</param>
    /// <param name="hint">The condition.</param>
    /// <param name="timesteps">One for each image.</param>
    /// <param name="context">[n, tokens, features] where transformers ask one.</param>
    public IReadOnlyList<Tensor> Control(Tensor x, Tensor hint, IReadOnlyList<int> timesteps, Tensor? context = null)
    {
        DiffusionCondition condition = Condition(x, timesteps, context);
        var controls = new List<Tensor>();
        Tensor y = _hint is null ? TensorOps.Concatenate(1, x, hint) : x;
        for (int i = 0; i < InputBlocks.Count; i++)
        {
            y = InputBlocks[i].Call(y, condition);
            if (i == 0 && _hint is not null)
                y += Guided(hint);
            controls.Add(_outputs[i].Call(y));
        }

        controls.Add(_outputs[^1].Call(MiddleBlock.Call(y, condition)));
        return controls;
    }

    /// <summary>Starts as a copy of the network that is controlled; what the condition adds to the first convolution starts as zero.</summary>
    public void CopyFrom(DiffusionUNet network)
    {
        Dictionary<string, Tensor> source = network.StateDictionary().ToDictionary(StringComparer.Ordinal);
        foreach ((string key, Tensor target) in StateDictionary())
        {
            if (!source.TryGetValue(key, out Tensor? from))
                continue;
            float[] values = from.ToArray();
            if (from.Shape != target.Shape)
            {
                // [o, c, 3, 3] into [o, c + hint, 3, 3].
                int outputs = target.Shape[0];
                (int own, int all) = (values.Length / outputs, target.Length / outputs);
                var wide = new float[target.Length];
                for (int o = 0; o < outputs; o++)
                    values.AsSpan(o * own, own).CopyTo(wide.AsSpan(o * all));
                values = wide;
            }

            target.Storage.Write(values);
        }
    }

    private Tensor Guided(Tensor hint) => Scopes.Run((Hint: _hint!, hint), static s =>
    {
        Tensor y = s.hint;
        for (int i = 0; i < s.Hint.Length; i++)
            y = i == s.Hint.Length - 1 ? s.Hint[i].Call(y) : s.Hint[i].Call(y).Silu();
        return y;
    });
}
