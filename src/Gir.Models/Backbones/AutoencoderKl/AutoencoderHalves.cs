using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.AutoencoderKl;

/// <summary>From images to twice the inner channels: conv_in, down, mid, norm_out, conv_out.</summary>
internal sealed class AutoencoderEncoder : Module
{
    private readonly Module[] _steps;
    private readonly GroupNorm _norm;
    private readonly Conv2d _last;
    private readonly int _factor;

    public AutoencoderEncoder(AutoencoderKlOptions options, LayerFactory layers)
    {
        int levels = options.Multipliers.Count;
        _factor = options.Factor;
        var steps = new List<Module> { Child("conv_in", layers.Convolution(options.ImageChannels, options.Channels)) };
        int channels = options.Channels;
        for (int i = 0; i < levels; i++)
        {
            int outputs = options.Channels * options.Multipliers[i];
            (string, Func<Module>)? resampling = i < levels - 1 ? ("downsample", () => new AutoencoderDown(outputs, layers)) : null;
            steps.Add(Child($"down.{i}", new AutoencoderLevel(channels, outputs, options.Blocks, options.AttentionLevels.Contains(i), options.Groups, resampling, layers)));
            channels = outputs;
        }

        steps.Add(Child("mid", new AutoencoderMiddle(channels, options.Groups, layers)));
        _steps = [.. steps];
        _norm = Child("norm_out", new GroupNorm(options.Groups, channels, AutoencoderKl.Epsilon));
        _last = Child("conv_out", layers.Convolution(channels, 2 * options.InnerChannels));
    }

    /// <summary>The same in tiles (<see cref="TiledAutoencoder"/>).</summary>
    /// <param name="x">The images.</param>
    /// <param name="size">Side of a tile.</param>
    public Tensor InTiles(Tensor x, int size) =>
        TiledAutoencoder.Run(new AutoencoderHalf(_steps, _norm, _last, AutoencoderTiles.EncoderPadding, (1, _factor)), x, size) ?? Call(x);

    protected override Tensor Forward(Tensor x) => _last.Call(_norm.Activated(Scopes.Chain(x, _steps, static (step, t) => step.Call(t))));
}

/// <summary>From the inner channels to images: conv_in, mid, up (counted from the finest level, run from the coarsest), norm_out, conv_out.</summary>
internal sealed class AutoencoderDecoder : Module
{
    private readonly Module[] _steps;
    private readonly GroupNorm _norm;
    private readonly int _factor;

    public AutoencoderDecoder(AutoencoderKlOptions options, LayerFactory layers)
    {
        int levels = options.Multipliers.Count;
        _factor = options.Factor;
        int channels = options.Channels * options.Multipliers[^1];
        var steps = new List<Module>
        {
            Child("conv_in", layers.Convolution(options.InnerChannels, channels)),
            Child("mid", new AutoencoderMiddle(channels, options.Groups, layers)),
        };
        var up = new AutoencoderLevel[levels];
        for (int i = levels - 1; i >= 0; i--)
        {
            int outputs = options.Channels * options.Multipliers[i];
            (string, Func<Module>)? resampling = i > 0 ? ("upsample", () => new NearestUp(outputs, layers)) : null;
            up[i] = new AutoencoderLevel(channels, outputs, options.Blocks + 1, options.AttentionLevels.Contains(i), options.Groups, resampling, layers);
            channels = outputs;
        }

        for (int i = 0; i < levels; i++)
            Child($"up.{i}", up[i]);
        _steps = [.. steps, .. up.Reverse()];
        _norm = Child("norm_out", new GroupNorm(options.Groups, channels, AutoencoderKl.Epsilon));
        Last = Child("conv_out", layers.Convolution(channels, options.ImageChannels));
    }

    /// <summary>The last convolution.</summary>
    public Conv2d Last { get; }

    /// <summary>What the last convolution makes the image of.</summary>
    public Tensor Feature(Tensor x) => Scopes.Run((this, x), static s => s.Item1._norm.Activated(Scopes.Chain(s.x, s.Item1._steps, static (step, t) => step.Call(t))));

    /// <summary>The same in tiles (<see cref="TiledAutoencoder"/>).</summary>
    /// <param name="x">What post_quant_conv made of latents.</param>
    /// <param name="size">Side of a tile.</param>
    public Tensor InTiles(Tensor x, int size) =>
        TiledAutoencoder.Run(new AutoencoderHalf(_steps, _norm, Last, AutoencoderTiles.DecoderPadding, (_factor, 1)), x, size) ?? Call(x);

    protected override Tensor Forward(Tensor x) => Last.Call(Feature(x));
}
