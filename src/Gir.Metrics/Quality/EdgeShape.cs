namespace Gir.Metrics.Quality;

/// <summary>How wide an image's edges are, and how far they shoot over (Marziliano et al.: "A no-reference perceptual blur metric", 2002, along rows and columns).</summary>
/// <param name="Width">Mean number of pixels over which an edge rises or falls; NaN without edges.</param>
/// <param name="Overshoot">Mean of what the signal returns within three pixels after an edge, against the edge's height; NaN without edges.</param>
internal readonly record struct EdgeShape(double Width, double Overshoot)
{
    // Levels over two pixels from which on a slope is an edge.
    private const double LeastSlope = 24;
    private const int Longest = 24;
    private const int After = 3;

    public static EdgeShape Of(LevelPlane luma)
    {
        var sums = default(Sums);
        for (int y = 0; y < luma.Height; y++)
            sums.Add(luma.Row(y));
        var column = new double[luma.Height];
        for (int x = 0; x < luma.Width; x++)
        {
            for (int y = 0; y < luma.Height; y++)
                column[y] = luma.Data[(y * luma.Width) + x];
            sums.Add(column);
        }

        return new EdgeShape(sums.Width / sums.Edges, sums.Overshoot / sums.Edges);
    }

    private struct Sums
    {
        public double Width;
        public double Overshoot;
        public double Edges;

        public void Add(ReadOnlySpan<double> line)
        {
            for (int x = 2; x < line.Length - 2; x++)
            {
                double slope = line[x + 1] - line[x - 1];
                double strength = Math.Abs(slope);
                // The strongest place of a slope; of equal ones the first.
                if (strength < LeastSlope || strength <= Math.Abs(line[x] - line[x - 2]) || strength < Math.Abs(line[x + 2] - line[x]))
                    continue;
                double sign = Math.Sign(slope);
                (int first, int last) = (x, x);
                while (first > 0 && x - first < Longest && sign * (line[first] - line[first - 1]) > 0)
                    first--;
                while (last < line.Length - 1 && last - x < Longest && sign * (line[last + 1] - line[last]) > 0)
                    last++;
                double height = sign * (line[last] - line[first]);
                if (height <= 0)
                    continue;
                Width += last - first;
                Overshoot += (Return(line, last, 1, sign) + Return(line, first, -1, -sign)) / height;
                Edges++;
            }
        }

        /// <summary>How far the signal falls back from an extreme, within a few pixels.</summary>
        private static double Return(ReadOnlySpan<double> line, int extreme, int step, double sign)
        {
            double most = 0;
            for (int i = 1; i <= After && extreme + (i * step) >= 0 && extreme + (i * step) < line.Length; i++)
                most = Math.Max(most, sign * (line[extreme] - line[extreme + (i * step)]));
            return most;
        }
    }
}
