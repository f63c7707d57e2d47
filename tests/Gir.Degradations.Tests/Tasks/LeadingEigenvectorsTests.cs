using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Tasks;

public sealed class LeadingEigenvectorsTests
{
    private const int Size = 400;

    [Test]
    public void Of_a_large_matrix_they_are_those_it_was_made_of_whatever_the_threads()
    {
        // Eigenvalues: five that stand apart, one of them twice, above a crowd and a strong negative one.
        double[] values = [1, 0.9, 0.9, 0.6, 0.55, .. Enumerable.Range(0, Size - 6).Select(i => 0.5 * (1 - (i / (double)Size))), -0.95];
        double[][] vectors = Orthonormal(values.Length);
        double[] matrix = Compose(values, vectors);

        double[][] found = LeadingEigenvectors.Of(matrix, Size, 5);
        double[][] threaded = LeadingEigenvectors.Of(matrix, Size, 5, new Parallelism(3));
        Assert.That(threaded, Is.EqualTo(found));
        Assert.That(Aligned(found[0], vectors[0]), Is.EqualTo(1).Within(1e-9));
        Assert.That(Aligned(found[3], vectors[3]), Is.EqualTo(1).Within(1e-9));
        Assert.That(Aligned(found[4], vectors[4]), Is.EqualTo(1).Within(1e-9));
        // Of the eigenvalue that comes twice any two vectors of its plane will do.
        foreach (double[] twin in new[] { found[1], found[2] })
            Assert.That(Math.Sqrt(Math.Pow(Dot(twin, vectors[1]), 2) + Math.Pow(Dot(twin, vectors[2]), 2)), Is.EqualTo(1).Within(1e-9));
        Assert.That(Dot(found[1], found[2]), Is.Zero.Within(1e-12));
    }

    [Test]
    public void Equal_groups_give_their_eigenvalue_as_often_as_there_are_groups()
    {
        // Four groups of a hundred equal members that have nothing in common: the matrix has rank four.
        var matrix = new double[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
                matrix[(i * Size) + j] = i % 4 == j % 4 ? 0.01 : 0;
        }

        double[][] found = LeadingEigenvectors.Of(matrix, Size, 4);
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double same = found.Sum(v => v[i] * v[j]);
                Assert.That(same, Is.EqualTo(i % 4 == j % 4 ? 0.01 : 0).Within(1e-9));
            }
        }
    }

    private static double[][] Orthonormal(int count)
    {
        var random = new PhiloxRandom(11);
        var vectors = new List<double[]>();
        while (vectors.Count < count)
        {
            double[] vector = [.. Enumerable.Range(0, Size).Select(_ => random.NextUniform(-1, 1))];
            for (int pass = 0; pass < 2; pass++)
            {
                foreach (double[] other in vectors)
                {
                    double part = Dot(vector, other);
                    for (int i = 0; i < Size; i++)
                        vector[i] -= part * other[i];
                }
            }

            double norm = Math.Sqrt(Dot(vector, vector));
            vectors.Add([.. vector.Select(v => v / norm)]);
        }

        return [.. vectors];
    }

    private static double[] Compose(double[] values, double[][] vectors)
    {
        var matrix = new double[Size * Size];
        for (int v = 0; v < values.Length; v++)
        {
            for (int i = 0; i < Size; i++)
            {
                for (int j = 0; j < Size; j++)
                    matrix[(i * Size) + j] += values[v] * vectors[v][i] * vectors[v][j];
            }
        }

        return matrix;
    }

    private static double Aligned(double[] a, double[] b) => Math.Abs(Dot(a, b));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
