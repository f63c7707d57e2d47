namespace Gir.Imaging.Scenes;

/// <summary>The plane y = 0.</summary>
internal sealed class Ground(Material material) : Shape(material)
{
    public override float Intersect(in Ray ray) =>
        ray.Direction.Y < -1e-6f ? -ray.Origin.Y / ray.Direction.Y : Miss;

    public override Surface At(Vec3 point) => new(Vec3.Up, point.X, point.Z, point);
}

/// <summary>A plane z = distance behind everything.</summary>
internal sealed class Wall(Material material, float distance) : Shape(material)
{
    public override float Intersect(in Ray ray) =>
        ray.Direction.Z > 1e-6f ? (distance - ray.Origin.Z) / ray.Direction.Z : Miss;

    public override Surface At(Vec3 point) => new(new Vec3(0, 0, -1), point.X, point.Y, point);
}

/// <summary>A mountain range: the part of the plane z = distance below a fractal ridge.</summary>
internal sealed class Ridge(Material material, float distance, float low, float high, float period, uint seed) : Shape(material)
{
    public override float Intersect(in Ray ray)
    {
        if (ray.Direction.Z < 1e-6f)
            return Miss;
        float t = (distance - ray.Origin.Z) / ray.Direction.Z;
        Vec3 p = ray.At(t);
        return p.Y <= high && p.Y < Height(p.X) ? t : Miss;
    }

    public override Surface At(Vec3 point)
    {
        // Flanks: slopes of a fractal whose detail grows towards the ridge.
        float scale = 2.5f / period;
        float across = Noise.Fractal((point.X + 0.05f) * scale, point.Y * scale * 0.6f, seed + 50, 0.01f)
            - Noise.Fractal((point.X - 0.05f) * scale, point.Y * scale * 0.6f, seed + 50, 0.01f);
        Vec3 normal = new Vec3(across * -6f / scale, 0.7f, -0.7f).Unit();
        return new Surface(normal, point.X, point.Y - (low * 0.3f), point with { Y = point.Y / high });
    }

    private float Height(float x) =>
        low + ((high - low) * SceneMath.Clamp01((Noise.Fractal(x / period, 0.5f, seed, 0.004f, 8, 0.5f) - 0.2f) * 1.6f));
}

/// <summary>An ellipsoid with upright axes.</summary>
internal sealed class Ellipsoid : Shape
{
    private readonly Vec3 _inverse;
    private readonly Vec3 _radii;

    public Ellipsoid(Material material, Vec3 center, Vec3 radii, bool ambient = true)
        : base(material)
    {
        (Center, _radii) = (center, radii);
        Radius = MathF.Max(radii.X, MathF.Max(radii.Y, radii.Z));
        _inverse = new Vec3(1 / radii.X, 1 / radii.Y, 1 / radii.Z);
        AmbientRadius = ambient ? (radii.X + radii.Y + radii.Z) / 3 : 0;
        AmbientCenter = center;
    }

    public override float Intersect(in Ray ray)
    {
        Vec3 o = (ray.Origin - Center) * _inverse;
        Vec3 d = ray.Direction * _inverse;
        float a = Vec3.Dot(d, d);
        float b = Vec3.Dot(o, d);
        float h = (b * b) - (a * (Vec3.Dot(o, o) - 1));
        if (h < 0)
            return Miss;
        float t = (-b - MathF.Sqrt(h)) / a;
        return t > 1e-4f ? t : Miss;
    }

    public override Surface At(Vec3 point)
    {
        Vec3 local = point - Center;
        Vec3 unit = local * _inverse;
        return new Surface((unit * _inverse).Unit(), local.X + (0.6f * local.Z), local.Y, local);
    }

    public override float Transmission(Vec3 point, Vec3 light, float softness)
    {
        Vec3 o = (point - Center) * _inverse;
        Vec3 d = light * _inverse;
        float length = d.Length();
        d *= 1 / length;
        float b = Vec3.Dot(o, d);
        if (b > 0)
            return 1;
        float closest = MathF.Sqrt(MathF.Max(0, Vec3.Dot(o, o) - (b * b)));
        float penumbra = softness * -b;
        return SceneMath.Step(-penumbra, penumbra + 1e-4f, closest - 1);
    }
}

/// <summary>A box turned about the vertical.</summary>
internal sealed class Box : Shape
{
    private readonly Vec3 _half;
    private readonly float _cosine;
    private readonly float _sine;

    public Box(Material material, Vec3 center, Vec3 half, float turn = 0)
        : base(material)
    {
        (Center, _half) = (center, half);
        (_cosine, _sine) = SceneMath.Turn(turn);
        Radius = half.Length();
        AmbientRadius = MathF.Min(half.X, MathF.Min(half.Z, half.Y * 2)) * 1.1f;
        AmbientCenter = center with { Y = center.Y - half.Y + MathF.Min(half.Y, AmbientRadius) };
    }

    public override float Intersect(in Ray ray)
    {
        (float near, float far) = Span(ToLocal(ray.Origin - Center), ToLocal(ray.Direction));
        return near <= far && near > 1e-4f ? near : Miss;
    }

