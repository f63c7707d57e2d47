using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.UNet;

/// <summary>
/// The plain U-Net (Ronneberger, Fischer, Brox 2015, figure 1) in the form that Uformer's authors compare with (Wang et al. 2022, code model.UNet):
/// strided 4 x 4 convolutions down, 2 x 2 transposed ones up, a 1 x 1 shortcut around every pair of convolutions, the input added at the end.
/// Sizes are multiples of 16.
/// </summary>
internal sealed class UNet : Module, ILastFeature
{
    private const int Levels = 4;

    private readonly Block[] _down = new Block[Levels + 1];
    private readonly Conv2d[] _pool = new Conv2d[Levels];
    private readonly ConvTranspose2d[] _grow = new ConvTranspose2d[Levels];
    private readonly Block[] _up = new Block[Levels];
    private readonly Conv2d _last;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public UNet(UNetOptions? options = null)
    {
        options ??= new();
        options.Validate();
        var layers = new LayerFactory(options.Seed);
        FeatureChannels = options.Features;
        int Width(int level) => options.Features << level;
        for (int i = 0; i <= Levels; i++)
        {
            _down[i] = Child($"ConvBlock{i + 1}", new Block(i == 0 ? options.Channels : Width(i - 1), Width(i), layers));
            if (i < Levels)
                _pool[i] = Child($"pool{i + 1}", layers.Strided(Width(i), Width(i), 4, 2, 1));
        }

        for (int i = Levels - 1; i >= 0; i--)
        {
            // Numbers go on counting from the bottom.
            int number = 9 - i;
            _grow[i] = Child($"upv{number}", layers.Doubling(Width(i + 1), Width(i)));
            _up[i] = Child($"ConvBlock{number}", new Block(Width(i + 1), Width(i), layers));
        }

        _last = Child("conv10", layers.Convolution(options.Features, options.Channels));
    }

    /// <inheritdoc/>
    public int FeatureChannels { get; }

    /// <inheritdoc/>
    public Tensor Feature(Tensor x)
    {
        var skips = new Tensor[Levels];
        Tensor y = x;
        for (int i = 0; i < Levels; i++)
        {
            skips[i] = _down[i].Call(y);
            y = _pool[i].Call(skips[i]);
        }

        y = _down[Levels].Call(y);
        for (int i = Levels - 1; i >= 0; i--)
            y = _up[i].Call(TensorOps.Concatenate(1, _grow[i].Call(y), skips[i]));
        return y;
    }

    /// <inheritdoc/>
    public Tensor ToImage(Tensor feature, Tensor x) => x + _last.Call(feature);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => ToImage(Feature(x), x);

    private sealed class Block : Module
    {
        private readonly Sequential _pair;
        private readonly Conv2d _shortcut;

        public Block(int inputs, int outputs, LayerFactory layers)
        {
            _pair = Child("block", new Sequential(
                layers.Convolution(inputs, outputs), new Function(x => x.LeakyReluInPlace()),
                layers.Convolution(outputs, outputs), new Function(x => x.LeakyReluInPlace())));
            _shortcut = Child("conv11", layers.Convolution(inputs, outputs, 1));
        }

        protected override Tensor Forward(Tensor x) => _pair.Call(x) + _shortcut.Call(x);
    }
}
