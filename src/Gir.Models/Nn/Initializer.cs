using Gir.Imaging.Random;
using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>Draws initial weights from a Philox stream: the same seed and key give the same weights, whatever else is built.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class Initializer
{
    [ThreadStatic]
    private static LoadingScope? s_loading;

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

    /// <summary>N(0, sigma^2).</summary>
    public static Initializer Normal(ulong seed, double sigma) => new(seed, (random, _) => (float)(random.NextGaussian() * sigma));

    /// <summary>N(0, gain^2 / fan out) (He et al. 2015, for gradients that keep their size on the way back).</summary>
    public static Initializer KaimingNormalFanOut(ulong seed, double gain = 1.4142135623730951) => new(seed, (random, shape) =>
        (float)(random.NextGaussian() * gain / Math.Sqrt((double)shape[0] * (shape.Rank < 2 ? 1 : shape.Stride(1)))));

    /// <summary>N(0, sigma^2) restricted to [-2, 2] (torch's trunc_normal_, used by vision transformers with sigma 0.02).</summary>
    public static Initializer TruncatedNormal(ulong seed, double sigma = 0.02)
    {
        // A wider one would hardly ever fall inside.
        if (!(sigma is >= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "Expected a value in 0..100.");
        return new(seed, (random, _) =>
        {
            double value;
            do
                value = random.NextGaussian() * sigma;
            while (Math.Abs(value) > 2);
            return (float)value;
        });
    }

    /// <summary>
    /// Until disposed, networks made on this thread start with zeros, which a checkpoint's values will replace, and may not have more values than given.
    /// </summary>
    /// <param name="values">A small multiple of the checkpoint's values: what a network built from untrusted shapes may allocate is bounded by it.</param>
    /// <returns>The end of the loading; dispose it on the same thread.</returns>
    public static IDisposable ForLoading(long values) => s_loading = new LoadingScope(s_loading, values);

    /// <summary>Whether initial values are not wanted because others will replace them.</summary>
    internal static bool IsLoading => s_loading is not null;

    /// <summary>Notes that a network wants room for a tensor or a table, before it takes it.</summary>
    /// <exception cref="ArgumentException">The network being loaded is larger than its checkpoint.</exception>
    internal static void Charge(long values) => s_loading?.Charge(values);

    internal Tensor Create(TensorShape shape, string key)
    {
        if (IsLoading)
            return Tensor.Zeros(shape);
        var random = new PhiloxRandom(Philox4x32.DeriveSeed(_seed, key));
        var values = new float[shape.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = _draw(random, shape);
        return Tensor.From(values, shape);
    }

    private static int FanIn(TensorShape shape) => shape.Rank < 2 ? shape.Length : shape.Length / shape[0];

    private static int FanOut(TensorShape shape) => shape.Rank < 2 ? shape.Length : shape.Length / shape[1];

    private sealed class LoadingScope(LoadingScope? outer, long values) : IDisposable
    {
        private long _used;

        public void Charge(long count)
        {
            _used += count;
            if (_used > values)
                throw new ArgumentException($"The shapes describe a network of more than {values} values, which the checkpoint does not hold.");
        }

        public void Dispose() => s_loading = outer;
    }
}
