using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.DiffusionUNet;

/// <summary>What a diffusion U-Net and its control branch have in common: time_embed, input_blocks, middle_block.</summary>
internal abstract class DiffusionEncoder : Module
{
    private readonly Linear _time1;
    private readonly Linear _time2;

    /// <exception cref="ArgumentException">An option is out of range or contradicts another.</exception>
    private protected DiffusionEncoder(DiffusionUNetOptions options, int inputs, LayerFactory layers)
    {
        options.Validate();
        Options = options;
        int embedding = 4 * options.Channels;
        _time1 = Child("time_embed.0", layers.Linear(options.Channels, embedding));
        _time2 = Child("time_embed.2", layers.Linear(embedding, embedding));
        var widths = new List<int> { options.Channels };
        var blocks = new List<DiffusionStack> { new(layers.Convolution(inputs, options.Channels)) };
        int channels = options.Channels;
        for (int level = 0; level < options.Multipliers.Count; level++)
        {
            int outputs = options.Channels * options.Multipliers[level];
            for (int i = 0; i < options.Blocks; i++)
            {
                blocks.Add(Stack(channels, outputs, level, BlockResampling.None, layers));
                widths.Add(channels = outputs);
            }

            if (level < options.Multipliers.Count - 1)
            {
                blocks.Add(options.ResidualResampling
                    ? new(Residual(channels, channels, BlockResampling.Down, layers))
                    : new(new DiffusionDown(channels, layers)));
                widths.Add(channels);
            }
        }

        for (int i = 0; i < blocks.Count; i++)
            Child($"input_blocks.{i}", blocks[i]);
        InputBlocks = blocks;
        InputWidths = widths;
        MiddleBlock = Child("middle_block", new DiffusionStack(
            Residual(channels, channels, BlockResampling.None, layers), Attention(channels, layers), Residual(channels, channels, BlockResampling.None, layers)));
    }

    /// <summary>The configuration.</summary>
    public DiffusionUNetOptions Options { get; }

    /// <summary>Channels of each input block's result.</summary>
    public IReadOnlyList<int> InputWidths { get; }

    private protected IReadOnlyList<DiffusionStack> InputBlocks { get; }

    private protected DiffusionStack MiddleBlock { get; }

    /// <summary>What all layers depend on.</summary>
    private protected DiffusionCondition Condition(Tensor x, IReadOnlyList<int> timesteps, Tensor? context)
    {
        if (x.Rank != 4 || x.Shape[0] != timesteps.Count)
            throw new TensorShapeException("diffusion u-net", $"{x.Shape} with {timesteps.Count} timesteps", "[n, c, h, w] and n timesteps");
        bool asks = Options.Attention != DiffusionAttention.Plain && Options.ContextFeatures is not null;
        if (asks && (context is null || context.Rank != 3 || context.Shape[0] != x.Shape[0] || context.Shape[2] != Options.ContextFeatures))
            throw new TensorShapeException("diffusion u-net", $"context {context?.Shape.ToString() ?? "none"} for {x.Shape}", $"[{x.Shape[0]}, tokens, {Options.ContextFeatures}]");
        Tensor embedding = Scopes.Run(() => _time2.Call(_time1.Call(TimestepEmbedding.Of(timesteps, Options.Channels, x.Backend)).Silu()));
        return new DiffusionCondition(embedding, asks ? context : null);
    }

    /// <summary>A residual block, and attention where the level has it.</summary>
    private protected DiffusionStack Stack(int inputs, int outputs, int level, BlockResampling end, LayerFactory layers)
    {
        var parts = new List<Module> { Residual(inputs, outputs, BlockResampling.None, layers) };
        if (Options.AttentionFactors.Contains(1 << level))
            parts.Add(Attention(outputs, layers));
        if (end == BlockResampling.Up)
            parts.Add(Options.ResidualResampling ? Residual(outputs, outputs, end, layers) : new AutoencoderKl.NearestUp(outputs, layers));
        return new DiffusionStack([.. parts]);
    }

    private protected DiffusionResidual Residual(int inputs, int outputs, BlockResampling resampling, LayerFactory layers) =>
        new(inputs, outputs, 4 * Options.Channels, Options.Groups, Options.ScaleShift, resampling, layers);

    private Module Attention(int channels, LayerFactory layers)
    {
        (int heads, int width) = Options.HeadsOf(channels);
        return Options.Attention == DiffusionAttention.Plain
            ? new DiffusionSelfAttention(channels, heads, Options.HeadsInside, Options.Groups, layers)
            : new DiffusionTransformer(channels, heads, width, Options.Depth, Options.ContextFeatures, Options.Attention == DiffusionAttention.Linear, Options.Groups, layers);
    }

    /// <summary>Not supported: timesteps are missing.</summary>
    protected sealed override Tensor Forward(Tensor x) => throw new NotSupportedException($"{GetType().Name} takes timesteps too.");
}
