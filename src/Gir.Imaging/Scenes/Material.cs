namespace Gir.Imaging.Scenes;

/// <summary>Families of texture.</summary>
internal enum Pattern
{
    Plain,
    Mottled,
    Stripes,
    Checks,
    Dots,
    Bricks,
    Planks,
    Tiles,
    Meadow,
    Road,
    Facade,
    Text,
    LeafVeins,
    Bark,
    Skin,
    Mountain,
}

/// <summary>How a surface looks: colors in linear light, a pattern and its size.</summary>
/// <param name="Pattern">The texture.</param>
/// <param name="A">First color.</param>
/// <param name="B">Second color.</param>
/// <param name="Scale">Periods of the pattern per unit of the scene.</param>
/// <param name="Seed">Chooses among the pattern's instances.</param>
internal sealed record Material(Pattern Pattern, Vec3 A, Vec3 B, float Scale, uint Seed)
{
    /// <summary>Third color: path, glass, mortar.</summary>
    public Vec3 C { get; init; }

    /// <summary>Strength of small unevenness in the normals.</summary>
    public float Bump { get; init; }

    /// <summary>Unevennesses per unit of the scene.</summary>
    public float BumpScale { get; init; } = 8;

    /// <summary>Strength of the highlight.</summary>
    public float Gloss { get; init; }

    /// <summary>Share of the sunlight on the far side that shines through.</summary>
    public float Translucency { get; init; }

    /// <summary>Share of skylight that reaches the surface past its own neighbors.</summary>
    public float Openness { get; init; } = 1;
}
