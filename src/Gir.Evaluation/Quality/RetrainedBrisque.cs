using System.Globalization;
using System.Text;
using Gir.Imaging.Files;
using Gir.Metrics.NoReference;
using Gir.Metrics.Quality;
using MathNet.Numerics.LinearAlgebra;

namespace Gir.Evaluation.Quality;

/// <summary>
/// BRISQUE with a regression of our own, to compare with where the authors' is not at hand: its 36 features under a radial kernel of the authors' gamma, fitted by least squares
/// with a ridge to the same synthetic labels that learned models get, and written as libsvm's files.
/// </summary>
internal static class RetrainedBrisque
{
    private const int MostVectors = 1200;
    private const double Gamma = 0.05;
    private const double Ridge = 0.01;

    /// <summary>Fits a model and reads it back.</summary>
    /// <param name="scenes">What to learn from.</param>
    /// <param name="folder">Where to write brisque.model and brisque.range.</param>
    public static BrisqueModel Fit(IReadOnlyList<QualityScene> scenes, string folder)
    {
        int first = QualityFeatures.Names(QualityFeatureSet.FullReference).Index().First(f => f.Item == "brisque0").Index;
        var labels = new QualityLabels();
        (double[] Features, double Label)[] all =
        [
            .. scenes.SelectMany(s => s.Rows).Select(row => (row[first..(first + Brisque.FeatureCount)], 25 * (5 - labels.Consensus(row)))).Where(r => r.Item1.All(double.IsFinite)),
        ];
        int count = Math.Min(MostVectors, all.Length);
        (double[] Features, double Label)[] kept = [.. Enumerable.Range(0, count).Select(i => all[(int)((long)all.Length * i / count)])];
        double[] minima = [.. Enumerable.Range(0, Brisque.FeatureCount).Select(f => kept.Min(k => k.Features[f]))];
        double[] maxima = [.. Enumerable.Range(0, Brisque.FeatureCount).Select(f => kept.Max(k => k.Features[f]))];
        double[][] vectors = [.. kept.Select(k => k.Features.Select((v, f) => minima[f] == maxima[f] ? 0 : -1 + (2 * (v - minima[f]) / (maxima[f] - minima[f]))).ToArray())];
        double mean = kept.Average(k => k.Label);
        Matrix<double> kernel = Matrix<double>.Build.Dense(count, count, (i, j) => Kernel(vectors[i], vectors[j]) + (i == j ? Ridge : 0));
        Vector<double> weights = kernel.Cholesky().Solve(Vector<double>.Build.Dense(count, i => kept[i].Label - mean));

        string model = Path.Combine(folder, "brisque.model");
        string range = Path.Combine(folder, "brisque.range");
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"svm_type epsilon_svr\nkernel_type rbf\ngamma {Gamma}\nnr_class 2\ntotal_sv {count}\nrho {-mean:R}\nSV\n"));
        for (int i = 0; i < count; i++)
        {
            text.Append(weights[i].ToString("R", CultureInfo.InvariantCulture));
            for (int f = 0; f < Brisque.FeatureCount; f++)
                text.Append(string.Create(CultureInfo.InvariantCulture, $" {f + 1}:{vectors[i][f]:R}"));
            text.Append('\n');
        }

        AtomicFile.Write(model, Encoding.ASCII.GetBytes(text.ToString()));
        text.Clear().Append("x\n-1 1\n");
        for (int f = 0; f < Brisque.FeatureCount; f++)
            text.Append(string.Create(CultureInfo.InvariantCulture, $"{f + 1} {minima[f]:R} {maxima[f]:R}\n"));
        AtomicFile.Write(range, Encoding.ASCII.GetBytes(text.ToString()));
        return BrisqueModel.Load(model, range, "retrained on synthetic labels");
    }

    private static double Kernel(double[] a, double[] b)
    {
        double distance = 0;
        for (int i = 0; i < a.Length; i++)
            distance += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Exp(-Gamma * distance);
    }
}
