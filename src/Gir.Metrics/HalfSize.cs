using Gir.Imaging;
using Gir.Metrics.FullReference;

namespace Gir.Metrics;

/// <summary>What an odd last row or column meets when pixels are averaged two by two.</summary>
internal enum OddEdge
{
    /// <summary>Itself (symmetric padding); the result has one row or column for it.</summary>
    Symmetric,

    /// <summary>Zero; the result has one row or column for it.</summary>
    Zero,

    /// <summary>Nothing: it is left out.</summary>
    Drop,
}

/// <summary>Halves a plane: the mean of 2 x 2 pixels, every second row and column.</summary>
internal static class HalfSize
{
    /// <summary>The halved plane, with a frame of zeros around it when asked for.</summary>
    public static LevelPlane Of(PlaneSource source, OddEdge edge, int frame, Parallelism parallelism)
    {
        int grow = edge == OddEdge.Drop ? 0 : 1;
        (int height, int width) = ((source.Height + grow) / 2, (source.Width + grow) / 2);
        var target = new LevelPlane(height + (2 * frame), width + (2 * frame));
        if (frame > 0)
            target.Values.Clear();
        parallelism.For(height, 32, new Rows(source, target, edge, frame, width));
        return target;
    }

    private readonly struct Rows(PlaneSource source, LevelPlane target, OddEdge edge, int frame, int width) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            using var lines = new LevelPlane(2, 2 * width);
            Span<double> upper = lines.Row(0);
            Span<double> lower = lines.Row(1);
            int whole = Math.Min(2 * width, source.Width);
            for (int y = start; y < end; y++)
            {
                source.CopyLevels(2 * y, 0, upper[..whole]);
                if ((2 * y) + 1 < source.Height)
                    source.CopyLevels((2 * y) + 1, 0, lower[..whole]);
                else if (edge == OddEdge.Symmetric)
                    upper.CopyTo(lower);
                else
                    lower.Clear();
                if (whole < 2 * width)
                {
                    upper[whole] = edge == OddEdge.Symmetric ? upper[whole - 1] : 0;
                    lower[whole] = edge == OddEdge.Symmetric ? lower[whole - 1] : 0;
                }

                Span<double> row = target.Row(y + frame).Slice(frame, width);
                for (int x = 0; x < row.Length; x++)
                    row[x] = (upper[2 * x] + upper[(2 * x) + 1] + (lower[2 * x] + lower[(2 * x) + 1])) * 0.25;
            }
        }
    }
}
