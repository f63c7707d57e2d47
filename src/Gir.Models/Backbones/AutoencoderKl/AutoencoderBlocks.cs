using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.AutoencoderKl;

/// <summary>Two convolutions, each behind group normalization and swish, and the input again: norm1, conv1, norm2, conv2, nin_shortcut where the channels change.</summary>
internal sealed class AutoencoderResidual : Module
{
    private readonly GroupNorm _norm1;
    private readonly Conv2d _conv1;
    private readonly GroupNorm _norm2;
    private readonly Conv2d _conv2;
    private readonly Conv2d? _shortcut;

    public AutoencoderResidual(int inputs, int outputs, int groups, LayerFactory layers)
    {
        _norm1 = Child("norm1", new GroupNorm(groups, inputs, AutoencoderKl.Epsilon));
        _conv1 = Child("conv1", layers.Convolution(inputs, outputs));
        _norm2 = Child("norm2", new GroupNorm(groups, outputs, AutoencoderKl.Epsilon));
        _conv2 = Child("conv2", layers.Convolution(outputs, outputs));
        _shortcut = inputs == outputs ? null : Child("nin_shortcut", layers.Convolution(inputs, outputs, 1));
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor y = Scopes.Run((this, x), static s => s.Item1._conv1.Call(s.Item1._norm1.Activated(s.x)));
        y = Scopes.Run((this, y), static s => s.Item1._conv2.Call(s.Item1._norm2.Activated(s.y)));
        return y.AddInPlace(_shortcut is null ? x : _shortcut.Call(x));
    }

    /// <summary>The same of tiles with statistics in common.</summary>
    public Tensor[] RunTiles(Tensor[] tiles)
    {
        Func<Tensor, Tensor> first = TiledAutoencoder.Normalization(_norm1, tiles, activates: true);
        Tensor[] y = TiledAutoencoder.Map(tiles, t => _conv1.Call(first(t)));
        Func<Tensor, Tensor> second = TiledAutoencoder.Normalization(_norm2, y, activates: true);
        var results = new Tensor[tiles.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Scopes.Run((this, second, Inner: y[i], x: tiles[i]), static s =>
                s.Item1._conv2.Call(s.second(s.Inner)).AddInPlace(s.Item1._shortcut is null ? s.x : s.Item1._shortcut.Call(s.x)));
            y[i].Storage.Release();
        }

        return results;
    }
}

/// <summary>Attention of one head over all positions, and the input again: norm, q, k, v, proj_out, the last four 1 x 1 convolutions.</summary>
internal sealed class AutoencoderAttention : Module
{
    private readonly GroupNorm _norm;
    private readonly Conv2d _query;
    private readonly Conv2d _key;
    private readonly Conv2d _value;
    private readonly Conv2d _output;

    public AutoencoderAttention(int channels, int groups, LayerFactory layers)
    {
        _norm = Child("norm", new GroupNorm(groups, channels, AutoencoderKl.Epsilon));
        _query = Child("q", layers.Convolution(channels, channels, 1));
        _key = Child("k", layers.Convolution(channels, channels, 1));
        _value = Child("v", layers.Convolution(channels, channels, 1));
        _output = Child("proj_out", layers.Convolution(channels, channels, 1));
    }

    protected override Tensor Forward(Tensor x) => Attend(_norm.Call(x)).AddInPlace(x);

    /// <summary>The same of tiles with statistics in common; positions see their own tile.</summary>
    public Tensor[] RunTiles(Tensor[] tiles)
    {
        Func<Tensor, Tensor> normalize = TiledAutoencoder.Normalization(_norm, tiles, activates: false);
        return TiledAutoencoder.Map(tiles, t => Attend(normalize(t)).AddInPlace(t));
    }

    private Tensor Attend(Tensor normalized)
    {
        (int n, int c, int h, int w) = (normalized.Shape[0], normalized.Shape[1], normalized.Shape[2], normalized.Shape[3]);
        Tensor Tokens(Conv2d layer) => Scopes.Run(() => layer.Call(normalized).Reshape(n, 1, c, h * w).Permute(0, 1, 3, 2));
        Tensor attended = TensorOps.Attention(Tokens(_query), Tokens(_key), Tokens(_value), 1 / MathF.Sqrt(c));
        return _output.Call(attended.Permute(0, 1, 3, 2).Reshape(n, c, h, w));
    }
}

/// <summary>Half the size: one column of zeros right and one row below, then 3 x 3 with stride 2 (conv). Odd sizes lose a row or column.</summary>
internal sealed class AutoencoderDown : Module
{
    private readonly Conv2d _convolution;

    public AutoencoderDown(int channels, LayerFactory layers) => _convolution = Child("conv", layers.Strided(channels, channels, 3, 2, 0));

    protected override Tensor Forward(Tensor x) => _convolution.Call(x.Pad2d(TensorPadMode.Constant, 0, 1, 0, 1));
}

/// <summary>Twice the size: pixels repeated, then 3 x 3 (conv); the U-Net's upsampling too.</summary>
internal sealed class NearestUp : Module
{
    private readonly Conv2d _convolution;

    public NearestUp(int channels, LayerFactory layers) => _convolution = Child("conv", layers.Convolution(channels, channels));

    protected override Tensor Forward(Tensor x) => _convolution.Call(x.Interpolate(2.0, InterpolationMode.Nearest));
}

/// <summary>Residual block, attention, residual block: block_1, attn_1, block_2.</summary>
internal sealed class AutoencoderMiddle : Module, IChain
{
    public AutoencoderMiddle(int channels, int groups, LayerFactory layers) => Steps =
    [
        Child("block_1", new AutoencoderResidual(channels, channels, groups, layers)),
        Child("attn_1", new AutoencoderAttention(channels, groups, layers)),
        Child("block_2", new AutoencoderResidual(channels, channels, groups, layers)),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<Module> Steps { get; }

    protected override Tensor Forward(Tensor x) => Scopes.Chain(x, Steps, static (part, t) => part.Call(t));
}

/// <summary>The blocks of one level, each with attention behind it where the level has it, and what changes the size at the level's end.</summary>
internal sealed class AutoencoderLevel : Module, IChain
{
    private readonly List<Module> _steps = [];

    /// <param name="inputs">Channels that come in.</param>
    /// <param name="outputs">Channels inside.</param>
    /// <param name="blocks">Residual blocks.</param>
    /// <param name="attends">Whether attention follows each.</param>
    /// <param name="groups">Groups of the normalizations.</param>
    /// <param name="resampling">Name of the part at the end and what makes it, or null.</param>
    /// <param name="layers">Makes the layers.</param>
    public AutoencoderLevel(int inputs, int outputs, int blocks, bool attends, int groups, (string Name, Func<Module> Create)? resampling, LayerFactory layers)
    {
        for (int i = 0; i < blocks; i++)
        {
            _steps.Add(Child($"block.{i}", new AutoencoderResidual(i == 0 ? inputs : outputs, outputs, groups, layers)));
            if (attends)
                _steps.Add(Child($"attn.{i}", new AutoencoderAttention(outputs, groups, layers)));
        }

        if (resampling is { } last)
            _steps.Add(Child(last.Name, last.Create()));
    }

    /// <inheritdoc/>
    public IReadOnlyList<Module> Steps => _steps;

    protected override Tensor Forward(Tensor x) => Scopes.Chain(x, _steps, static (step, t) => step.Call(t));
}
