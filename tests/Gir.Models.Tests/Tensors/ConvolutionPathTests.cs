using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>
/// How far the convolutions of machines with AVX-512 lie from those by window matrices, which all other machines use: sums run in another
/// order, and Winograd's algorithm rounds otherwise. Elsewhere both are the same path and differ by nothing.
/// </summary>
public sealed class ConvolutionPathTests
{
    // In units of the largest value of the result. Direct sums of up to 2000 terms (weight gradients) were found to differ by 1.6e-6,
    // results of Winograd's algorithm by 1.8e-6.
    private const double DirectBound = 4e-6;
    private const double WinogradBound = 1e-5;

    private static readonly CpuBackend Direct = new(new CpuBackendOptions { MaxDegreeOfParallelism = 1, Convolution = ConvolutionAlgorithm.Direct });
    private static readonly CpuBackend Automatic = new(new CpuBackendOptions { MaxDegreeOfParallelism = 1 });

    [Test]
    public void Direct_convolutions_agree_with_window_matrices([Range(0, 24)] int seed) => AssertAgree(Direct, Any((ulong)seed), (ulong)seed, DirectBound);

    [Test]
    public void Winograd_convolutions_agree_with_window_matrices([Range(0, 7)] int seed) => AssertAgree(Automatic, Many((ulong)seed), (ulong)seed, WinogradBound);

    private static void AssertAgree(CpuBackend engine, Sizes s, ulong seed, double bound)
    {
        var draw = new Draw(seed + 1000, false);
        Tensor x = Filled(draw, s.X, engine);
        Tensor weight = Filled(draw, s.Weight, engine);
        Tensor bias = Filled(draw, [s.Weight[0]], engine);
        TensorShape output = [s.X[0], s.Weight[0], s.Geometry.OutputHeight(s.X[2]), s.Geometry.OutputWidth(s.X[3])];
        Tensor dy = Filled(draw, output, engine);
        Tensor turnedBias = Filled(draw, [s.X[1]], engine);
        AssertClose("output", output, (a, general) =>
        {
            if (general)
                engine.ConvolveGeneral(x, weight, bias, s.Geometry, a);
            else
                engine.Conv2d(x, weight, bias, s.Geometry, a);
        });
        AssertClose("input gradient", s.X, (a, general) =>
        {
            if (general)
                engine.ConvolveInputGradientGeneral(dy, weight, turnedBias, s.Geometry, a);
            else
                engine.Conv2dInputGradient(dy, weight, turnedBias, s.Geometry, a);
        });
        AssertClose("weight gradient", s.Weight, (a, general) =>
        {
            if (general)
                engine.ConvolveWeightGradientGeneral(x, dy, s.Geometry, a);
            else
                engine.Conv2dWeightGradient(x, dy, s.Geometry, a);
        });

        void AssertClose(string what, TensorShape shape, Action<Tensor, bool> run)
        {
            Tensor one = Tensor.Empty(shape, engine);
            Tensor other = Tensor.Empty(shape, engine);
            run(one, false);
            run(other, true);
            double[] expected = Array.ConvertAll(other.ToArray(), v => (double)v);
            double largest = Math.Max(expected.Max(Math.Abs), 1e-3);
            double difference = Images.MaxDifference(one.ToArray(), expected) / largest;
            Assert.That(difference, Is.LessThanOrEqualTo(bound), $"{what} of x {s.X}, weight {s.Weight}, {s.Geometry}");
        }
    }

    private static Sizes Any(ulong seed)
    {
        var draw = new Draw(seed, false);
        (int groups, int stride, int padding, int dilation) = (draw.Integer(1, 2), draw.Integer(1, 2), draw.Integer(0, 2), draw.Integer(1, 2));
        (int inputs, int outputs, int kernelHeight, int kernelWidth) = (draw.Integer(1, 12), draw.Integer(1, 12), draw.Integer(1, 5), draw.Integer(1, 5));
        int smallest = (dilation * 4) + 1;
        return new Sizes(
            [draw.Integer(1, 2), groups * inputs, draw.Integer(smallest, 24), draw.Integer(smallest, 40)],
            [groups * outputs, inputs, kernelHeight, kernelWidth],
            new Conv2dGeometry(kernelHeight, kernelWidth, stride, padding, dilation, groups));
    }

    // Enough channels and tiles for Winograd's algorithm.
    private static Sizes Many(ulong seed)
    {
        var draw = new Draw(seed, false);
        int inputs = draw.Integer(16, 48);
        return new Sizes(
            [1, inputs, draw.Integer(20, 33), draw.Integer(20, 45)], [draw.Integer(16, 48), inputs, 3, 3], new Conv2dGeometry(3, 3, 1, draw.Integer(0, 2)));
    }

    private static Tensor Filled(Draw draw, TensorShape shape, TensorBackend engine) => Tensor.From(draw.Values(shape.Length), shape, engine);

    private readonly record struct Sizes(TensorShape X, TensorShape Weight, Conv2dGeometry Geometry);
}
