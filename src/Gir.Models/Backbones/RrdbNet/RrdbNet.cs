using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Backbones.RrdbNet;

/// <summary>
/// Residual-in-residual dense network (Wang et al., "ESRGAN", ECCVW 2018, figure 4; with pixel unshuffling, "Real-ESRGAN", ICCVW 2021):
/// 16,697,987 parameters at scale 4; 16,624,131 for the scale-1 network of general restoration.
/// </summary>
internal sealed class RrdbNet : Module, ILastFeature
{
    private const float Slope = 0.2f;

    private readonly Conv2d _first;
    private readonly Module[] _blocks;
    private readonly Conv2d _body;
    private readonly Conv2d[] _up;
    private readonly Conv2d _high;
    private readonly Conv2d _last;
    private readonly int _unshuffle;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RrdbNet(RrdbNetOptions? options = null)
    {
        options ??= new();
        options.Validate();
        _unshuffle = options.Unshuffle;
        int features = options.Features;
        FeatureChannels = features;
        RrdbKeyNames names = RrdbKeyNames.Of(options);
        var layers = new LayerFactory(options.Seed);
        _first = Child(names.First, layers.Convolution(options.InputChannels * _unshuffle * _unshuffle, features));
        _blocks = new Module[options.Blocks];
        for (int i = 0; i < _blocks.Length; i++)
            _blocks[i] = Child(names.Block(i), new ResidualInResidualDenseBlock(features, options.Growth, names, layers));
        _body = Child(names.Body, layers.Convolution(features, features));
        _up = new Conv2d[options.UpConvolutions];
        for (int i = 0; i < _up.Length; i++)
            _up[i] = Child(names.Up(i), layers.Convolution(features, features));
        _high = Child(names.High, layers.Convolution(features, features));
        _last = Child(names.Last, layers.Convolution(features, options.OutputChannels));
    }

    /// <inheritdoc/>
    public int FeatureChannels { get; }

    /// <inheritdoc/>
    public Tensor Feature(Tensor x)
    {
        Tensor features = _first.Call(_unshuffle == 1 ? x : x.PixelUnshuffle(_unshuffle));
        features = Scopes.Run(() => _body.Call(Scopes.Chain(features, _blocks, (block, t) => block.Call(t)))).AddInPlace(features);
        foreach (Conv2d up in _up)
            features = up.Call(features.Interpolate(2.0, InterpolationMode.Nearest)).LeakyReluInPlace(Slope);
        return _high.Call(features).LeakyReluInPlace(Slope);
    }

    /// <inheritdoc/>
    public Tensor ToImage(Tensor feature, Tensor x) => _last.Call(feature);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => ToImage(Feature(x), x);

    /// <summary>Three dense blocks, x + 0.2 f(x).</summary>
    private sealed class ResidualInResidualDenseBlock : Module
    {
        private readonly DenseBlock[] _blocks = new DenseBlock[3];

        public ResidualInResidualDenseBlock(int features, int growth, RrdbKeyNames names, LayerFactory layers)
        {
            for (int i = 0; i < _blocks.Length; i++)
                _blocks[i] = Child($"{names.DenseBlock}{i + 1}", new DenseBlock(features, growth, names.DenseSuffix, layers));
        }

        protected override Tensor Forward(Tensor x)
        {
            Tensor y = Scopes.Chain(x, _blocks, (block, t) => block.Call(t));
            return y.ScaleInPlace(0.2f).AddInPlace(x);
        }
    }

    /// <summary>Five convolutions, each seeing all before it, x + 0.2 f(x).</summary>
    private sealed class DenseBlock : Module
    {
        private readonly Conv2d[] _layers = new Conv2d[5];

        public DenseBlock(int features, int growth, string suffix, LayerFactory layers)
        {
            for (int i = 0; i < _layers.Length; i++)
                _layers[i] = Child($"conv{i + 1}{suffix}", layers.Residual(features + (i * growth), i < 4 ? growth : features));
        }

        protected override Tensor Forward(Tensor x)
        {
            Tensor known = !Tape.IsRecording && x.Shape[0] == 1 ? GrowInPlace(x) : Grow(x);
            return _layers[4].Call(known).ScaleInPlace(0.2f).AddInPlace(x);
        }

        private Tensor Grow(Tensor x)
        {
            for (int i = 0; i < 4; i++)
                x = TensorOps.Concatenate(1, x, _layers[i].Call(x).LeakyReluInPlace(Slope));
            return x;
        }

        // The channels of a single image lie one after another: what is known so far is the beginning of the whole, and nothing is copied twice.
        private Tensor GrowInPlace(Tensor x)
        {
            (int features, int h, int w) = (x.Shape[1], x.Shape[2], x.Shape[3]);
            int growth = _layers[0].Weight.Shape[0];
            Tensor all = Tensor.Empty([1, features + (4 * growth), h, w], x.Backend);
            x.Backend.PutSlice(x, [0, 0, 0, 0], [1, 1, 1, 1], all);
            for (int i = 0; i < 4; i++)
            {
                using TensorScope inside = TensorScope.Enter();
                int known = features + (i * growth);
                Tensor next = _layers[i].Call(new Tensor(x.Backend, all.Storage, [1, known, h, w])).LeakyReluInPlace(Slope);
                x.Backend.PutSlice(next, [0, known, 0, 0], [1, 1, 1, 1], all);
            }

            GC.KeepAlive(x);
            return all;
        }
    }
}
