using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>Batch normalization of [n, c, h, w] (Ioffe, Szegedy 2015): weight, bias and running statistics [c].</summary>
public sealed class BatchNorm2d : Module
{
    private readonly float _epsilon;
    private readonly float _momentum;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _mean;
    private readonly Tensor _variance;
    private readonly Tensor _batches;

    /// <summary>Creates the layer: weight 1, bias 0, mean 0, variance 1.</summary>
    /// <param name="channels">Channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">Share of a batch's statistics in the new running ones.</param>
    public BatchNorm2d(int channels, float epsilon = 1e-5f, float momentum = 0.1f)
    {
        (_epsilon, _momentum) = (epsilon, momentum);
        _weight = Parameter("weight", [channels], Initializer.Constant(1));
        _bias = Parameter("bias", [channels], Initializer.Constant(0));
        _mean = Buffer("running_mean", [channels], 0);
        _variance = Buffer("running_var", [channels], 1);
        _batches = Buffer("num_batches_tracked", [], 0);
    }

    /// <summary>Whether the batch's own statistics are used and remembered; false (the default) uses the running ones.</summary>
    public bool IsTraining { get; set; }

    /// <summary>
    /// The weights of a convolution that does what the given one and this layer with its running statistics do: with s = weight / sqrt(variance + epsilon),
    /// s times its weights, and s (its bias - mean) + bias.
    /// </summary>
    /// <param name="convolutionWeight">[o, c / groups, k, k], o being this layer's channels.</param>
    /// <param name="convolutionBias">[o] or null.</param>
    internal (Tensor Weight, Tensor Bias) Fold(Tensor convolutionWeight, Tensor? convolutionBias)
    {
        Tensor scale = _weight * (_variance + _epsilon).ReciprocalSqrt();
        Tensor shifted = convolutionBias is null ? -_mean : convolutionBias - _mean;
        return (convolutionWeight * scale.Reshape(scale.Length, 1, 1, 1), (shifted * scale) + _bias);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        if (!IsTraining)
            return x.BatchNorm(_mean, _variance, _weight, _bias, _epsilon);
        _batches.Backend.ScaleAndShift(_batches, 1, 1, _batches);
        return x.BatchNormTraining(_mean, _variance, _weight, _bias, _momentum, _epsilon);
    }
}
