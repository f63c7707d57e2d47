using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>Losses of the trainings, and how averages of weights begin.</summary>
internal static class DiffusionLosses
{
    private const double LargestDecay = 0.9999;

    /// <summary>The discriminator's hinge loss: 1/2 (mean max(0, 1 - D(x)) + mean max(0, 1 + D(y))).</summary>
    public static Tensor Hinge(Tensor real, Tensor fake) => ((1 - real).Relu().Mean() + (fake + 1).Relu().Mean()) * 0.5f;

    /// <summary>Share of the old average at update n, from 1 on: an average that forgets its start.</summary>
    public static double AverageDecay(long n) => Math.Min(LargestDecay, (1.0 + n) / (10.0 + n));
}
