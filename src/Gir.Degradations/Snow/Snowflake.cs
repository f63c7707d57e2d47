namespace Gir.Degradations.Snow;

/// <summary>One flake as the camera sees it: a disk, dragged along a straight line while the shutter was open, with a soft edge.</summary>
/// <param name="X">Column of the middle.</param>
/// <param name="Y">Row of the middle.</param>
/// <param name="DirectionX">Direction of its fall, of length 1.</param>
/// <param name="DirectionY">Direction of its fall, of length 1.</param>
/// <param name="HalfLength">Half the way it fell, in pixels.</param>
/// <param name="Radius">Radius at half opacity, in pixels.</param>
/// <param name="Softness">Width of the edge on either side of the radius, in pixels: defocus, at least half a pixel.</param>
/// <param name="Opacity">Opacity of its middle.</param>
internal readonly record struct Snowflake(
    float X, float Y, float DirectionX, float DirectionY, float HalfLength, float Radius, float Softness, float Opacity)
{
    /// <summary>How far it reaches from its middle at most.</summary>
    public float Reach => HalfLength + Radius + Softness;

    /// <summary>Its opacity at a point.</summary>
    public float At(float x, float y)
    {
        float dx = x - X;
        float dy = y - Y;
        float along = Math.Clamp((dx * DirectionX) + (dy * DirectionY), -HalfLength, HalfLength);
        float offX = dx - (along * DirectionX);
        float offY = dy - (along * DirectionY);
        float squared = (offX * offX) + (offY * offY);
        float outer = Radius + Softness;
        if (squared >= outer * outer)
            return 0f;
        float depth = (outer - MathF.Sqrt(squared)) / (2 * Softness);
        depth = MathF.Min(depth, 1f);
        // The middle of the way was covered longer than its ends.
        float passed = along / MathF.Max(HalfLength, 1e-3f);
        return Opacity * (1f - (0.7f * passed * passed)) * depth * depth * (3f - (2f * depth));
    }
}
