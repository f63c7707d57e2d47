namespace Gir.Imaging.Scenes;

/// <summary>Shapes binned by where they lie seen along a direction, so that a point finds what may stand between it and the light.</summary>
internal sealed class ShapeGrid
{
    private const int Cells = 64;
    private readonly Shape[][] _cells = new Shape[Cells * Cells][];
    private readonly Vec3 _across;
    private readonly Vec3 _along;
    private readonly float _left;
    private readonly float _bottom;
    private readonly float _scale;

    /// <param name="shapes">The shapes to be found.</param>
    /// <param name="direction">The direction they are looked at along.</param>
    /// <param name="center">The middle of a shape's influence.</param>
    /// <param name="reach">How far from there a shape matters.</param>
    public ShapeGrid(IEnumerable<Shape> shapes, Vec3 direction, Func<Shape, Vec3> center, Func<Shape, float> reach)
    {
        _across = direction.Perpendicular();
        _along = Vec3.Cross(direction, _across);
        (Shape Shape, float X, float Y, float Reach)[] placed =
            [.. shapes.Select(s => (s, Vec3.Dot(center(s), _across), Vec3.Dot(center(s), _along), reach(s)))];
        _left = placed.Select(p => p.X - p.Reach).DefaultIfEmpty(0).Min();
        _bottom = placed.Select(p => p.Y - p.Reach).DefaultIfEmpty(0).Min();
        float width = placed.Select(p => p.X + p.Reach).DefaultIfEmpty(1).Max() - _left;
        float height = placed.Select(p => p.Y + p.Reach).DefaultIfEmpty(1).Max() - _bottom;
        _scale = Cells / MathF.Max(MathF.Max(width, height), 1e-3f);
        var lists = new List<Shape>[_cells.Length];
        foreach ((Shape shape, float x, float y, float r) in placed)
        {
            (int x0, int x1) = (Cell(x - r - _left), Cell(x + r - _left));
            (int y0, int y1) = (Cell(y - r - _bottom), Cell(y + r - _bottom));
            for (int cy = y0; cy <= y1; cy++)
            {
                for (int cx = x0; cx <= x1; cx++)
                    (lists[(cy * Cells) + cx] ??= []).Add(shape);
            }
        }

        for (int i = 0; i < lists.Length; i++)
            _cells[i] = lists[i]?.ToArray() ?? [];

        int Cell(float offset) => Math.Clamp((int)(offset * _scale), 0, Cells - 1);
    }

    /// <summary>The shapes near the line through a point along the direction.</summary>
    public ReadOnlySpan<Shape> Near(Vec3 point)
    {
        float x = (Vec3.Dot(point, _across) - _left) * _scale;
        float y = (Vec3.Dot(point, _along) - _bottom) * _scale;
        return x >= 0 && y >= 0 && x < Cells && y < Cells ? _cells[((int)y * Cells) + (int)x] : [];
    }
}
