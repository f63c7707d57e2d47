using Gir.Imaging.Random;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>The normal values of one sampling run: a function of its seed, the step and the element, whatever was drawn before.</summary>
/// <param name="seed">The run's seed.</param>
/// <param name="shape">The latent's shape.</param>
/// <param name="backend">The engine.</param>
internal sealed class DiffusionNoise(ulong seed, TensorShape shape, TensorBackend backend)
{
    /// <summary>What a step draws; -1 is what sampling starts from.</summary>
    public Tensor At(int step)
    {
        var values = new float[shape.Length];
        Philox4x32.FillGaussian(values, Philox4x32.DeriveSeed(seed, (ulong)(step + 1)));
        return Tensor.From(values, shape, backend);
    }
}
