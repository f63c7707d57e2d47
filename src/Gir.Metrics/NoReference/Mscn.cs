using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.NoReference;

/// <summary>Local normalization by a 7 x 7 Gaussian of sigma 7/6 with replicated edges (Mittal, Soundararajan, Bovik, 2013, eq. 1).</summary>
internal static class Mscn
{
    private const int Taps = 7;
    private static readonly double[] Window = GaussianWindow.Create(Taps, 7.0 / 6);

    /// <summary>Writes the coefficients, and the local deviations where a plane for them is given.</summary>
    public static void Compute(LevelPlane source, LevelPlane coefficients, LevelPlane? deviations, double snap, Parallelism parallelism) =>
        WindowWalk.Run(source.Height, source.Width, Window, new Stage(source, coefficients, deviations, snap), parallelism);

    private readonly unsafe struct Stage(LevelPlane source, LevelPlane coefficients, LevelPlane? deviations, double snap) : IWindowStage
    {
        private const int Reach = Taps / 2;

        public int Maps => MscnTile.Maps;

        public void Load(int row, int left, int columns, double* scratch)
        {
            ReadOnlySpan<double> line = source.Row(Math.Clamp(row - Reach, 0, source.Height - 1));
            var target = new Span<double>(scratch, columns);
            // Column i of the tile is column left + i - Reach of the image.
            int before = Math.Min(Math.Max(0, Reach - left), columns);
            int first = left + before - Reach;
            int inside = Math.Clamp(source.Width - first, 0, columns - before);
            target[..before].Fill(line[0]);
            line.Slice(first, inside).CopyTo(target[before..]);
            target[(before + inside)..].Fill(line[^1]);
            MscnTile.Square(scratch);
        }

        public void Combine(double** rows, double* weights, int taps, int row, int left, int columns)
        {
            double* buffer = stackalloc double[3 * WindowTile.Width];
            double* normalized = buffer + WindowTile.Width;
            double* spread = normalized + WindowTile.Width;
            source.Row(row).Slice(left, columns).CopyTo(new Span<double>(buffer, columns));
            MscnTile.Combine(rows, weights, taps, buffer, snap, normalized, spread);
            new Span<double>(normalized, columns).CopyTo(coefficients.Row(row)[left..]);
            if (deviations is not null)
                new Span<double>(spread, columns).CopyTo(deviations.Row(row)[left..]);
        }
    }
}
