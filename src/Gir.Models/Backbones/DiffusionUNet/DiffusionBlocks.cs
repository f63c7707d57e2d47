using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.DiffusionUNet;

/// <summary>What the layers of a diffusion U-Net depend on beside the image.</summary>
/// <param name="Embedding">Of the timesteps, [n, 4 m].</param>
/// <param name="Context">[n, tokens, features], or null.</param>
internal readonly record struct DiffusionCondition(Tensor Embedding, Tensor? Context);

/// <summary>How a residual block changes the size.</summary>
internal enum BlockResampling
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The mean of 2 x 2 pixels.</summary>
    Down,

    /// <summary>Each pixel four times.</summary>
    Up,
}

/// <summary>A residual block that knows the timestep: in_layers, emb_layers, out_layers, skip_connection where the channels change.</summary>
internal sealed class DiffusionResidual : ConditionedModule<DiffusionCondition>
{
    private readonly GroupNorm _norm1;
    private readonly Conv2d _conv1;
    private readonly Linear _embedding;
    private readonly GroupNorm _norm2;
    private readonly Conv2d _conv2;
    private readonly Conv2d? _shortcut;
    private readonly BlockResampling _resampling;
    private readonly bool _scales;

    public DiffusionResidual(int inputs, int outputs, int embedding, int groups, bool scales, BlockResampling resampling, LayerFactory layers)
    {
        (_scales, _resampling) = (scales, resampling);
        _norm1 = Child("in_layers.0", new GroupNorm(groups, inputs));
        _conv1 = Child("in_layers.2", layers.Convolution(inputs, outputs));
        _embedding = Child("emb_layers.1", layers.Linear(embedding, scales ? 2 * outputs : outputs));
        _norm2 = Child("out_layers.0", new GroupNorm(groups, outputs));
        _conv2 = Child("out_layers.3", layers.Zero(outputs, outputs));
        _shortcut = inputs == outputs ? null : Child("skip_connection", layers.Convolution(inputs, outputs, 1));
    }

    protected override Tensor Forward(Tensor x, DiffusionCondition condition)
    {
        Tensor y = Scopes.Run((this, x), static s => s.Item1._conv1.Call(s.Item1.Resampled(s.Item1._norm1.Activated(s.x))));
        Tensor e = _embedding.Call(condition.Embedding.Silu());
        e = e.Reshape(e.Shape[0], e.Shape[1], 1, 1);
        y = Scopes.Run((this, y, e), static s => s.Item1._conv2.Call(s.Item1.Shifted(s.y, s.e)));
        x = Resampled(x);
        return y.AddInPlace(_shortcut is null ? x : _shortcut.Call(x));
    }

    private Tensor Shifted(Tensor y, Tensor e)
    {
        if (!_scales)
            return _norm2.Activated(y + e);
        int channels = y.Shape[1];
        return ((_norm2.Call(y) * (e.Narrow(1, 0, channels) + 1)) + e.Narrow(1, channels, channels)).Silu();
    }

    private Tensor Resampled(Tensor x) => _resampling switch
    {
        BlockResampling.Down => x.AveragePool2d(2),
        BlockResampling.Up => x.Interpolate(2.0, InterpolationMode.Nearest),
        _ => x,
    };
}

/// <summary>Self-attention of all positions, and the input again: norm, qkv and proj_out, convolutions of one dimension.</summary>
internal sealed class DiffusionSelfAttention : Module
{
    private readonly GroupNorm _norm;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _outputWeight;
    private readonly Tensor _outputBias;
    private readonly int _heads;
    private readonly bool _headsInside;

    public DiffusionSelfAttention(int channels, int heads, bool headsInside, int groups, LayerFactory layers)
    {
        (_heads, _headsInside) = (heads, headsInside);
        _norm = Child("norm", new GroupNorm(groups, channels));
        Initializer initial = layers.Default();
        _weight = Parameter("qkv.weight", [3 * channels, channels, 1], initial);
        _bias = Parameter("qkv.bias", [3 * channels], Initializer.Constant(0));
        _outputWeight = Parameter("proj_out.weight", [channels, channels, 1], Initializer.Constant(0));
        _outputBias = Parameter("proj_out.bias", [channels], Initializer.Constant(0));
    }

    protected override Tensor Forward(Tensor x)
    {
        (int n, int c, int h, int w) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        (int length, int width) = (h * w, c / _heads);
        Tensor all = _norm.Call(x).Conv2d(_weight.Reshape(3 * c, c, 1, 1), _bias);
        // [n, 3, heads, length, width], whichever comes first in the channels.
        all = _headsInside
            ? all.Reshape(n, 3, _heads, width, length).Permute(0, 1, 2, 4, 3)
            : all.Reshape(n, _heads, 3, width, length).Permute(0, 2, 1, 4, 3);
        Tensor Part(int index) => all.Narrow(1, index, 1).Reshape(n, _heads, length, width);
        Tensor attended = TensorOps.Attention(Part(0), Part(1), Part(2), 1 / MathF.Sqrt(width));
        Tensor y = attended.Permute(0, 1, 3, 2).Reshape(n, c, h, w);
        return y.Conv2d(_outputWeight.Reshape(c, c, 1, 1), _outputBias).AddInPlace(x);
    }
}

/// <summary>Half the size by a convolution with stride 2 and zeros all around (op).</summary>
internal sealed class DiffusionDown : Module
{
    private readonly Conv2d _convolution;

    public DiffusionDown(int channels, LayerFactory layers) => _convolution = Child("op", layers.Strided(channels, channels, 3, 2, 1));

    protected override Tensor Forward(Tensor x) => _convolution.Call(x);
}

/// <summary>Layers one after another, "0", "1", .., those that depend on timestep and context told of it.</summary>
internal sealed class DiffusionStack : ConditionedModule<DiffusionCondition>
{
    private readonly Module[] _layers;

    public DiffusionStack(params ReadOnlySpan<Module> layers)
    {
        _layers = layers.ToArray();
        for (int i = 0; i < _layers.Length; i++)
            Child(i.ToString(System.Globalization.CultureInfo.InvariantCulture), _layers[i]);
    }

    protected override Tensor Forward(Tensor x, DiffusionCondition condition) =>
        Scopes.Chain(x, _layers, (layer, t) => layer is ConditionedModule<DiffusionCondition> conditioned ? conditioned.Call(t, condition) : layer.Call(t));
}
