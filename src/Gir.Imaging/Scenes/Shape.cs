namespace Gir.Imaging.Scenes;

/// <summary>A surface that rays hit and that casts shadows.</summary>
internal abstract class Shape(Material material)
{
    public const float Miss = float.PositiveInfinity;

    public Material Material { get; } = material;

    /// <summary>Center of a sphere around the shape; meaningless where <see cref="Radius"/> is infinite.</summary>
    public Vec3 Center { get; protected init; }

    /// <summary>Radius of the bounding sphere; infinite for grounds and backdrops, which cast no shadow.</summary>
    public float Radius { get; protected init; } = float.PositiveInfinity;

    /// <summary>Radius of a sphere at <see cref="AmbientCenter"/> that keeps skylight from its surroundings; 0 for small shapes.</summary>
    public float AmbientRadius { get; protected init; }

    public Vec3 AmbientCenter { get; protected init; }

    public bool IsBounded => float.IsFinite(Radius);

    /// <summary>Parameter of the first hit, or <see cref="Miss"/>.</summary>
    public abstract float Intersect(in Ray ray);

    /// <summary>Normal and texture coordinates of a point of the surface.</summary>
    public abstract Surface At(Vec3 point);

    /// <summary>
    /// Share of light from a direction that passes the shape: 0 in the umbra, 1 in full light; the penumbra widens with the distance by
    /// <paramref name="softness"/>, the tangent of half the light's angular size.
    /// </summary>
    public virtual float Transmission(Vec3 point, Vec3 light, float softness) => 1;
}

/// <summary>A point of a surface.</summary>
/// <param name="Normal">Unit normal, either side.</param>
/// <param name="U">First texture coordinate in the surface, in units of <paramref name="Unit"/>.</param>
/// <param name="V">Second texture coordinate.</param>
/// <param name="Local">Texture coordinates in space.</param>
/// <param name="Unit">Length of one texture unit in the scene.</param>
internal readonly record struct Surface(Vec3 Normal, float U, float V, Vec3 Local, float Unit = 1);
