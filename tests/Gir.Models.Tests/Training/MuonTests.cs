using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Tests.Training;

/// <summary>Muon against its definition in loops of double precision.</summary>
public sealed class MuonTests
{
    private const double Rate = 1e-2;
    private const double Momentum = 0.9;
    private const double Decay = 0.1;

    [TestCase(16, 16)]
    [TestCase(18, 50)]
    [TestCase(50, 18)]
    public void Steps_equal_the_definition(int rows, int columns)
    {
        double[] weights = Normals(rows * columns, 1);
        double[] momentum = new double[weights.Length];
        Tensor parameter = Parameter(weights, [rows, columns / 2, 1, 2]);
        var optimizer = new Muon([parameter], Rate, Momentum, weightDecay: Decay);
        for (int step = 0; step < 3; step++)
        {
            double[] gradient = Normals(weights.Length, 10 + (ulong)step);
            parameter.Gradient = Tensor.From(Floats(gradient), parameter.Shape);
            optimizer.Step(0.5);
            for (int i = 0; i < gradient.Length; i++)
                momentum[i] = (Momentum * momentum[i]) + ((1 - Momentum) * 0.5 * gradient[i]);
            double[] ahead = [.. momentum.Zip(gradient, (m, g) => (Momentum * m) + ((1 - Momentum) * 0.5 * g))];
            double[] direction = Orthogonalize(ahead, rows, columns);
            for (int i = 0; i < weights.Length; i++)
                weights[i] -= Rate * ((Decay * weights[i]) + (0.2 * Math.Sqrt(Math.Max(rows, columns)) * direction[i]));
            Assert.That(Images.MaxDifference(parameter.ToArray(), weights), Is.LessThan(2e-5), $"step {step}");
        }
    }

    [Test]
    public void A_direction_is_nearly_orthogonal()
    {
        const int Rows = 24, Columns = 60;
        Tensor direction = Muon.Orthogonalize(Tensor.From(Floats(Normals(Rows * Columns, 5)), [Rows, Columns]));
        float[] gram = direction.MatMulTransposed(direction).ToArray();
        double[] squares = [.. Enumerable.Range(0, Rows).Select(i => (double)gram[(i * Rows) + i])];
        // The mean of the squared singular values; each of them lies within 0.7..1.2.
        Assert.That(squares.Average(), Is.InRange(0.49, 1.44));
    }

    [Test]
    public void What_is_no_matrix_is_moved_by_Adam()
    {
        double[] values = Normals(15 * 40, 2);
        Tensor bias = Parameter([.. values.Take(40)], [40]);
        Tensor small = Parameter(values, [15, 40]);
        Tensor expectedBias = Parameter([.. values.Take(40)], [40]);
        Tensor expectedSmall = Parameter(values, [15, 40]);
        var muon = new Muon([bias, small], Rate, Momentum, weightDecay: Decay);
        var adam = new Adam([expectedBias, expectedSmall], Rate, weightDecay: Decay, decoupled: true);
        for (int step = 0; step < 3; step++)
        {
            double[] gradient = Normals(values.Length, 20 + (ulong)step);
            bias.Gradient = expectedBias.Gradient = Tensor.From(Floats([.. gradient.Take(40)]), bias.Shape);
            small.Gradient = expectedSmall.Gradient = Tensor.From(Floats(gradient), small.Shape);
            muon.Step();
            adam.Step();
        }

        Assert.That(bias.ToArray(), Is.EqualTo(expectedBias.ToArray()));
        Assert.That(small.ToArray(), Is.EqualTo(expectedSmall.ToArray()));
    }

    [TestCase(-0.1)]
    [TestCase(1)]
    public void A_momentum_that_cannot_be_is_refused(double momentum) =>
        Assert.That(() => new Muon([Parameter(Normals(256, 1), [16, 16])], momentum: momentum), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("momentum"));

    private static double[] Orthogonalize(double[] matrix, int rows, int columns)
    {
        if (rows > columns)
            return Transposed(Orthogonalize(Transposed(matrix, rows, columns), columns, rows), columns, rows);
        double norm = Math.Sqrt(matrix.Sum(v => v * v));
        double[] x = [.. matrix.Select(v => v / norm)];
        for (int k = 0; k < 5; k++)
        {
            double[] gram = Product(x, Transposed(x, rows, columns), rows, columns, rows);
            double[] square = Product(gram, gram, rows, rows, rows);
            double[] factor = [.. gram.Zip(square, (g, s) => (-4.7750 * g) + (2.0315 * s))];
            double[] added = Product(factor, x, rows, rows, columns);
            x = [.. x.Zip(added, (v, a) => (3.4445 * v) + a)];
        }

        return x;
    }

    private static double[] Product(double[] a, double[] b, int rows, int inner, int columns)
    {
        var product = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                for (int k = 0; k < inner; k++)
                    product[(i * columns) + j] += a[(i * inner) + k] * b[(k * columns) + j];
            }
        }

        return product;
    }

    private static double[] Transposed(double[] matrix, int rows, int columns) =>
        [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[(i % rows * columns) + (i / rows)])];

    private static Tensor Parameter(double[] values, int[] shape)
    {
        Tensor parameter = Tensor.From(Floats(values), TensorShape.Create(shape));
        parameter.RequiresGradient = true;
        return parameter;
    }

    private static float[] Floats(double[] values) => [.. values.Select(v => (float)v)];

    // Of single precision, so that both sides begin with the same numbers.
    private static double[] Normals(int count, ulong seed)
    {
        var random = new PhiloxRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(float)random.NextGaussian())];
    }
}
