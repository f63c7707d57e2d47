using Gir.Imaging.Random;
using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>Draws initial weights from a Philox stream: the same seed and key give the same weights, whatever else is built.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class Initializer
{
    [ThreadStatic]
    private static LoadingScope? s_loading;

    private readonly Action<Span<float>, TensorShape, ulong> _fill;
    private readonly ulong _seed;

    private Initializer(ulong seed, Action<Span<float>, TensorShape, ulong> fill)
    {
        _seed = seed;
        _fill = fill;
    }

    /// <summary>One value everywhere.</summary>
    public static Initializer Constant(float value) => new(0, (values, _, _) => values.Fill(value));

    /// <summary>U(-b, b) with b = gain sqrt(3 / fan in) (He et al. 2015); torch's default for convolutions and linear layers has gain sqrt(1/3).</summary>
    public static Initializer KaimingUniform(ulong seed, double gain = 0.57735026918962576) =>
        new(seed, (values, shape, stream) => DrawUniform(values, stream, gain * Math.Sqrt(3.0 / FanIn(shape))));

    /// <summary>N(0, gain^2 / fan in) (He et al. 2015); BasicSR scales it by a gain of 0.1 inside residual blocks.</summary>
    public static Initializer KaimingNormal(ulong seed, double gain = 1.4142135623730951) => new(seed, (values, shape, stream) =>
    {
        double root = Math.Sqrt(FanIn(shape));
        Draw(values, stream, random => random.NextGaussian() * gain / root);
    });

    /// <summary>U(-b, b) with b = gain sqrt(6 / (fan in + fan out)) (Glorot, Bengio 2010).</summary>
    public static Initializer XavierUniform(ulong seed, double gain = 1) =>
        new(seed, (values, shape, stream) => DrawUniform(values, stream, gain * Math.Sqrt(6.0 / (FanIn(shape) + FanOut(shape)))));

    /// <summary>U(-bound, bound).</summary>
    public static Initializer Uniform(ulong seed, double bound) => new(seed, (values, _, stream) => DrawUniform(values, stream, bound));

    /// <summary>N(0, sigma^2).</summary>
    public static Initializer Normal(ulong seed, double sigma) => new(seed, (values, _, stream) => Draw(values, stream, random => random.NextGaussian() * sigma));

    /// <summary>N(0, gain^2 / fan out) (He et al. 2015, for gradients that keep their size on the way back).</summary>
    public static Initializer KaimingNormalFanOut(ulong seed, double gain = 1.4142135623730951) => new(seed, (values, shape, stream) =>
    {
        double root = Math.Sqrt((double)shape[0] * (shape.Rank < 2 ? 1 : shape.Stride(1)));
        Draw(values, stream, random => random.NextGaussian() * gain / root);
    });

    /// <summary>N(0, sigma^2) restricted to [-2, 2] (torch's trunc_normal_, used by vision transformers with sigma 0.02).</summary>
    public static Initializer TruncatedNormal(ulong seed, double sigma = 0.02)
    {
        // A wider one would hardly ever fall inside.
        if (!(sigma is >= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "Expected a value in 0..100.");
        return new(seed, (values, _, stream) => Draw(values, stream, random =>
        {
            double value;
            do
                value = random.NextGaussian() * sigma;
            while (Math.Abs(value) > 2);
            return value;
        }));
    }

    /// <summary>
    /// Until disposed, networks made on this thread start with zeros, which a checkpoint's values will replace, and may not have more values than given.
    /// </summary>
    /// <param name="values">A small multiple of the checkpoint's values: what a network built from untrusted shapes may allocate is bounded by it.</param>
    /// <returns>The end of the loading; dispose it on the same thread.</returns>
    public static IDisposable ForLoading(long values) => ForLoading(values, isCompact: false);

    /// <summary>The same, for inference alone where weights are to be compact.</summary>
    /// <param name="values">A small multiple of the checkpoint's values.</param>
    /// <param name="isCompact">Whether weights of convolutions and linear layers are made by <see cref="TensorBackend.AllocateCompact"/>.</param>
    internal static IDisposable ForLoading(long values, bool isCompact) => s_loading = new LoadingScope(s_loading, values, isCompact);

    /// <summary>Whether initial values are not wanted because others will replace them.</summary>
    internal static bool IsLoading => s_loading is not null;

    /// <summary>Notes that a network wants room for a tensor or a table, before it takes it.</summary>
    /// <exception cref="ArgumentException">The network being loaded is larger than its checkpoint.</exception>
    internal static void Charge(long values) => s_loading?.Charge(values);

    /// <param name="shape">The shape.</param>
    /// <param name="key">The stream.</param>
    /// <param name="mayBeCompact">Whether convolutions and matrix products alone read it.</param>
    internal Tensor Create(TensorShape shape, string key, bool mayBeCompact = false)
    {
        if (s_loading is { } loading)
            return mayBeCompact && loading.IsCompact ? Tensor.Compact(shape) : Tensor.Zeros(shape);
        var values = new float[shape.Length];
        _fill(values, shape, Philox4x32.DeriveSeed(_seed, key));
        return Tensor.From(values, shape);
    }

    private static void Draw(Span<float> values, ulong seed, Func<PhiloxRandom, double> next)
    {
        var random = new PhiloxRandom(seed);
        foreach (ref float value in values)
            value = (float)next(random);
    }

    /// <summary>The draws of <see cref="PhiloxRandom.NextUniform"/>, many at once.</summary>
    private static void DrawUniform(Span<float> values, ulong seed, double bound)
    {
        if (!(bound >= 0 && double.IsFinite(bound)))
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "Expected a finite number of at least 0.");
        Span<double> draws = stackalloc double[512];
        for (int start = 0; start < values.Length; start += draws.Length)
        {
            Span<float> part = values[start..Math.Min(start + draws.Length, values.Length)];
            Philox4x32.FillUniform(draws[..part.Length], seed, offset: (ulong)start);
            for (int i = 0; i < part.Length; i++)
                part[i] = (float)(-bound + ((bound - -bound) * draws[i]));
        }
    }

    private static int FanIn(TensorShape shape) => shape.Rank < 2 ? shape.Length : shape.Length / shape[0];

    private static int FanOut(TensorShape shape) => shape.Rank < 2 ? shape.Length : shape.Length / shape[1];

    private sealed class LoadingScope(LoadingScope? outer, long values, bool isCompact) : IDisposable
    {
        private long _used;

        public bool IsCompact => isCompact;

        public void Charge(long count)
        {
            _used += count;
            if (_used > values)
                throw new ArgumentException($"The shapes describe a network of more than {values} values, which the checkpoint does not hold.");
        }

        public void Dispose() => s_loading = outer;
    }
}
