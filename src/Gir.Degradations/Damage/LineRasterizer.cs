namespace Gir.Degradations.Damage;

/// <summary>
/// Paints thick line segments with round ends into a byte mask, pixel for pixel as OpenCV 4's <c>polylines</c> does with
/// lineType 8 (no antialiasing) and integer end points.
/// </summary>
/// <remarks>
/// OpenCV's shape is not the ideal capsule. The body is a quadrilateral in 16.16 fixed point whose half width is
/// (t + t mod 2) / 2, so an odd thickness t paints t + 2 rows (7 paints 9), and an even one t + 1. Its outline is traced by a
/// DDA of its own, its inside is filled between two edges that start on the rounded row of their upper vertex, and each end
/// carries a midpoint disk of radius (t + 1) / 2 (integer division). A capsule of radius ceil(t / 2) differs from this by
/// 10..14 % of the painted pixels. Thickness 1 is a Bresenham line, always walked from left to right.
/// </remarks>
internal sealed class LineRasterizer
{
    private const int FractionBits = 16;
    private const long One = 1L << FractionBits;
    private const long Half = One / 2;

    private readonly byte[] _mask;
    private readonly int _height;
    private readonly int _width;

    /// <summary>Paints into <paramref name="mask"/> (row-major, height * width), setting painted pixels to 1.</summary>
    public LineRasterizer(byte[] mask, int height, int width) => (_mask, _height, _width) = (mask, height, width);

    /// <summary>Paints one segment; end points may lie outside the mask.</summary>
    public void Draw(int x0, int y0, int x1, int y1, int thickness)
    {
        if (thickness <= 1)
        {
            DrawThin(x0, y0, x1, y1);
            return;
        }

        double dx = x0 - (double)x1;
        double dy = y1 - (double)y0;
        double squaredLength = (dx * dx) + (dy * dy);
        if (squaredLength > 0)
        {
            double reach = ((thickness + (thickness & 1)) * (double)Half) / Math.Sqrt(squaredLength);
            long acrossX = (long)Math.Round(dy * reach, MidpointRounding.ToEven);
            long acrossY = (long)Math.Round(dx * reach, MidpointRounding.ToEven);
            (long startX, long startY, long endX, long endY) = (x0 * One, y0 * One, x1 * One, y1 * One);
            FillQuadrilateral(
            [
                new(startX + acrossX, startY + acrossY),
                new(startX - acrossX, startY - acrossY),
                new(endX - acrossX, endY - acrossY),
                new(endX + acrossX, endY + acrossY),
            ]);
        }

        int radius = (thickness + 1) / 2;
        FillDisk(x0, y0, radius);
        FillDisk(x1, y1, radius);
    }

    private void DrawThin(int x0, int y0, int x1, int y1)
    {
        (FixedPoint start, FixedPoint end) = (new(x0, y0), new(x1, y1));
        if (!Clip(_width, _height, ref start, ref end))
            return;
        if (start.X > end.X)
            (start, end) = (end, start);

        long dx = end.X - start.X;
        long dy = Math.Abs(end.Y - start.Y);
        int down = end.Y < start.Y ? -1 : 1;
        bool steep = dy > dx;
        (long major, long minor) = steep ? (dy, dx) : (dx, dy);
        long error = major - (2 * minor);
        (long x, long y) = (start.X, start.Y);
        for (long i = 0; i <= major; i++)
        {
            Paint(x, y);
            bool sideways = error < 0;
            error += sideways ? 2 * (major - minor) : -2 * minor;
            x += steep && !sideways ? 0 : 1;
            y += steep || sideways ? down : 0;
        }
    }

    /// <summary>The outline's DDA: one pixel per step along the longer axis, the other coordinate in 16.16 steps from the start point.</summary>
    private void TraceEdge(FixedPoint start, FixedPoint end)
    {
        if (!Clip((long)_width << FractionBits, (long)_height << FractionBits, ref start, ref end))
            return;

        bool flat = Math.Abs(end.X - start.X) > Math.Abs(end.Y - start.Y);
        if (flat ? end.X < start.X : end.Y < start.Y)
            (start, end) = (end, start);
        long dx = end.X - start.X;
        long dy = end.Y - start.Y;
        Paint((end.X + Half) >> FractionBits, (end.Y + Half) >> FractionBits);

        // The divisor is made odd so that it is never 0; that costs the slope at most its last bit.
        long step = flat ? (dy << FractionBits) / (dx | 1) : (dx << FractionBits) / (dy | 1);
        long count = (flat ? dx : dy) >> FractionBits;
        long along = ((flat ? start.X : start.Y) + Half) >> FractionBits;
        long across = (flat ? start.Y : start.X) + Half;
        for (long i = 0; i <= count; i++, along++, across += step)
        {
            long other = across >> FractionBits;
            Paint(flat ? along : other, flat ? other : along);
        }
    }

    private void FillQuadrilateral(ReadOnlySpan<FixedPoint> corners)
    {
        int top = 0;
        (long bottomY, long leftX, long rightX) = (corners[0].Y, corners[0].X, corners[0].X);
        FixedPoint previous = corners[^1];
        for (int i = 0; i < corners.Length; i++)
        {
            top = corners[i].Y < corners[top].Y ? i : top;
            bottomY = Math.Max(bottomY, corners[i].Y);
            leftX = Math.Min(leftX, corners[i].X);
            rightX = Math.Max(rightX, corners[i].X);
            TraceEdge(previous, corners[i]);
            previous = corners[i];
        }

        int first = Row(corners[top].Y);
        int last = Math.Min(Row(bottomY), _height - 1);
        if (Row(rightX) < 0 || Row(leftX) >= _width || last < 0 || first >= _height)
            return;

        var forward = new Chain(top, 1, first);
        var backward = new Chain(top, corners.Length - 1, first);
        int edgesLeft = corners.Length;
        for (int y = first; y <= last; y++)
        {
            if (!forward.Enter(corners, y, ref edgesLeft) || !backward.Enter(corners, y, ref edgesLeft))
                return;
            if (y >= 0)
            {
                long left = (Math.Min(forward.X, backward.X) + Half) >> FractionBits;
                long right = (Math.Max(forward.X, backward.X) + Half) >> FractionBits;
                PaintRow(y, left, right);
            }

            forward.X += forward.Step;
            backward.X += backward.Step;
        }
    }

