using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.StyleGan2;

/// <summary>
/// The discriminator of StyleGAN2 (Karras et al. 2020, figure 7c: residual blocks) under BasicSR's keys: 24,030,753 parameters for 512 x 512 with multiplier 1.
/// [n, 3, size, size] to scores [n, 1]; the batch divides into subgroups of four, or is smaller.
/// </summary>
internal sealed class StyleGan2Discriminator : Module
{
    private readonly Module[] _body;
    private readonly Module _last;
    private readonly EqualizedLinear[] _linear;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public StyleGan2Discriminator(StyleGan2Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        var seeds = new SeedSequence(options.Seed);
        var filters = new StyleFilters(options.Taps);
        IReadOnlyList<int> channels = options.Channels;
        int levels = channels.Count - 1;
        _body = new Module[levels + 1];
        _body[0] = Child("conv_body.0", new Sequential(new EqualizedConv2d(3, channels[levels], 1, seeds.Next()), new BiasActivation(channels[levels])));
        for (int i = 1; i <= levels; i++)
            _body[i] = Child($"conv_body.{i}", new Block(channels[levels - i + 1], channels[levels - i], filters, seeds));
        _last = Child("final_conv", new Sequential(new EqualizedConv2d(channels[0] + 1, channels[0], 3, seeds.Next()), new BiasActivation(channels[0])));
        _linear =
        [
            Child("final_linear.0", new EqualizedLinear(channels[0] * 16, channels[0], seeds.Next(), isActive: true)),
            Child("final_linear.1", new EqualizedLinear(channels[0], 1, seeds.Next())),
        ];
    }

    /// <summary>The configuration; styles have no part in it.</summary>
    public StyleGan2Options Options { get; }

    /// <summary>The maps after the first parts of the network: after the first convolution, after the first block, ..</summary>
    /// <param name="x">[n, 3, size, size].</param>
    /// <param name="count">How many.</param>
    public Tensor[] Features(Tensor x, int count)
    {
        var features = new Tensor[count];
        for (int i = 0; i < count; i++)
            features[i] = x = _body[i].Call(x);
        return features;
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        if (x.Rank != 4 || x.Shape[2] != Options.Size || x.Shape[3] != Options.Size)
            throw new TensorShapeException("discriminator", $"{x.Shape}", $"[n, 3, {Options.Size}, {Options.Size}]");
        Tensor y = Scopes.Chain(x, _body, static (part, t) => part.Call(t));
        y = _last.Call(y.MinibatchDeviation());
        return _linear[1].Call(_linear[0].Call(y.Flatten(1)));
    }

    private sealed class Block : Module
    {
        private readonly Module _first;
        private readonly Module _second;
        private readonly Module _skip;

        public Block(int inputs, int outputs, StyleFilters filters, SeedSequence seeds)
        {
            _first = Child("conv1", new Sequential(new EqualizedConv2d(inputs, inputs, 3, seeds.Next()), new BiasActivation(inputs)));
            // Place 0 of the official sequences is the filter.
            _second = new Chain(
                Child("conv2.1", new EqualizedConv2d(inputs, outputs, 3, seeds.Next(), filters)), Child("conv2.2", new BiasActivation(outputs)));
            _skip = Child("skip.1", new EqualizedConv2d(inputs, outputs, 1, seeds.Next(), filters));
        }

        protected override Tensor Forward(Tensor x) => (_second.Call(_first.Call(x)) + _skip.Call(x)) * (float)(1 / Math.Sqrt(2));
    }

    // Of modules that stand among their owner's own.
    private sealed class Chain(Module first, Module second) : Module
    {
        protected override Tensor Forward(Tensor x) => second.Call(first.Call(x));
    }
}
