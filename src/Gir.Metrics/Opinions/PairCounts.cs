using Gir.Imaging;

namespace Gir.Metrics.Opinions;

/// <summary>
/// How many pairs of images agree, by pair of scenes: what a resample of the scenes counts is then a weighted sum, since a scene drawn w times brings the pairs with
/// a scene drawn v times w v times, and its own w w times.
/// </summary>
internal sealed class PairCounts
{
    private readonly Cell[] _cells;
    private readonly int _scenes;

    /// <summary>Counts.</summary>
    /// <param name="x">Scores.</param>
    /// <param name="y">Opinions.</param>
    /// <param name="spread">Spread of each opinion; pairs no farther apart than the larger of two are not judged.</param>
    /// <param name="starts">Where each scene starts in the series, and their end.</param>
    /// <param name="parallelism">Threads.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public PairCounts(double[] x, double[] y, double[] spread, int[] starts, Parallelism parallelism, CancellationToken cancellationToken)
    {
        _scenes = starts.Length - 1;
        _cells = new Cell[_scenes * _scenes];
        parallelism.For(_scenes, 1, new Counting(x, y, spread, starts, _cells), cancellationToken);
    }

    /// <summary>Tau-b and the share of judged pairs that the scores order as people do, a tie counting half.</summary>
    /// <param name="weights">How often each scene was drawn.</param>
    public (double TauB, double Accuracy) Over(ReadOnlySpan<double> weights)
    {
        (double difference, double differX, double differY, double right, double judged) = (0, 0, 0, 0, 0);
        for (int a = 0; a < _scenes; a++)
        {
            if (weights[a] == 0)
                continue;
            for (int b = a; b < _scenes; b++)
            {
                double weight = weights[a] * weights[b];
                if (weight == 0)
                    continue;
                ref readonly Cell cell = ref _cells[(a * _scenes) + b];
                difference += weight * cell.Difference;
                differX += weight * cell.DifferX;
                differY += weight * cell.DifferY;
                right += weight * cell.RightTwice;
                judged += weight * cell.Judged;
            }
        }

        return (difference / (Math.Sqrt(differX) * Math.Sqrt(differY)), right / (2 * judged));
    }

    private struct Cell
    {
        public long Difference;
        public long DifferX;
        public long DifferY;
        public long RightTwice;
        public long Judged;
    }

    private readonly struct Counting(double[] x, double[] y, double[] spread, int[] starts, Cell[] cells) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int scenes = starts.Length - 1;
            for (int a = start; a < end; a++)
            {
                for (int b = a; b < scenes; b++)
                    cells[(a * scenes) + b] = Count(a, b);
            }
        }

        private Cell Count(int a, int b)
        {
            var cell = default(Cell);
            for (int i = starts[a]; i < starts[a + 1]; i++)
            {
                for (int j = a == b ? i + 1 : starts[b]; j < starts[b + 1]; j++)
                {
                    int signX = x[i].CompareTo(x[j]);
                    int signY = y[i].CompareTo(y[j]);
                    cell.Difference += signX * signY;
                    cell.DifferX += signX & 1;
                    cell.DifferY += signY & 1;
                    if (Math.Abs(y[i] - y[j]) > Math.Max(spread[i], spread[j]))
                    {
                        cell.Judged++;
                        cell.RightTwice += 1 + (signX * signY);
                    }
                }
            }

            return cell;
        }
    }
}
