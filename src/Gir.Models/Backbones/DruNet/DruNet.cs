using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.DruNet;

/// <summary>
/// U-Net of residual blocks for denoising with a noise map (Zhang, Li, Zuo, Zhang, Van Gool, Timofte: "Plug-and-Play Image Restoration with Deep
/// Denoiser Prior", TPAMI 2021, figure 2; "UNetRes" of KAIR): 32,640,960 parameters (color). Sizes are multiples of 8.
/// </summary>
internal sealed class DruNet : Module
{
    private const int Levels = 3;

    private readonly Conv2d _head;
    private readonly Module[] _down = new Module[Levels];
    private readonly Module _body;
    private readonly Module[] _up = new Module[Levels];
    private readonly Conv2d _tail;
    private readonly bool _residual;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public DruNet(DruNetOptions? options = null)
    {
        options ??= new();
        options.Validate();
        IReadOnlyList<int> features = options.Features;
        bool bias = options.Bias;
        _residual = options.Residual;
        var layers = new LayerFactory(options.Seed);
        Module[] Blocks(int channels) => [.. Enumerable.Range(0, options.Blocks).Select(_ => new Block(channels, bias, layers))];

        _head = Child("m_head", layers.Convolution(options.InputChannels, features[0], bias: bias));
        for (int i = 0; i < Levels; i++)
            _down[i] = Child($"m_down{i + 1}", new Sequential([.. Blocks(features[i]), layers.Strided(features[i], features[i + 1], 2, 2, 0, bias)]));
        // KAIR's sequence of one is that one.
        Module[] body = Blocks(features[Levels]);
        _body = Child("m_body", body.Length == 1 ? body[0] : new Sequential(body));
        for (int i = Levels - 1; i >= 0; i--)
            _up[i] = Child($"m_up{i + 1}", new Sequential([layers.Doubling(features[i + 1], features[i], bias), .. Blocks(features[i])]));
        _tail = Child("m_tail", layers.Convolution(features[0], options.OutputChannels, bias: bias));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        var skips = new Tensor[Levels + 1];
        skips[0] = _head.Call(x);
        for (int i = 0; i < Levels; i++)
            skips[i + 1] = _down[i].Call(skips[i]);
        Tensor y = _body.Call(skips[Levels]);
        for (int i = Levels - 1; i >= 0; i--)
            y = _up[i].Call(y + skips[i + 1]);
        y = _tail.Call(y + skips[0]);
        return _residual ? y + x : y;
    }

    private sealed class Block : Module
    {
        private readonly Sequential _residual;

        public Block(int channels, bool bias, LayerFactory layers) => _residual = Child("res", new Sequential(
            layers.Convolution(channels, channels, bias: bias), new Function(x => x.ReluInPlace()), layers.Convolution(channels, channels, bias: bias)));

        protected override Tensor Forward(Tensor x) => x + _residual.Call(x);
    }
}
