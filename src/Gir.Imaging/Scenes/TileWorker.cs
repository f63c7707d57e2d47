using System.Runtime.InteropServices;

namespace Gir.Imaging.Scenes;

/// <summary>Renders tiles one after another with scratch of its own; one per thread.</summary>
internal sealed class TileWorker(SceneRenderer renderer, ImageBuffer color, ImageBuffer depth, int supersampling)
{
    // Relative difference of two diagonal samples above which a pixel within one surface gets all its samples.
    private const float Contrast = 0.08f;

    private readonly List<(Shape, float)> _candidates = [];
    private readonly Ray[] _rays = new Ray[supersampling * supersampling];
    private readonly (Shape? Shape, float Depth)[] _hits = new (Shape?, float)[supersampling * supersampling];
    private readonly float _pixel = 2 * renderer.Camera.Field / Math.Max(color.Height, color.Width);

    public void Render(int top, int left, int size)
    {
        int bottom = Math.Min(top + size, color.Height);
        int right = Math.Min(left + size, color.Width);
        renderer.Collect(Right(left), Right(right), Up(bottom), Up(top), _candidates);
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                Vec3 light = Light(x, y);
                (color[0, y, x], color[1, y, x], color[2, y, x]) = (light.X, light.Y, light.Z);
                Ray center = renderer.Camera.Through(Right(x + 0.5f), Up(y + 0.5f));
                depth[0, y, x] = renderer.DepthAlong(center, CollectionsMarshal.AsSpan(_candidates));
            }
        }
    }

    private Vec3 Light(int x, int y)
    {
        ReadOnlySpan<(Shape, float)> candidates = CollectionsMarshal.AsSpan(_candidates);
        bool uniform = true;
        for (int i = 0; i < _rays.Length; i++)
        {
            float px = x + (((i % supersampling) + 0.5f) / supersampling);
            float py = y + (((i / supersampling) + 0.5f) / supersampling);
            _rays[i] = renderer.Camera.Through(Right(px), Up(py));
            _hits[i] = renderer.Trace(_rays[i], candidates);
            uniform &= ReferenceEquals(_hits[i].Shape, _hits[0].Shape);
        }

        Vec3 sum = default;
        if (uniform && supersampling == 2)
        {
            // Within one surface the square's diagonal will do, unless an edge or a shadow crosses it.
            (Vec3 a, Vec3 b) = (Shade(0), Shade(3));
            return MathF.Abs(a.Y - b.Y) < Contrast * (a.Y + b.Y) ? (a + b) * 0.5f : (a + b + Shade(1) + Shade(2)) * 0.25f;
        }

        for (int i = 0; i < _rays.Length; i++)
            sum += Shade(i);
        return sum * (1f / _rays.Length);
    }

    private Vec3 Shade(int i) => renderer.Shade(_hits[i].Shape, _rays[i], _hits[i].Depth, _pixel / supersampling);

    private float Right(float x) => (x - (color.Width / 2f)) * _pixel;

    private float Up(float y) => ((color.Height / 2f) - y) * _pixel;
}
