namespace Gir.Imaging.Scenes;

/// <summary>Casts rays through every pixel; tiles are independent of one another.</summary>
internal sealed class SceneRenderer
{
    private const int Tile = 16;
    private const float NearPlane = 0.02f;

    private readonly SceneModel _model;
    private readonly Shape[] _unbounded;
    private readonly (Shape Shape, float Near, float Left, float Right, float Bottom, float Top)[] _bounded;
    private readonly ShapeGrid _occluders;
    private readonly ShapeGrid _ambient;

    public SceneRenderer(SceneModel model)
    {
        _model = model;
        _unbounded = [.. model.Shapes.Where(s => !s.IsBounded)];
        _bounded = [.. model.Shapes.Where(s => s.IsBounded).Select(Project).Where(p => p.Near < float.MaxValue).OrderBy(p => p.Near)];
        Light light = model.Light;
        _occluders = new ShapeGrid(
            model.Shapes.Where(s => s.IsBounded),
            light.Direction,
            s => s.Center,
            s => (s.Radius * 1.1f) + (light.Softness * MathF.Max(s.Center.Y + s.Radius, 0) / MathF.Max(light.Direction.Y, 0.2f)));
        _ambient = new ShapeGrid(model.Shapes.Where(s => s.AmbientRadius > 0), Vec3.Up, s => s.AmbientCenter, s => s.AmbientRadius * 3);
    }

    /// <summary>Linear light into three planes and depth into one.</summary>
    public void Render(ImageBuffer color, ImageBuffer depth, int supersampling, Parallelism parallelism)
    {
        int columns = (color.Width + Tile - 1) / Tile;
        int rows = (color.Height + Tile - 1) / Tile;
        parallelism.For(columns * rows, 1, new Tiles(this, color, depth, supersampling, columns));
    }

    private (Shape Shape, float Near, float Left, float Right, float Bottom, float Top) Project(Shape shape)
    {
        Vec3 c = _model.Camera.ToCamera(shape.Center);
        float r = shape.Radius * 1.001f;
        if (c.Z + r < NearPlane)
            return (shape, float.MaxValue, 0, 0, 0, 0);
        float near = c.Z - r;
        if (near < NearPlane)
            return (shape, near, float.MinValue, float.MaxValue, float.MinValue, float.MaxValue);
        float far = c.Z + r;
        return (
            shape,
            near,
            MathF.Min((c.X - r) / near, (c.X - r) / far),
            MathF.Max((c.X + r) / near, (c.X + r) / far),
            MathF.Min((c.Y - r) / near, (c.Y - r) / far),
            MathF.Max((c.Y + r) / near, (c.Y + r) / far));
    }

    public Camera Camera => _model.Camera;

    /// <summary>Collects the shapes that may be seen through a window of the image plane, nearest first.</summary>
    public void Collect(float left, float right, float bottom, float top, List<(Shape, float)> shapes)
    {
        shapes.Clear();
        foreach ((Shape shape, float near, float l, float r, float b, float t) in _bounded)
        {
            if (l <= right && r >= left && b <= top && t >= bottom)
                shapes.Add((shape, near));
        }
    }

    /// <summary>Depth of the nearest surface, or of what counts as infinitely far.</summary>
    public float DepthAlong(in Ray ray, ReadOnlySpan<(Shape, float)> candidates) => MathF.Min(Trace(ray, candidates).Depth, _model.Far);

    /// <summary>The first surface along a ray.</summary>
    public (Shape? Shape, float Depth) Trace(in Ray ray, ReadOnlySpan<(Shape Shape, float Near)> candidates)
    {
        (Shape? hit, float nearest) = (null, Shape.Miss);
        foreach (Shape shape in _unbounded)
        {
            float t = shape.Intersect(ray);
            if (t < nearest && t > NearPlane)
                (hit, nearest) = (shape, t);
        }

        foreach ((Shape shape, float near) in candidates)
        {
            if (near > nearest)
                break;
            float t = shape.Intersect(ray);
            if (t < nearest && t > NearPlane)
                (hit, nearest) = (shape, t);
        }

        return (hit, nearest);
    }

