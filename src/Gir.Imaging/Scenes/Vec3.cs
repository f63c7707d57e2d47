using System.Runtime.CompilerServices;

namespace Gir.Imaging.Scenes;

/// <summary>
/// A point, direction or linear-light color. Not System.Numerics.Vector3, whose sums may be ordered differently from one instruction set to
/// another.
/// </summary>
internal readonly record struct Vec3(float X, float Y, float Z)
{
    public static Vec3 Up => new(0, 1, 0);

    public static Vec3 operator +(Vec3 a, Vec3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vec3 operator -(Vec3 a, Vec3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vec3 operator *(Vec3 a, float s) => new(a.X * s, a.Y * s, a.Z * s);

    public static Vec3 operator *(Vec3 a, Vec3 b) => new(a.X * b.X, a.Y * b.Y, a.Z * b.Z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(Vec3 a, Vec3 b) => (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z);

    public static Vec3 Cross(Vec3 a, Vec3 b) =>
        new((a.Y * b.Z) - (a.Z * b.Y), (a.Z * b.X) - (a.X * b.Z), (a.X * b.Y) - (a.Y * b.X));

    public static Vec3 Mix(Vec3 a, Vec3 b, float t) => a + ((b - a) * t);

    public float Length() => MathF.Sqrt(Dot(this, this));

    public Vec3 Unit() => this * (1f / MathF.Max(Length(), 1e-20f));

    /// <summary>A unit vector perpendicular to this one.</summary>
    public Vec3 Perpendicular() => Cross(this, MathF.Abs(Y) < 0.9f ? Up : new Vec3(1, 0, 0)).Unit();
}

/// <summary>A half-line; the camera's have directions of length one along its axis, so that the parameter of a hit is its depth.</summary>
internal readonly record struct Ray(Vec3 Origin, Vec3 Direction)
{
    public Vec3 At(float t) => Origin + (Direction * t);
}
