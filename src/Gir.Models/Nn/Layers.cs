using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Nn;

/// <summary>A two-dimensional convolution: weight [o, c / groups, k, k], bias [o].</summary>
public sealed class Conv2d : Module
{
    private readonly int _stride;
    private readonly int _padding;
    private readonly int _dilation;
    private readonly int _groups;
    private readonly TensorPadMode _paddingMode;

    /// <summary>Creates the layer with torch's default initialization.</summary>
    public Conv2d(
        int inputs, int outputs, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true,
        TensorPadMode paddingMode = TensorPadMode.Constant, ulong seed = 0)
    {
        CheckChannels(inputs, outputs, kernel, groups);
        (_stride, _padding, _dilation, _groups, _paddingMode) = (stride, padding, dilation, groups, paddingMode);
        Weight = CompactParameter("weight", [outputs, inputs / groups, kernel, kernel], Initializer.KaimingUniform(seed));
        double bound = 1 / Math.Sqrt((double)inputs / groups * kernel * kernel);
        Bias = bias ? Parameter("bias", [outputs], Initializer.Uniform(Philox4x32.DeriveSeed(seed, 1), bound)) : null;
    }

    /// <summary>[o, c / groups, k, k].</summary>
    public Tensor Weight { get; }

    /// <summary>[o] or null.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => Convolve(x, Weight, Bias);

    /// <summary>The same convolution with other values.</summary>
    internal Tensor Convolve(Tensor x, Tensor weight, Tensor? bias) => x.Conv2d(weight, bias, _stride, _padding, _dilation, _groups, _paddingMode);

    internal static void CheckChannels(int inputs, int outputs, int kernel, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (inputs % groups != 0 || outputs % groups != 0)
            throw new ArgumentException($"{inputs} inputs and {outputs} outputs do not divide into {groups} groups.", nameof(groups));
    }
}

/// <summary>A transposed convolution: weight [c, o / groups, k, k], bias [o].</summary>
public sealed class ConvTranspose2d : Module
{
    private readonly int _stride;
    private readonly int _padding;
    private readonly int _outputPadding;
    private readonly int _groups;

    /// <summary>Creates the layer with torch's default initialization.</summary>
    public ConvTranspose2d(int inputs, int outputs, int kernel, int stride = 1, int padding = 0, int outputPadding = 0, int groups = 1, bool bias = true, ulong seed = 0)
    {
        Conv2d.CheckChannels(inputs, outputs, kernel, groups);
        (_stride, _padding, _outputPadding, _groups) = (stride, padding, outputPadding, groups);
        Weight = CompactParameter("weight", [inputs, outputs / groups, kernel, kernel], Initializer.KaimingUniform(seed));
        double bound = 1 / Math.Sqrt((double)outputs / groups * kernel * kernel);
        Bias = bias ? Parameter("bias", [outputs], Initializer.Uniform(Philox4x32.DeriveSeed(seed, 1), bound)) : null;
    }

    /// <summary>[c, o / groups, k, k].</summary>
    public Tensor Weight { get; }

    /// <summary>[o] or null.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.ConvTranspose2d(Weight, Bias, _stride, _padding, _outputPadding, _groups);
}

/// <summary>A linear layer over the last dimension: weight [o, i], bias [o].</summary>
public sealed class Linear : Module
{
    /// <summary>Creates the layer with torch's default initialization.</summary>
    public Linear(int inputs, int outputs, bool bias = true, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Weight = CompactParameter("weight", [outputs, inputs], Initializer.KaimingUniform(seed));
        Bias = bias ? Parameter("bias", [outputs], Initializer.Uniform(Philox4x32.DeriveSeed(seed, 1), 1 / Math.Sqrt(inputs))) : null;
    }

    /// <summary>[o, i].</summary>
    public Tensor Weight { get; }

    /// <summary>[o] or null.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    internal override bool MakesTokens => true;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.Linear(Weight, Bias);
}

/// <summary>Layer normalization over the last dimension.</summary>
public sealed class LayerNorm : Module
{
    private readonly float _epsilon;

    /// <summary>Creates the layer with weight 1 and bias 0.</summary>
    public LayerNorm(int features, float epsilon = 1e-5f)
    {
        _epsilon = epsilon;
        Weight = Parameter("weight", [features], Initializer.Constant(1));
        Bias = Parameter("bias", [features], Initializer.Constant(0));
    }

    /// <summary>[n].</summary>
    public Tensor Weight { get; }

    /// <summary>[n].</summary>
    public Tensor Bias { get; }

    /// <inheritdoc/>
    internal override bool MakesTokens => true;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.LayerNorm(Weight, Bias, _epsilon);
}

/// <summary>Layer normalization over the channels of [n, c, h, w].</summary>
public sealed class LayerNorm2d : Module
{
    private readonly float _epsilon;

    /// <summary>Creates the layer with weight 1 and bias 0.</summary>
    public LayerNorm2d(int channels, float epsilon = 1e-6f)
    {
        _epsilon = epsilon;
        Weight = Parameter("weight", [channels], Initializer.Constant(1));
        Bias = Parameter("bias", [channels], Initializer.Constant(0));
    }

    /// <summary>[c].</summary>
    public Tensor Weight { get; }

    /// <summary>[c].</summary>
    public Tensor Bias { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.LayerNorm2d(Weight, Bias, _epsilon);
}

/// <summary>
/// Modules one after another, named "0", "1", .. While gradients are off, a convolution and the batch normalization after it run as one convolution
/// (<see cref="BatchNorm2d.Fold"/>): equal up to rounding. Whoever listens to the parts hears each of them.
/// </summary>
public sealed class Sequential : Module
{
    private readonly Module[] _modules;
    private readonly Normalized[] _pairs;

    /// <summary>Creates the chain.</summary>
    public Sequential(params ReadOnlySpan<Module> modules)
    {
        _modules = modules.ToArray();
        var pairs = new List<Normalized>();
        for (int i = 0; i < _modules.Length; i++)
        {
            Child(i.ToString(System.Globalization.CultureInfo.InvariantCulture), _modules[i]);
            if (i > 0 && _modules[i - 1] is Conv2d convolution && _modules[i] is BatchNorm2d normalization)
                pairs.Add(new Normalized(i - 1, convolution, normalization));
        }

        _pairs = [.. pairs];
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => Scopes.Chain(x, Tape.IsRecording || ModuleListener.IsListening ? _modules : Steps(), static (Module module, Tensor t) => module.Call(t));

    private IReadOnlyList<Module> Steps()
    {
        if (_pairs.Length == 0)
            return _modules;
        var steps = new List<Module>(_modules.Length);
        for (int i = 0; i < _modules.Length; i++)
        {
            Normalized? pair = Array.Find(_pairs, p => p.First == i && !p.IsTraining);
            steps.Add(pair ?? _modules[i]);
            i += pair is null ? 0 : 1;
        }

        return steps;
    }

    /// <summary>A convolution and the normalization after it, as one convolution.</summary>
    private sealed class Normalized(int first, Conv2d convolution, BatchNorm2d normalization) : Module
    {
        public int First => first;

        public bool IsTraining => normalization.IsTraining;

        protected override Tensor Forward(Tensor x)
        {
            (Tensor weight, Tensor bias) = normalization.Fold(convolution.Weight.Wide(), convolution.Bias);
            return convolution.Convolve(x, weight, bias);
        }
    }
}

/// <summary>A function without parameters as a module, e.g. an activation in a <see cref="Sequential"/>.</summary>
public sealed class Function(Func<Tensor, Tensor> function) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => function(x);
}