    public override Surface At(Vec3 point)
    {
        Vec3 p = ToLocal(point - Center);
        float x = MathF.Abs(p.X) / _half.X;
        float y = MathF.Abs(p.Y) / _half.Y;
        float z = MathF.Abs(p.Z) / _half.Z;
        // Texture coordinates start at the lower left corner of every face.
        Vec3 corner = p + _half;
        if (y >= x && y >= z)
            return new Surface(new Vec3(0, p.Y < 0 ? -1 : 1, 0), corner.X, corner.Z, p);
        return x >= z
            ? new Surface(ToWorld(new Vec3(p.X < 0 ? -1 : 1, 0, 0)), corner.Z, corner.Y, p)
            : new Surface(ToWorld(new Vec3(0, 0, p.Z < 0 ? -1 : 1)), corner.X, corner.Y, p);
    }

    public override float Transmission(Vec3 point, Vec3 light, float softness)
    {
        (float near, float far) = Span(ToLocal(point - Center), ToLocal(light));
        if (far < 0)
            return 1;
        // By how much of its length the ray misses (positive) or passes the box.
        float penumbra = softness * MathF.Max(near, 0.05f);
        return SceneMath.Step(-penumbra, penumbra, near - far);
    }

    private (float Near, float Far) Span(Vec3 o, Vec3 d)
    {
        (float nx, float fx) = Slab(o.X, d.X, _half.X);
        (float ny, float fy) = Slab(o.Y, d.Y, _half.Y);
        (float nz, float fz) = Slab(o.Z, d.Z, _half.Z);
        return (MathF.Max(nx, MathF.Max(ny, nz)), MathF.Min(fx, MathF.Min(fy, fz)));

        static (float Near, float Far) Slab(float o, float d, float half)
        {
            float inverse = 1 / (MathF.Abs(d) < 1e-7f ? 1e-7f : d);
            float middle = -o * inverse;
            float reach = MathF.Abs(inverse) * half;
            return (middle - reach, middle + reach);
        }
    }

    private Vec3 ToLocal(Vec3 v) => new((_cosine * v.X) + (_sine * v.Z), v.Y, (_cosine * v.Z) - (_sine * v.X));

    private Vec3 ToWorld(Vec3 v) => new((_cosine * v.X) - (_sine * v.Z), v.Y, (_cosine * v.Z) + (_sine * v.X));
}

/// <summary>An upright cylinder, closed above.</summary>
internal sealed class Cylinder : Shape
{
    private readonly Vec3 _foot;
    private readonly float _radius;
    private readonly float _height;

    public Cylinder(Material material, Vec3 foot, float radius, float height)
        : base(material)
    {
        (_foot, _radius, _height) = (foot, radius, height);
        Center = foot + new Vec3(0, height / 2, 0);
        Radius = MathF.Sqrt((radius * radius) + (height * height / 4));
        AmbientRadius = radius;
        AmbientCenter = foot + new Vec3(0, MathF.Min(radius, height), 0);
    }

    public override float Intersect(in Ray ray)
    {
        Vec3 o = ray.Origin - _foot;
        Vec3 d = ray.Direction;
        float a = (d.X * d.X) + (d.Z * d.Z);
        float b = (o.X * d.X) + (o.Z * d.Z);
        float h = (b * b) - (a * ((o.X * o.X) + (o.Z * o.Z) - (_radius * _radius)));
        if (h >= 0 && a > 0)
        {
            float t = (-b - MathF.Sqrt(h)) / a;
            float y = o.Y + (t * d.Y);
            if (t > 1e-4f && y >= 0 && y <= _height)
                return t;
        }

        if (d.Y >= -1e-6f)
            return Miss;
        float lid = (_height - o.Y) / d.Y;
        (float x, float z) = (o.X + (lid * d.X), o.Z + (lid * d.Z));
        return lid > 1e-4f && (x * x) + (z * z) <= _radius * _radius ? lid : Miss;
    }

    public override Surface At(Vec3 point)
    {
        Vec3 local = point - _foot;
        if (local.Y > _height * 0.9999f && (local.X * local.X) + (local.Z * local.Z) < _radius * _radius * 0.9999f)
            return new Surface(Vec3.Up, local.X, local.Z, local);
        // The chord stands in for the arc: what is seen is the half that faces the camera.
        return new Surface(new Vec3(local.X, 0, local.Z).Unit(), local.X * 1.3f, local.Y, local);
    }

    public override float Transmission(Vec3 point, Vec3 light, float softness)
    {
        Vec3 o = point - _foot;
        float a = (light.X * light.X) + (light.Z * light.Z);
        float b = (o.X * light.X) + (o.Z * light.Z);
        if (a < 1e-8f || b > 0)
            return 1;
        float t = -b / a;
        float closest = MathF.Sqrt(MathF.Max(0, (o.X * o.X) + (o.Z * o.Z) - (b * b / a)));
        float penumbra = softness * t;
        float y = o.Y + (t * light.Y);
        float beyond = MathF.Max(closest - _radius, MathF.Max(y - _height, -y));
        return SceneMath.Step(-penumbra, penumbra + 1e-4f, beyond);
    }
}
