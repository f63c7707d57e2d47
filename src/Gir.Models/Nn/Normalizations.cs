using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>Instance normalization (Ulyanov et al. 2016); as in torch without weight and bias unless asked for.</summary>
public sealed class InstanceNorm2d : Module
{
    private readonly float _epsilon;

    /// <summary>Creates the layer.</summary>
    public InstanceNorm2d(int channels, float epsilon = 1e-5f, bool affine = false)
    {
        _epsilon = epsilon;
        Weight = affine ? Parameter("weight", [channels], Initializer.Constant(1)) : null;
        Bias = affine ? Parameter("bias", [channels], Initializer.Constant(0)) : null;
    }

    /// <summary>[c] or null.</summary>
    public Tensor? Weight { get; }

    /// <summary>[c] or null.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.InstanceNorm(Weight, Bias, _epsilon);
}

/// <summary>Group normalization (Wu, He 2018): weight and bias [c].</summary>
public sealed class GroupNorm : Module
{
    /// <summary>Creates the layer with weight 1 and bias 0.</summary>
    /// <exception cref="ArgumentException">The channels do not divide into the groups.</exception>
    public GroupNorm(int groups, int channels, float epsilon = 1e-5f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (channels % groups != 0)
            throw new ArgumentException($"{channels} channels do not divide into {groups} groups.", nameof(channels));
        (Groups, Epsilon) = (groups, epsilon);
        Weight = Parameter("weight", [channels], Initializer.Constant(1));
        Bias = Parameter("bias", [channels], Initializer.Constant(0));
    }

    /// <summary>Groups.</summary>
    internal int Groups { get; }

    /// <summary>Added to the variance.</summary>
    internal float Epsilon { get; }

    /// <summary>[c].</summary>
    public Tensor Weight { get; }

    /// <summary>[c].</summary>
    public Tensor Bias { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => x.GroupNorm(Groups, Weight, Bias, Epsilon);

    /// <summary>Normalized, then x sigmoid(x): the two are one step of diffusion's networks.</summary>
    internal Tensor Activated(Tensor x) => Scopes.Run((Module: this, x), static s => s.x.GroupNormSilu(s.Module.Groups, s.Module.Weight, s.Module.Bias, s.Module.Epsilon));
}
