using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones;

/// <summary>Makes a network's layers, each with a seed of its own: layer number n draws the same weights whatever the others are.</summary>
internal sealed class LayerFactory(ulong seed)
{
    private ulong _count;

    /// <summary>A convolution that keeps the size (stride 1, odd kernel, zeros around).</summary>
    public Conv2d Convolution(int inputs, int outputs, int kernel = 3, bool bias = true, int dilation = 1, int groups = 1) =>
        new(inputs, outputs, kernel, padding: kernel / 2 * dilation, dilation: dilation, groups: groups, bias: bias, seed: Next());

    /// <summary>A convolution that shrinks by its stride.</summary>
    public Conv2d Strided(int inputs, int outputs, int kernel, int stride, int padding, bool bias = true) =>
        new(inputs, outputs, kernel, stride, padding, bias: bias, seed: Next());

    /// <summary>The 2 x 2 transposed convolution that doubles the size.</summary>
    public ConvTranspose2d Doubling(int inputs, int outputs, bool bias = true) => new(inputs, outputs, 2, 2, bias: bias, seed: Next());

    /// <summary>A linear layer.</summary>
    public Linear Linear(int inputs, int outputs, bool bias = true) => new(inputs, outputs, bias, Next());

    /// <summary>A linear layer as transformers start it: weights from N(0, 0.02^2), bias 0.</summary>
    public Linear TruncatedLinear(int inputs, int outputs, bool bias = true)
    {
        Initializer initial = Table();
        var layer = new Linear(inputs, outputs, bias);
        if (Initializer.IsLoading)
            return layer;
        Overwrite(layer.Weight, initial);
        if (layer.Bias is not null)
            Overwrite(layer.Bias, Initializer.Constant(0));
        return layer;
    }

    /// <summary>Starting values of a transformer's table or embedding.</summary>
    public Initializer Table() => Initializer.TruncatedNormal(Next());

    /// <summary>A 3 x 3 convolution inside a residual block as BasicSR starts it: He normal times 0.1, bias 0.</summary>
    public Conv2d Residual(int inputs, int outputs)
    {
        ulong own = Next();
        var layer = new Conv2d(inputs, outputs, 3, padding: 1, seed: own);
        if (Initializer.IsLoading)
            return layer;
        Overwrite(layer.Weight, Initializer.KaimingNormal(own, 0.1 * Math.Sqrt(2)));
        Overwrite(layer.Bias!, Initializer.Constant(0));
        return layer;
    }

    /// <summary>A convolution that starts with weights N(0, 2 / (outputs k^2)) and bias 0.</summary>
    public Conv2d FanOut(int inputs, int outputs, int kernel = 3, int stride = 1)
    {
        ulong own = Next();
        var layer = new Conv2d(inputs, outputs, kernel, stride, kernel / 2, seed: own);
        if (Initializer.IsLoading)
            return layer;
        Overwrite(layer.Weight, Initializer.KaimingNormalFanOut(own));
        Overwrite(layer.Bias!, Initializer.Constant(0));
        return layer;
    }

    /// <summary>A linear layer that starts with weights N(0, 0.01^2) and bias 0.</summary>
    public Linear SmallLinear(int inputs, int outputs)
    {
        ulong own = Next();
        var layer = new Linear(inputs, outputs, seed: own);
        if (Initializer.IsLoading)
            return layer;
        Overwrite(layer.Weight, Initializer.Normal(own, 0.01));
        Overwrite(layer.Bias!, Initializer.Constant(0));
        return layer;
    }

    /// <summary>Torch's starting weights of a convolution or linear layer that is a parameter of its owner.</summary>
    public Initializer Default() => Initializer.KaimingUniform(Next());

    /// <summary>A convolution that starts as zero: what it adds to begins unchanged.</summary>
    public Conv2d Zero(int inputs, int outputs, int kernel = 3)
    {
        Conv2d layer = Convolution(inputs, outputs, kernel);
        Clear(layer.Weight, layer.Bias!);
        return layer;
    }

    /// <summary>A linear layer that starts as zero.</summary>
    public Linear ZeroLinear(int inputs, int outputs)
    {
        Linear layer = Linear(inputs, outputs);
        Clear(layer.Weight, layer.Bias!);
        return layer;
    }

    private static void Clear(Tensor weight, Tensor bias)
    {
        if (Initializer.IsLoading)
            return;
        Overwrite(weight, Initializer.Constant(0));
        Overwrite(bias, Initializer.Constant(0));
    }

    private static void Overwrite(Tensor target, Initializer initializer)
    {
        using TensorScope scope = TensorScope.Enter();
        target.Storage.Write(initializer.Create(target.Shape, "weight").ToArray());
    }

    private ulong Next() => Philox4x32.DeriveSeed(seed, _count++);
}
