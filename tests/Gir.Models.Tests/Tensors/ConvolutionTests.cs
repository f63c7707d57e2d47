using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>The convolution paths of the fast engine against the scalar oracle.</summary>
public sealed class ConvolutionTests
{
    // Largest differences relative to the largest value: rounding of float32 sums, and what Winograd's transforms of six points add.
    private const double DirectTolerance = 3e-6;
    private const double WinogradTolerance = 5e-6;

    private static readonly ScalarBackend Oracle = new();

    // Makes the operands; the oracle's own memory is of doubles.
    private static readonly CpuBackend Host = new(new CpuBackendOptions { MaxDegreeOfParallelism = 1 });

    private static readonly Dictionary<ConvolutionAlgorithm, CpuBackend[]> Engines = Enum.GetValues<ConvolutionAlgorithm>().ToDictionary(
        algorithm => algorithm,
        algorithm => Enumerable.Range(1, 3).Select(threads => new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = threads, Convolution = algorithm })).ToArray());

    public static IEnumerable<Case> Cases =>
    [
        // 3 x 3 with many channels: tiles of every remainder, every padding, batches.
        new(1, 16, 16, 20, 24, 3),
        new(2, 17, 19, 17, 13, 3),
        new(1, 64, 64, 11, 13, 3),
        new(3, 16, 24, 9, 70, 3),
        new(1, 24, 16, 33, 5, 3, Padding: 0),
        new(1, 16, 33, 14, 22, 3, Padding: 2),
        new(2, 18, 16, 66, 3, 3, Padding: 2),
        new(30, 16, 16, 1, 1, 3),
        new(30, 16, 16, 1, 2, 3, Padding: 2),
        // More channels than a block of the weight gradient, and more tiles than a slice of it.
        new(1, 100, 17, 21, 19, 3),
        new(2, 16, 103, 9, 23, 3, Padding: 0),
        new(600, 16, 17, 1, 5, 3),
        // Fewer outputs than inputs.
        new(1, 20, 3, 11, 17, 5, Padding: 2),
        new(2, 16, 4, 9, 20, 3, Padding: 0),
        new(1, 6, 2, 8, 9, 5, Padding: 4),
        // 5 x 5 with many channels.
        new(1, 16, 16, 20, 24, 5, Padding: 2),
        new(2, 17, 19, 13, 17, 5, Padding: 0),
        new(1, 24, 16, 12, 37, 5, Padding: 4),
        new(30, 16, 16, 1, 1, 5, Padding: 2),
        // Few channels, and kernels of every size.
        new(1, 3, 64, 13, 50, 3),
        new(1, 64, 3, 13, 66, 3),
        new(1, 8, 12, 9, 100, 3, Bias: false),
        new(1, 1, 1, 1, 1, 1),
        new(2, 3, 8, 19, 23, 9, Padding: 4),
        new(1, 17, 5, 12, 31, 5, Padding: 2),
        new(1, 4, 4, 7, 7, 7, Padding: 3),
        new(1, 2, 4, 8, 8, 2, Padding: 0),
        new(1, 300, 9, 5, 20, 3),
        // 1 x 1: lines of one image, and the padded one.
        new(2, 64, 17, 23, 29, 1, Padding: 0),
        new(1, 200, 8, 30, 40, 1, Padding: 0),
        new(1, 8, 8, 6, 7, 1, Padding: 1),
        new(1, 21, 150, 5, 40, 1, Padding: 0),
        new(2, 24, 40, 8, 8, 1, Padding: 0, Groups: 4, Bias: false),
        // Strides, dilation, groups.
        new(1, 16, 24, 17, 70, 3, Stride: 2),
        new(1, 16, 16, 15, 15, 4, Stride: 2),
        new(2, 8, 17, 16, 19, 1, Stride: 2, Padding: 0),
        new(1, 8, 8, 20, 22, 5, Stride: 3, Padding: 2),
        new(1, 4, 4, 9, 9, 2, Stride: 3, Padding: 0),
        new(2, 24, 16, 12, 36, 2, Stride: 2, Padding: 0),
        new(1, 5, 7, 11, 71, 2, Stride: 2, Padding: 0),
        new(1, 6, 8, 10, 11, 3, Stride: 3, Padding: 0, Groups: 2),
        new(1, 4, 4, 9, 9, 2, Stride: 2, Padding: 0, Groups: 4),
        new(2, 16, 9, 12, 33, 4, Stride: 2),
        new(1, 16, 16, 21, 18, 3, Padding: 2, Dilation: 2),
        new(1, 8, 8, 18, 20, 3, Stride: 2, Padding: 3, Dilation: 3),
        new(1, 6, 8, 12, 13, 3, Groups: 2),
        new(2, 16, 32, 9, 17, 3, Groups: 4),
        new(1, 8, 16, 10, 11, 3, Stride: 2, Groups: 8),
        // Depthwise.
        new(2, 5, 5, 9, 70, 3, Groups: 5),
        new(1, 17, 17, 21, 140, 5, Padding: 2, Groups: 17),
        new(1, 8, 8, 15, 37, 3, Stride: 2, Groups: 8),
        new(1, 8, 8, 20, 21, 5, Stride: 2, Padding: 2, Groups: 8),
        new(1, 3, 3, 14, 33, 3, Padding: 3, Dilation: 3, Groups: 3, Bias: false),
        new(1, 3, 3, 5, 1, 7, Padding: 3, Groups: 3),
    ];

    [TestCaseSource(nameof(Cases))]
    public void The_output_equals_the_definition(Case c)
    {
        (Tensor x, Tensor weight, Tensor? bias, Tensor dy) = c.Operands(forward: true);
        Tensor expected = Tensor.Empty(dy.Shape, Oracle);
        Oracle.Conv2d(x, weight, bias, c.Geometry, expected);
        Check(c, expected, (engine, y) => engine.Conv2d(x, weight, bias, c.Geometry, y));
    }

    [TestCaseSource(nameof(Cases))]
    public void The_gradient_of_the_input_equals_the_definition(Case c)
    {
        (Tensor x, Tensor weight, Tensor? bias, Tensor dy) = c.Operands(forward: false);
        Tensor expected = Tensor.Empty(x.Shape, Oracle);
        Oracle.Conv2dInputGradient(dy, weight, bias, c.Geometry, expected);
        Check(c, expected, (engine, dx) => engine.Conv2dInputGradient(dy, weight, bias, c.Geometry, dx));
    }

    [TestCaseSource(nameof(Cases))]
    public void The_gradient_of_the_weight_equals_the_definition(Case c)
    {
        (Tensor x, Tensor weight, _, Tensor dy) = c.Operands(forward: true);
        Tensor expected = Tensor.Empty(weight.Shape, Oracle);
        Oracle.Conv2dWeightGradient(x, dy, c.Geometry, expected);
        Check(c, expected, (engine, dw) => engine.Conv2dWeightGradient(x, dy, c.Geometry, dw));
    }

    [TestCase(4, 5e-6)]
    [TestCase(2, 1e-6)]
    public void Winograd_of_64_channels_stays_within_its_error(int step, double bound)
    {
        var c = new Case(1, 64, 64, 8 * step, 8 * step, 3);
        (Tensor x, Tensor weight, Tensor? bias, Tensor dy) = c.Operands(forward: true);
        Tensor expected = Tensor.Empty(dy.Shape, Oracle);
        Tensor actual = Tensor.Empty(dy.Shape, Host);
        Oracle.Conv2d(x, weight, bias, c.Geometry, expected);
        Engines[step == 4 ? ConvolutionAlgorithm.Automatic : ConvolutionAlgorithm.WinogradF2][0].Conv2d(x, weight, bias, c.Geometry, actual);
        Assert.That(Difference(actual, expected), Is.LessThanOrEqualTo(bound));
    }

    [TestCase(3, 5e-6)]
    [TestCase(5, 1e-5)]
    public void Winograd_gradients_of_the_weight_of_many_channels_stay_within_their_error(int kernel, double bound)
    {
        var c = new Case(1, 64, 32, 32, 32, kernel, Padding: kernel / 2);
        (Tensor x, Tensor weight, _, Tensor dy) = c.Operands(forward: true);
        Tensor expected = Tensor.Empty(weight.Shape, Oracle);
        Tensor actual = Tensor.Empty(weight.Shape, Host);
        Oracle.Conv2dWeightGradient(x, dy, c.Geometry, expected);
        Host.Conv2dWeightGradient(x, dy, c.Geometry, actual);
        Assert.That(Difference(actual, expected), Is.LessThanOrEqualTo(bound));
    }

    [Test]
    public void The_algorithm_is_a_choice()
    {
        if (!System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            Assert.Ignore("One path serves all choices without AVX-512.");
        var c = new Case(1, 16, 16, 24, 24, 3);
        (Tensor x, Tensor weight, Tensor? bias, Tensor dy) = c.Operands(forward: true);
        float[][] results = [.. Enum.GetValues<ConvolutionAlgorithm>().Select(algorithm =>
        {
            Tensor y = Tensor.Empty(dy.Shape, Host);
            Engines[algorithm][0].Conv2d(x, weight, bias, c.Geometry, y);
            return y.ToArray();
        })];
        Assert.That(results[0], Is.Not.EqualTo(results[1]));
        Assert.That(results[1], Is.Not.EqualTo(results[2]));

        float[][] gradients = [.. Enum.GetValues<ConvolutionAlgorithm>().Select(algorithm =>
        {
            Tensor dw = Tensor.Empty(weight.Shape, Host);
            Engines[algorithm][0].Conv2dWeightGradient(x, dy, c.Geometry, dw);
            return dw.ToArray();
        })];
        Assert.That(gradients[0], Is.Not.EqualTo(gradients[2]));
        Assert.That(gradients[1], Is.EqualTo(gradients[2]));
    }

    private static void Check(Case c, Tensor expected, Action<CpuBackend, Tensor> run)
    {
        foreach ((ConvolutionAlgorithm algorithm, CpuBackend[] engines) in Engines)
        {
            float[]? first = null;
            foreach (CpuBackend engine in engines)
            {
                Tensor actual = Tensor.Full(expected.Shape, float.NaN, Host);
                run(engine, actual);
                first ??= actual.ToArray();
                Assert.That(actual.ToArray(), Is.EqualTo(first), $"{algorithm}, {engine.Options.MaxDegreeOfParallelism} threads");
            }

            Tensor result = Tensor.From(first!, expected.Shape, Host);
            double tolerance = algorithm == ConvolutionAlgorithm.Automatic && c.Kernel is 3 or 5 ? WinogradTolerance : DirectTolerance;
            Assert.That(Difference(result, expected), Is.LessThanOrEqualTo(tolerance), algorithm.ToString());
        }
    }

    private static double Difference(Tensor actual, Tensor expected)
    {
        float[] a = actual.ToArray();
        float[] e = expected.ToArray();
        double largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = Math.Abs((double)a[i] - e[i]);
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }

        return largest / Math.Max(1e-30, e.Max(Math.Abs));
    }

    /// <summary>A convolution's sizes.</summary>
    public sealed record Case(
        int Images, int Inputs, int Outputs, int Height, int Width, int Kernel, int Stride = 1, int Padding = 1, int Dilation = 1, int Groups = 1, bool Bias = true)
    {
        internal Conv2dGeometry Geometry => new(Kernel, Kernel, Stride, Padding, Dilation, Groups);

        public override string ToString() =>
            $"{Images}x{Inputs}x{Height}x{Width} to {Outputs}, kernel {Kernel}, stride {Stride}, padding {Padding}, dilation {Dilation}, groups {Groups}, bias {Bias}";

        internal (Tensor X, Tensor Weight, Tensor? Bias, Tensor Dy) Operands(bool forward)
        {
            var random = new PhiloxRandom(7);
            Tensor Uniform(TensorShape shape)
            {
                var values = new float[shape.Length];
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)random.NextUniform(-1, 1);
                return Tensor.From(values, shape, Host);
            }

            return (
                Uniform([Images, Inputs, Height, Width]), Uniform([Outputs, Inputs / Groups, Kernel, Kernel]), Bias ? Uniform([forward ? Outputs : Inputs]) : null,
                Uniform([Images, Outputs, Geometry.OutputHeight(Height), Geometry.OutputWidth(Width)]));
        }
    }
}
