using Gir.Degradations.Kernels;
using Gir.Imaging;
using Gir.Imaging.Random;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Gir.Degradations.Tasks;

/// <summary>The eigenvectors of the largest eigenvalues of a symmetric matrix.</summary>
/// <remarks>
/// Of small matrices by a full decomposition; of large ones, of which a full one would take minutes, by block Lanczos with full reorthogonalization and
/// thick restarts (Golub and Underwood, "The block Lanczos method for computing eigenvalues", 1977; Wu and Simon, 2000). The block is as wide as the number
/// of eigenvectors, so that an eigenvalue that comes several times, as that of equal groups does, is found as often. Draws and sums have a fixed order: equal
/// matrices give equal bits, whatever the threads.
/// </remarks>
internal sealed class LeadingEigenvectors
{
    private const int SmallSize = 256;
    private const int BlocksInBasis = 12;
    private const int MostRestarts = 60;

    // Of the norm of M v - l v, for eigenvalues of a magnitude of 1 at most.
    private const double Precision = 1e-9;

    // What is left of a vector of length 1 once the others are taken from it, below which it was made of them.
    private const double Dependent = 1e-10;

    private readonly double[] _matrix;
    private readonly int _size;
    private readonly int _count;
    private readonly Parallelism _parallelism;

    // Orthonormal, and the matrix times each of them.
    private List<double[]> _basis = [];
    private List<double[]> _products = [];

    private LeadingEigenvectors(double[] matrix, int size, int count, Parallelism parallelism) =>
        (_matrix, _size, _count, _parallelism) = (matrix, size, count, parallelism);

    /// <summary>Computes them, the one of the largest eigenvalue first.</summary>
    /// <param name="matrix">Symmetric, size x size, row after row; its eigenvalues in about [-1, 1].</param>
    /// <param name="size">Number of rows.</param>
    /// <param name="count">How many eigenvectors, 1..size.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    public static double[][] Of(double[] matrix, int size, int count, Parallelism parallelism = default) =>
        size <= SmallSize || count * (BlocksInBasis + 1L) >= size
            ? Dense(matrix, size, count)
            : new LeadingEigenvectors(matrix, size, count, parallelism).Iterate();

    private static double[][] Dense(double[] matrix, int size, int count)
    {
        // Symmetric: it does not matter that columns come first there.
        Evd<double> decomposition = Matrix<double>.Build.Dense(size, size, matrix).Evd(Symmetricity.Symmetric);
        // Eigenvalues ascend.
        return [.. Enumerable.Range(1, count).Select(i => decomposition.EigenVectors.Column(size - i).ToArray())];
    }

    private double[][] Iterate()
    {
        var random = new PhiloxRandom(0, stream: 2);
        List<double[]> block = Orthonormal([.. Enumerable.Range(0, _count).Select(_ => Random(random))]);
        for (int restart = 0; ; restart++)
        {
            while (block.Count > 0 && _basis.Count + block.Count <= _count * BlocksInBasis)
            {
                List<double[]> products = Multiply(block);
                _basis.AddRange(block);
                _products.AddRange(products);
                block = Orthonormal([.. products.Select(p => (double[])p.Clone())]);
            }

            double[] values = Rotate();
            double[][] residuals = [.. Enumerable.Range(0, _count).Select(i => Residual(i, values[i]))];
            // Where nothing new is left, the vectors span all that the matrix makes of them.
            if (block.Count == 0 || restart == MostRestarts || residuals.All(r => Norm(r) <= Precision))
                return [.. _basis.Take(_count)];
            block = Orthonormal(residuals);
        }
    }

    /// <summary>Rayleigh and Ritz: turns the basis towards the eigenvectors and keeps twice as many as are wanted.</summary>
    /// <returns>Their eigenvalues.</returns>
    private double[] Rotate()
    {
        int width = _basis.Count;
        Matrix<double> projected = Matrix<double>.Build.Dense(width, width, (i, j) => i <= j ? Dot(_basis[i], _products[j]) : 0);
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < i; j++)
                projected[i, j] = projected[j, i];
        }

        Evd<double> decomposition = projected.Evd(Symmetricity.Symmetric);
        int kept = Math.Min(width, 2 * _count);
        double[][] turns = [.. Enumerable.Range(1, kept).Select(i => decomposition.EigenVectors.Column(width - i).ToArray())];
        (_basis, _products) = (Combine(_basis, turns), Combine(_products, turns));
        return [.. Enumerable.Range(1, kept).Select(i => decomposition.EigenValues[width - i].Real)];
    }

    private List<double[]> Combine(List<double[]> vectors, double[][] turns) => [.. turns.Select(turn =>
    {
        var sum = new double[_size];
        for (int v = 0; v < vectors.Count; v++)
            AddScaled(sum, vectors[v], turn[v]);
        return sum;
    })];

    private double[] Residual(int index, double value)
    {
        double[] residual = (double[])_products[index].Clone();
        AddScaled(residual, _basis[index], -value);
        return residual;
    }

    /// <summary>Takes from each vector what the basis and those before it hold, twice, for the rounding; what then is nothing is left out.</summary>
    private List<double[]> Orthonormal(IReadOnlyList<double[]> vectors)
    {
        var block = new List<double[]>();
        foreach (double[] vector in vectors)
        {
            double before = Norm(vector);
            for (int pass = 0; pass < 2; pass++)
            {
                foreach (double[] other in _basis.Concat(block))
                    AddScaled(vector, other, -Dot(other, vector));
            }

            double left = Norm(vector);
            if (left <= before * Dependent || left <= double.Epsilon)
                continue;
            for (int i = 0; i < vector.Length; i++)
                vector[i] /= left;
            block.Add(vector);
        }

        return block;
    }

    private List<double[]> Multiply(List<double[]> block)
    {
        int columns = block.Count;
        var packed = new double[_size * columns];
        for (int c = 0; c < columns; c++)
        {
            for (int i = 0; i < _size; i++)
                packed[(i * columns) + c] = block[c][i];
        }

        var products = new double[_size * columns];
        _parallelism.For(_size, 1, new MultiplyRange(_matrix, _size, packed, columns, products));
        return [.. Enumerable.Range(0, columns).Select(c =>
        {
            var column = new double[_size];
            for (int i = 0; i < _size; i++)
                column[i] = products[(i * columns) + c];
            return column;
        })];
    }

    private double[] Random(PhiloxRandom random)
    {
        var vector = new double[_size];
        for (int i = 0; i < _size; i++)
            vector[i] = random.NextUniform(-1, 1);
        return vector;
    }

    private static void AddScaled(double[] sum, double[] vector, double scale)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += scale * vector[i];
    }

    private static double Norm(double[] vector) => Math.Sqrt(Dot(vector, vector));

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private readonly struct MultiplyRange(double[] matrix, int size, double[] block, int columns, double[] products) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
                RowTimesBlock.Invoke(matrix.AsSpan(i * size, size), block, products.AsSpan(i * columns, columns));
        }
    }
}
