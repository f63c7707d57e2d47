namespace Gir.Imaging.Scenes;

/// <summary>Outline of a flat shape.</summary>
internal enum Outline
{
    Disc,
    Rectangle,
    Triangle,
    Leaf,
    Blob,
    Polygon,
}

/// <summary>A flat piece cut out of a plane by an outline, seen from both sides.</summary>
internal sealed class Patch : Shape
{
    private const float BlobCore = 0.65f;

    private readonly Vec3 _along;
    private readonly Vec3 _across;
    private readonly Vec3 _normal;
    private readonly float _length;
    private readonly float _width;
    private readonly float _size;
    private readonly Outline _outline;
    private readonly uint _seed;
    private readonly (float X, float Y, float Distance)[] _edges = [];

    /// <param name="material">Its texture; the unit of its coordinates is half the smaller extent of the patch.</param>
    /// <param name="center">Center.</param>
    /// <param name="across">Unit vector across.</param>
    /// <param name="along">Unit vector along, perpendicular to it.</param>
    /// <param name="width">Half the width.</param>
    /// <param name="length">Half the length.</param>
    /// <param name="outline">The outline.</param>
    /// <param name="seed">Chooses among blobs and polygons.</param>
    public Patch(Material material, Vec3 center, Vec3 across, Vec3 along, float width, float length, Outline outline, uint seed)
        : base(material)
    {
        (Center, _across, _along, _width, _length, _outline, _seed) = (center, across, along, width, length, outline, seed);
        _normal = Vec3.Cross(along, across);
        _size = MathF.Min(width, length);
        Radius = outline is Outline.Rectangle or Outline.Triangle or Outline.Polygon
            ? MathF.Sqrt((width * width) + (length * length))
            : MathF.Max(width, length);
        if (outline != Outline.Polygon)
            return;
        _edges = new (float, float, float)[3 + (int)(seed % 5)];
        for (int i = 0; i < _edges.Length; i++)
        {
            (float x, float y) = SceneMath.Turn((i + (0.5f * Noise.Hash(i, 0, seed))) / _edges.Length);
            _edges[i] = (x, y, 0.55f + (0.35f * Noise.Hash(i, 1, seed)));
        }
    }

    public override float Intersect(in Ray ray)
    {
        float towards = Vec3.Dot(ray.Direction, _normal);
        if (MathF.Abs(towards) < 1e-6f)
            return Miss;
        float t = Vec3.Dot(Center - ray.Origin, _normal) / towards;
        if (t < 1e-4f)
            return Miss;
        Vec3 local = ray.At(t) - Center;
        return Covers(Vec3.Dot(local, _across) / _width, Vec3.Dot(local, _along) / _length) ? t : Miss;
    }

    public override Surface At(Vec3 point)
    {
        Vec3 local = point - Center;
        float u = Vec3.Dot(local, _across) / _width;
        float v = Vec3.Dot(local, _along) / _length;
        // A slight bulge makes shading vary over the patch as over paper or a leaf.
        Vec3 normal = (_normal + (_across * (u * 0.25f)) + (_along * (v * 0.15f))).Unit();
        (u, v) = (u * _width / _size, v * _length / _size);
        return new Surface(normal, u, v, new Vec3(u, v, _seed & 1023), _size);
    }

    public override float Transmission(Vec3 point, Vec3 light, float softness)
    {
        float towards = Vec3.Dot(light, _normal);
        if (MathF.Abs(towards) < 1e-4f)
            return 1;
        float t = Vec3.Dot(Center - point, _normal) / towards;
        if (t <= 1e-3f)
            return 1;
        Vec3 local = point + (light * t) - Center;
        (float a, float b) = (Vec3.Dot(local, _across) / _width, Vec3.Dot(local, _along) / _length);
        float penumbra = (softness * t) + 1e-4f;
        if (MathF.Max(MathF.Abs(a), MathF.Abs(b)) > 1 + (penumbra / _size))
            return 1;
        return SceneMath.Step(-penumbra, penumbra, Outside(a, b) * _size);
    }

    private bool Covers(float a, float b)
    {
        // No outline leaves the square, and blobs fill and leave known circles: most rays need no more than that.
        if (MathF.Abs(a) > 1 || MathF.Abs(b) > 1)
            return false;
        if (_outline == Outline.Blob)
        {
            float squared = (a * a) + (b * b);
            if (squared > 1)
                return false;
            if (squared < BlobCore * BlobCore)
                return true;
        }

        return Outside(a, b) < 0;
    }

    // Negative inside; near the outline about the distance to it in units of the smaller half-axis.
    private float Outside(float a, float b)
    {
        switch (_outline)
        {
            case Outline.Disc:
                return MathF.Sqrt((a * a) + (b * b)) - 1;
            case Outline.Rectangle:
                return MathF.Max(MathF.Abs(a), MathF.Abs(b)) - 1;
            case Outline.Triangle:
                return MathF.Max(MathF.Abs(a) - ((1 - b) / 2), -b - 1);
            case Outline.Leaf:
                float taper = 1 - (b * b);
                float teeth = 0.05f * MathF.Abs(SceneMath.Fraction((b * 6) + (_seed & 7)) - 0.5f);
                return MathF.Max(MathF.Abs(a) - (0.9f * taper * (1 - (0.35f * b))) - (teeth * taper), MathF.Abs(b) - 1);
            case Outline.Polygon:
                float worst = MathF.Max(MathF.Abs(a), MathF.Abs(b)) - 1;
                foreach ((float x, float y, float distance) in _edges)
                    worst = MathF.Max(worst, (a * x) + (b * y) - distance);
                return worst;
            default:
                float r = MathF.Sqrt((a * a) + (b * b)) + 1e-6f;
                float bumps = Noise.Fractal((1.7f * a / r) + 5, (1.7f * b / r) + 5, _seed, 0.1f, 3);
                return r - BlobCore - ((1 - BlobCore) * SceneMath.Clamp01(bumps));
        }
    }
}
