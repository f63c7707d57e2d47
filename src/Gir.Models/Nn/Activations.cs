using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>max(x, 0).</summary>
public sealed class Relu : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.Relu();
}

/// <summary>x, or slope x where negative.</summary>
/// <param name="slope">Factor of negative values.</param>
public sealed class LeakyRelu(float slope = 0.01f) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.LeakyRelu(slope);
}

/// <summary>The Gaussian error linear unit, erf form.</summary>
public sealed class Gelu : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.Gelu();
}

/// <summary>The logistic function.</summary>
public sealed class Sigmoid : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.Sigmoid();
}

/// <summary>A rectifier with learned slopes (He et al. 2015): weight [1], or one per channel.</summary>
public sealed class Prelu : Module
{
    /// <summary>Creates the layer.</summary>
    /// <param name="parameters">1, or the number of channels.</param>
    /// <param name="initial">Slope at the start; torch's default is 0.25.</param>
    public Prelu(int parameters = 1, float initial = 0.25f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters, 1);
        Weight = Parameter("weight", [parameters], Initializer.Constant(initial));
    }

    /// <summary>[1] or [c].</summary>
    public Tensor Weight { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.Prelu(Weight);
}

/// <summary>[n, c f f, h, w] to [n, c, h f, w f] (Shi et al. 2016).</summary>
/// <param name="factor">The factor f.</param>
public sealed class PixelShuffle(int factor) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.PixelShuffle(factor);
}

/// <summary>[n, c, h f, w f] to [n, c f f, h, w]: the inverse of <see cref="PixelShuffle"/>.</summary>
/// <param name="factor">The factor f.</param>
public sealed class PixelUnshuffle(int factor) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.PixelUnshuffle(factor);
}
