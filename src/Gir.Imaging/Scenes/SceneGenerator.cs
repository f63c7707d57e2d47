using Gir.Imaging.Random;
using Gir.Imaging.Scenes.Layouts;

namespace Gir.Imaging.Scenes;

/// <summary>
/// Procedural pictures with exact depth: ray-cast toy worlds with occlusion, shading, soft shadows, perspective and textures whose spectra and
/// derivative statistics resemble those of photographs (object sizes by a power law: Lee, Mumford, Huang, "Occlusion Models for Natural
/// Images", 2001). For tests, demonstrations and training without data.
/// </summary>
public static class SceneGenerator
{
    private const float SmallestDepth = 0.05f;

    // Mean linear light of a well-exposed photograph: 18 % gray, a little lighter.
    private const double MiddleGray = 0.21;

    /// <summary>Makes the scene of a seed; the same bits for the same arguments, whatever the number of threads.</summary>
    /// <param name="seed">Decides everything that is not an option.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="options">Layout and quality; default: any layout, 2 x 2 samples per pixel.</param>
    /// <param name="parallelism">Threads to use.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or an option is out of its range.</exception>
    public static Scene Create(ulong seed, int height, int width, SceneOptions? options = null, Parallelism parallelism = default)
    {
        options ??= new SceneOptions();
        if (options.Supersampling is < 1 or > 8)
            throw new ArgumentOutOfRangeException(nameof(options), options.Supersampling, "Expected a supersampling of 1..8.");
        if (!Enum.IsDefined(options.Layout))
            throw new ArgumentOutOfRangeException(nameof(options), options.Layout, "Unknown scene layout.");
        var image = new ImageBuffer(3, height, width);
        var depth = new ImageBuffer(1, height, width);
        var random = new PhiloxRandom(seed);
        int drawn = random.NextInteger(1, (int)SceneLayout.DeadLeaves);
        SceneModel model = (options.Layout == SceneLayout.Any ? (SceneLayout)drawn : options.Layout) switch
        {
            SceneLayout.Landscape => LandscapeLayout.Create(random),
            SceneLayout.Street => StreetLayout.Create(random),
            SceneLayout.StillLife => StillLifeLayout.Create(random),
            SceneLayout.Foliage => FoliageLayout.Create(random),
            SceneLayout.Pebbles => PebblesLayout.Create(random),
            _ => DeadLeavesLayout.Create(random),
        };
        new SceneRenderer(model).Render(image, depth, options.Supersampling, parallelism);
        Develop(image);
        Normalize(depth);
        return new Scene(image, depth, seed);
    }

    /// <summary>Exposure to middle gray, a shoulder for highlights, sRGB.</summary>
    private static void Develop(ImageBuffer image)
    {
        double sum = 0;
        foreach (float sample in image.Samples)
            sum += MathF.Min(sample, 1.5f);
        float exposure = (float)Math.Clamp(MiddleGray / Math.Max(sum / image.Samples.Length, 1e-6), 0.4, 2.5);
        foreach (ref float sample in image.Samples)
        {
            float light = MathF.Max(sample * exposure, 0);
            if (light > 0.7f)
            {
                float over = (light - 0.7f) / 0.3f;
                light = 0.7f + (0.3f * over / (1 + over));
            }

            sample = MathF.Min(SceneMath.Encode(light), 1);
        }
    }

    private static void Normalize(ImageBuffer depth)
    {
        float largest = 0;
        foreach (float d in depth.Samples)
            largest = MathF.Max(largest, d);
        foreach (ref float d in depth.Samples)
            d = MathF.Max(d / largest, SmallestDepth);
    }
}
