namespace Gir.Imaging.Scenes;

/// <summary>A procedural picture with its exact depth.</summary>
/// <param name="Image">3 x H x W, sRGB-encoded, [0, 1]; noise-free and not quantized.</param>
/// <param name="Depth">
/// 1 x H x W: distance along the optical axis of the nearest surface at the pixel's center, relative to the farthest in the picture
/// (far = 1, the sky included); at least 0.05.
/// </param>
/// <param name="Seed">The seed it was made from.</param>
public sealed record Scene(ImageBuffer Image, ImageBuffer Depth, ulong Seed);

/// <summary>What a scene shows.</summary>
public enum SceneLayout
{
    /// <summary>Drawn from the seed.</summary>
    Any,

    /// <summary>A meadow with trees, rocks and perhaps a house before mountains and a clouded sky.</summary>
    Landscape,

    /// <summary>A street between houses with windows, signs, lamps and cars.</summary>
    Street,

    /// <summary>Fruit, books, cups and boxes on a wooden table before a wall.</summary>
    StillLife,

    /// <summary>Leaves lying over one another, seen from above: a dead-leaves picture with sizes by a power law.</summary>
    Foliage,

    /// <summary>Pebbles and shards on sand, sizes by a power law, seen from above at an angle.</summary>
    Pebbles,

    /// <summary>Discs, ellipses, polygons and blobs in many textures, occluding one another: the dead-leaves model proper.</summary>
    DeadLeaves,
}

/// <summary>How a scene is made.</summary>
/// <param name="Layout">What it shows; default: drawn from the seed.</param>
/// <param name="Supersampling">Samples per pixel and axis, 1..8; default 2, that is 2 x 2 samples per pixel.</param>
public sealed record SceneOptions(SceneLayout Layout = SceneLayout.Any, int Supersampling = 2);