    /// <summary>Linear light along a ray that hits a shape, or the sky.</summary>
    public Vec3 Shade(Shape? shape, in Ray ray, float t, float pixel)
    {
        Light light = _model.Light;
        if (shape is null)
            return _model.Sky.Towards(ray.Direction, light, pixel);
        Material m = shape.Material;
        Vec3 point = ray.At(t);
        Surface s = shape.At(point);
        float length = ray.Direction.Length();
        Vec3 view = ray.Direction * (-1 / length);
        Vec3 normal = Vec3.Dot(s.Normal, view) < 0 ? s.Normal * -1 : s.Normal;
        float facing = MathF.Max(Vec3.Dot(normal, view), 0.08f);
        // A sample covers 1 / facing times more of a slanted surface; the geometric mean treats both directions alike.
        float footprint = pixel * t * length / (MathF.Sqrt(facing) * s.Unit);
        Vec3 albedo = Textures.Albedo(m, s, footprint);
        if (m.Bump > 0)
            normal = Roughened(normal, s.Local, m, footprint);

        float towards = Vec3.Dot(normal, light.Direction);
        float lit = MathF.Abs(towards) > 1e-3f && (towards > 0 || m.Translucency > 0) ? Transmission(shape, point, light) : 0;
        float direct = towards > 0 ? towards : -towards * m.Translucency;
        float open = m.Openness * AmbientAt(shape, point, normal);
        float up = 0.5f + (0.5f * normal.Y);
        Vec3 irradiance = (light.Sun * (direct * lit)) + (((light.Sky * up) + (light.Bounce * (1 - up))) * open);
        Vec3 color = albedo * irradiance;
        if (m.Gloss > 0)
        {
            Vec3 half = (light.Direction + view).Unit();
            float h = MathF.Max(0, Vec3.Dot(normal, half));
            // The 32nd power: a highlight the size of a window on fruit.
            h *= h;
            h *= h;
            h *= h;
            h *= h;
            h *= h;
            float fresnel = 1 - facing;
            color += (light.Sun * (m.Gloss * h * lit)) + (light.Sky * (m.Gloss * 0.4f * fresnel * fresnel * fresnel * open));
        }

        return color;
    }

    private static Vec3 Roughened(Vec3 normal, Vec3 local, Material m, float footprint)
    {
        Vec3 p = local * m.BumpScale;
        float width = footprint * m.BumpScale;
        if (width > 1)
            return normal;
        Vec3 tilt = Noise.Vector(p, m.Seed + 60);
        if (width < 0.4f)
            tilt += Noise.Vector(p * 2.3f, m.Seed + 70) * (0.7f * (1 - (width / 0.4f)));
        return (normal + (tilt * (m.Bump * (1 - width)))).Unit();
    }

    private float Transmission(Shape self, Vec3 point, Light light)
    {
        float result = 1;
        foreach (Shape shape in _occluders.Near(point))
        {
            Vec3 to = shape.Center - point;
            float ahead = Vec3.Dot(to, light.Direction);
            float reach = (shape.Radius * 1.05f) + (light.Softness * 1.1f * MathF.Max(ahead, 0));
            if (ReferenceEquals(shape, self) || ahead < -shape.Radius || Vec3.Dot(to, to) - (ahead * ahead) > reach * reach)
                continue;
            result *= shape.Transmission(point, light.Direction, light.Softness);
            if (result < 0.004f)
                return 0;
        }

        return result;
    }

    private float AmbientAt(Shape self, Vec3 point, Vec3 normal)
    {
        float result = 1;
        foreach (Shape shape in _ambient.Near(point))
        {
            if (ReferenceEquals(shape, self))
                continue;
            Vec3 to = shape.AmbientCenter - point;
            float squared = MathF.Max(Vec3.Dot(to, to), 1e-6f);
            float r = shape.AmbientRadius;
            float above = (Vec3.Dot(to, normal) / MathF.Sqrt(squared)) + 0.25f;
            // Form factor of a sphere over a plane element, softened where the sphere dips below the horizon.
            result *= 1 - (0.85f * SceneMath.Clamp01(above) * MathF.Min(1, r * r / squared));
        }

        return result;
    }

    private readonly struct Tiles(SceneRenderer renderer, ImageBuffer color, ImageBuffer depth, int supersampling, int columns) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            var worker = new TileWorker(renderer, color, depth, supersampling);
            for (int i = start; i < end; i++)
                worker.Render(i / columns * Tile, i % columns * Tile, Tile);
        }
    }
}