    /// <summary>The midpoint circle, filled row by row; its rows come in four symmetric groups.</summary>
    private void FillDisk(int centerX, int centerY, int radius)
    {
        int error = 0;
        int plus = 1;
        int minus = (radius << 1) - 1;
        for ((int wide, int narrow) = (radius, 0); wide >= narrow; narrow++)
        {
            PaintRow(centerY - narrow, centerX - wide, centerX + wide);
            PaintRow(centerY + narrow, centerX - wide, centerX + wide);
            PaintRow(centerY - wide, centerX - narrow, centerX + narrow);
            PaintRow(centerY + wide, centerX - narrow, centerX + narrow);
            error += plus;
            plus += 2;
            if (error > 0)
            {
                error -= minus;
                wide--;
                minus -= 2;
            }
        }
    }

    private void PaintRow(int y, long left, long right)
    {
        left = Math.Max(left, 0);
        right = Math.Min(right, _width - 1);
        if ((uint)y < (uint)_height && left <= right)
            _mask.AsSpan((y * _width) + (int)left, (int)(right - left) + 1).Fill(1);
    }

    private void Paint(long x, long y)
    {
        if (x >= 0 && x < _width && y >= 0 && y < _height)
            _mask[(y * _width) + x] = 1;
    }

    private static int Row(long y) => (int)((y + Half) >> FractionBits);

    /// <summary>
    /// Cohen and Sutherland with at most one vertical and one horizontal cut per end point; the intersections truncate, so the
    /// clipped line is not exactly the part of the unclipped one that lies inside.
    /// </summary>
    private static bool Clip(long width, long height, ref FixedPoint start, ref FixedPoint end)
    {
        (long right, long bottom) = (width - 1, height - 1);
        (int startSides, int endSides) = (Sides(start, right, bottom), Sides(end, right, bottom));
        if ((startSides & endSides) == 0 && (startSides | endSides) != 0)
        {
            if ((startSides & (Above | Below)) != 0)
            {
                start = CutAtRow(start, end, start, (startSides & Below) != 0 ? bottom : 0);
                startSides = Sides(start, right, bottom) & (Before | After);
            }

            if ((endSides & (Above | Below)) != 0)
            {
                end = CutAtRow(start, end, end, (endSides & Below) != 0 ? bottom : 0);
                endSides = Sides(end, right, bottom) & (Before | After);
            }

            if ((startSides & endSides) == 0)
            {
                if (startSides != 0)
                {
                    start = CutAtColumn(start, end, start, startSides == Before ? 0 : right);
                    startSides = 0;
                }

                if (endSides != 0)
                {
                    end = CutAtColumn(start, end, end, endSides == Before ? 0 : right);
                    endSides = 0;
                }
            }
        }

        return (startSides | endSides) == 0;
    }

    private const int Before = 1;
    private const int After = 2;
    private const int Above = 4;
    private const int Below = 8;

    private static int Sides(FixedPoint point, long right, long bottom) =>
        (point.X < 0 ? Before : 0) | (point.X > right ? After : 0) | (point.Y < 0 ? Above : 0) | (point.Y > bottom ? Below : 0);

    // OpenCV evaluates the intersection in double and truncates; the products exceed 53 bits on huge images only.
    private static FixedPoint CutAtRow(FixedPoint start, FixedPoint end, FixedPoint moved, long row) =>
        new(moved.X + (long)((double)(row - moved.Y) * (end.X - start.X) / (end.Y - start.Y)), row);

    private static FixedPoint CutAtColumn(FixedPoint start, FixedPoint end, FixedPoint moved, long column) =>
        new(column, moved.Y + (long)((double)(column - moved.X) * (end.Y - start.Y) / (end.X - start.X)));

    private readonly record struct FixedPoint(long X, long Y);

    /// <summary>One side of the polygon, walked down from its top vertex.</summary>
    private struct Chain(int vertex, int direction, int row)
    {
        private int _vertex = vertex;
        private int _endRow = row;

        /// <summary>Where the side crosses the row, 16.16.</summary>
        public long X = -One;

        /// <summary>How far the crossing moves per row, 16.16.</summary>
        public long Step;

        /// <summary>Goes on to the edge that crosses row <paramref name="y"/>; false when both sides together have used up all edges.</summary>
        public bool Enter(ReadOnlySpan<FixedPoint> corners, int y, ref int edgesLeft)
        {
            if (y < _endRow)
                return true;

            int from = _vertex;
            while (edgesLeft-- > 0)
            {
                int to = (from + direction) % corners.Length;
                int endRow = Row(corners[to].Y);
                if (endRow > y)
                {
                    long rows = endRow - y;
                    Step = (((corners[to].X - corners[from].X) * 2) + rows) / (2 * rows);
                    X = corners[from].X;
                    (_vertex, _endRow) = (to, endRow);
                    return true;
                }

                from = to;
            }

            return false;
        }
    }
}
