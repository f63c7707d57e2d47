using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones;

/// <summary>DIV2K's mean color, which EDSR, SwinIR and HAT subtract from three channels; it is a constant of their code, not of their checkpoints.</summary>
internal static class ColorMean
{
    private static readonly float[] s_mean = [0.4488f, 0.4371f, 0.4040f];

    /// <summary>Red, green, blue, in 0..1.</summary>
    public static IReadOnlyList<float> Values => s_mean;

    public static Tensor Subtract(Tensor x) => x.Shape[1] == 3 ? x - Mean(x) : x;

    public static Tensor Add(Tensor x) => x.Shape[1] == 3 ? x + Mean(x) : x;

    private static Tensor Mean(Tensor x) => EngineConstants.Of(x.Backend, new Key(), [1, 3, 1, 1], static _ => s_mean);

    private readonly record struct Key;
}
