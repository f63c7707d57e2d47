using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.DiffusionUNet;

/// <summary>Attention of tokens to a context, or to themselves without one: to_q, to_k, to_v without bias, to_out.0 with one.</summary>
internal sealed class CrossAttention : ConditionedModule<Tensor?>
{
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _output;
    private readonly int _heads;

    /// <param name="features">Features of a token.</param>
    /// <param name="context">Features of the context's tokens.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="width">Features of a head.</param>
    /// <param name="layers">Makes the layers.</param>
    public CrossAttention(int features, int context, int heads, int width, LayerFactory layers)
    {
        _heads = heads;
        _query = Child("to_q", layers.Linear(features, heads * width, bias: false));
        _key = Child("to_k", layers.Linear(context, heads * width, bias: false));
        _value = Child("to_v", layers.Linear(context, heads * width, bias: false));
        _output = Child("to_out.0", layers.Linear(heads * width, features));
    }

    protected override Tensor Forward(Tensor x, Tensor? condition)
    {
        Tensor context = condition ?? x;
        int width = _query.Weight.Shape[0] / _heads;
        Tensor Heads(Linear layer, Tensor tokens) => Scopes.Run(() => layer.Call(tokens).Reshape(tokens.Shape[0], tokens.Shape[1], _heads, width).Permute(0, 2, 1, 3));
        Tensor attended = TensorOps.Attention(Heads(_query, x), Heads(_key, context), Heads(_value, context), 1 / MathF.Sqrt(width));
        return _output.Call(attended.Permute(0, 2, 1, 3).Reshape(x.Shape[0], x.Shape[1], _heads * width));
    }
}

/// <summary>Two layers of which the first is gated (Shazeer: "GLU Variants Improve Transformer", 2020): net.0.proj, whose second half is the gate, and net.2.</summary>
internal sealed class GatedGelu : Module
{
    private readonly Linear _first;
    private readonly Linear _second;

    public GatedGelu(int features, LayerFactory layers)
    {
        _first = Child("net.0.proj", layers.Linear(features, 8 * features));
        _second = Child("net.2", layers.Linear(4 * features, features));
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor both = _first.Call(x);
        int half = both.Shape[-1] / 2;
        return _second.Call(both.Narrow(-1, 0, half) * both.Narrow(-1, half, half).GeluInPlace());
    }
}

/// <summary>Self-attention, attention to the context, feed-forward, each behind a layer norm and with its input again: attn1, ff, attn2, norm1 .. norm3.</summary>
internal sealed class DiffusionTransformerBlock : ConditionedModule<Tensor?>
{
    private readonly CrossAttention _self;
    private readonly CrossAttention _cross;
    private readonly GatedGelu _feedForward;
    private readonly LayerNorm[] _norms;

    public DiffusionTransformerBlock(int features, int? context, int heads, int width, LayerFactory layers)
    {
        _self = Child("attn1", new CrossAttention(features, features, heads, width, layers));
        _feedForward = Child("ff", new GatedGelu(features, layers));
        _cross = Child("attn2", new CrossAttention(features, context ?? features, heads, width, layers));
        _norms = [.. Enumerable.Range(1, 3).Select(i => Child($"norm{i}", new LayerNorm(features)))];
    }

    protected override Tensor Forward(Tensor x, Tensor? condition)
    {
        x = Scopes.Run((this, x), static s => s.Item1._self.Call(s.Item1._norms[0].Call(s.x), null).AddInPlace(s.x));
        x = Scopes.Run((this, x, condition), static s => s.Item1._cross.Call(s.Item1._norms[1].Call(s.x), s.condition).AddInPlace(s.x));
        return Scopes.Run((this, x), static s => s.Item1._feedForward.Call(s.Item1._norms[2].Call(s.x)).AddInPlace(s.x));
    }
}

/// <summary>Transformer blocks over all positions of an image, and the input again: norm, proj_in, transformer_blocks, proj_out.</summary>
internal sealed class DiffusionTransformer : ConditionedModule<DiffusionCondition>
{
    private const float Epsilon = 1e-6f;

    private readonly GroupNorm _norm;
    private readonly Module _input;
    private readonly DiffusionTransformerBlock[] _blocks;
    private readonly Module _output;

    /// <param name="channels">Channels of the image.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="width">Features of a head.</param>
    /// <param name="depth">Blocks.</param>
    /// <param name="context">Features of the context's tokens; null for blocks that ask the image twice.</param>
    /// <param name="isLinear">Whether linear layers lead in and out, not 1 x 1 convolutions.</param>
    /// <param name="groups">Groups of the normalization.</param>
    /// <param name="layers">Makes the layers.</param>
    public DiffusionTransformer(int channels, int heads, int width, int depth, int? context, bool isLinear, int groups, LayerFactory layers)
    {
        int inner = heads * width;
        _norm = Child("norm", new GroupNorm(groups, channels, Epsilon));
        _input = Child<Module>("proj_in", isLinear ? layers.Linear(channels, inner) : layers.Convolution(channels, inner, 1));
        _blocks = [.. Enumerable.Range(0, depth).Select(i => Child($"transformer_blocks.{i}", new DiffusionTransformerBlock(inner, context, heads, width, layers)))];
        _output = Child<Module>("proj_out", isLinear ? layers.ZeroLinear(inner, channels) : layers.Zero(inner, channels, 1));
    }

    protected override Tensor Forward(Tensor x, DiffusionCondition condition)
    {
        (int n, int c, int h, int w) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        Tensor tokens = Scopes.Run((this, x), static s => s.Item1.In(s.Item1._norm.Call(s.x)));
        tokens = Scopes.Chain(tokens, _blocks, (block, t) => block.Call(t, condition.Context));
        Tensor y = _output is Linear
            ? _output.Call(tokens).Permute(0, 2, 1).Reshape(n, c, h, w)
            : _output.Call(tokens.Permute(0, 2, 1).Reshape(n, tokens.Shape[2], h, w));
        return y.AddInPlace(x);
    }

    private Tensor In(Tensor x)
    {
        if (_input is Linear)
            return _input.Call(Tokens(x));
        return Tokens(_input.Call(x));

        static Tensor Tokens(Tensor t) => t.Reshape(t.Shape[0], t.Shape[1], t.Shape[2] * t.Shape[3]).Permute(0, 2, 1);
    }
}
