using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Generative.Training;
using Gir.Models.Training;

namespace Gir.Models.Generative.Diffusion;

/// <summary>Images that are mirrored and turned, and what was made of them, in batches of any size.</summary>
internal sealed class LatentTrainingSource : TrainingImages
{
    // FNV's own offset.
    private const ulong Offset = 0xcbf29ce484222325;

    /// <exception cref="ArgumentException">There are no images, or one has another size.</exception>
    public LatentTrainingSource(IReadOnlyList<ImageBuffer> images, ImageTransform degrade, int size, ulong seed)
        : base(images, degrade, size, seed) =>
        Description = string.Create(CultureInfo.InvariantCulture, $"{Describe(new Fingerprint(Offset))}, seed {seed}");

    /// <summary>What the images are.</summary>
    public string Description { get; }

    /// <summary>Timesteps of a step, one for each sample.</summary>
    public int[] Timesteps(long step, ulong stream, int batch, int limit) =>
        [.. Enumerable.Range(0, batch).Select(i => new PhiloxRandom(Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(SeedOf(step), 2_000_000 + stream), (ulong)i)).NextInteger(0, limit - 1))];

    private protected override ImageBuffer Orient(ImageBuffer image, PhiloxRandom random)
    {
        int orientation = random.NextInteger(0, 7);
        image = (orientation & 1) == 0 ? image : image.FlipHorizontal();
        image = (orientation & 2) == 0 ? image : image.FlipVertical();
        return (orientation & 4) == 0 ? image : image.Transpose();
    }
}
