using Gir.Imaging.Random;
using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>Draws initial weights from a Philox stream: the same seed and key give the same weights, whatever else is built.</summary>
public sealed class Initializer
{
    private readonly Func<PhiloxRandom, TensorShape, float> _draw;
    private readonly ulong _seed;

    private Initializer(ulong seed, Func<PhiloxRandom, TensorShape, float> draw)
    {
        _seed = seed;
        _draw = draw;
    }

    /// <summary>One value everywhere.</summary>
    public static Initializer Constant(float value) => new(0, (_, _) => value);

    /// <summary>U(-b, b) with b = gain sqrt(3 / fan in) (He et al. 2015); torch's default for convolutions and linear layers has gain sqrt(1/3).</summary>
    public static Initializer KaimingUniform(ulong seed, double gain = 0.57735026918962576) => new(seed, (random, shape) =>
    {
        double bound = gain * Math.Sqrt(3.0 / FanIn(shape));
        return (float)random.NextUniform(-bound, bound);
    });

    /// <summary>N(0, gain^2 / fan in) (He et al. 2015); BasicSR scales it by a gain of 0.1 inside residual blocks.</summary>
    public static Initializer KaimingNormal(ulong seed, double gain = 1.4142135623730951) =>
        new(seed, (random, shape) => (float)(random.NextGaussian() * gain / Math.Sqrt(FanIn(shape))));

    /// <summary>U(-b, b) with b = gain sqrt(6 / (fan in + fan out)) (Glorot, Bengio 2010).</summary>
    public static Initializer XavierUniform(ulong seed, double gain = 1) => new(seed, (random, shape) =>
    {
        double bound = gain * Math.Sqrt(6.0 / (FanIn(shape) + FanOut(shape)));
        return (float)random.NextUniform(-bound, bound);
    });

    /// <summary>U(-bound, bound).</summary>
    public static Initializer Uniform(ulong seed, double bound) => new(seed, (random, _) => (float)random.NextUniform(-bound, bound));

    /// <summary>N(0, sigma^2) restricted to [-2, 2] (torch's trunc_normal_, used by vision transformers with sigma 0.02).</summary>
    public static Initializer TruncatedNormal(ulong seed, double sigma = 0.02) => new(seed, (random, _) =>
    {
        double value;
        do
            value = random.NextGaussian() * sigma;
        while (Math.Abs(value) > 2);
        return (float)value;
    });

    internal Tensor Create(TensorShape shape, string key)
    {
        var random = new PhiloxRandom(Philox4x32.DeriveSeed(_seed, key));
        var values = new float[shape.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = _draw(random, shape);
        return Tensor.From(values, shape);
    }

    private static int FanIn(TensorShape shape) => shape.Rank < 2 ? shape.Length : shape.Length / shape[0];

    private static int FanOut(TensorShape shape) => shape.Rank < 2 ? shape.Length : shape.Length / shape[1];
}
