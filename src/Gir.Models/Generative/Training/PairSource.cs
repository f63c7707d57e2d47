using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Generative.Training;

/// <summary>Images of which half are mirrored and what was made of them, step by step.</summary>
internal sealed class PairSource : TrainingImages
{
    /// <exception cref="ArgumentException">There are no images, or one has another size.</exception>
    public PairSource(IReadOnlyList<ImageBuffer> images, ImageTransform degrade, int size, int batch, ulong seed)
        : base(images, degrade, size, seed)
    {
        Batch = batch;
        Description = string.Create(CultureInfo.InvariantCulture, $"{Describe(new Fingerprint())}, batches of {batch}, seed {seed}");
    }

    /// <summary>Images a step.</summary>
    public int Batch { get; }

    /// <summary>What the images are.</summary>
    public string Description { get; }

    /// <summary>The pairs of a step, [n, 3, size, size] in 0..1.</summary>
    public (Tensor Degraded, Tensor Clean) At(long step) => Pairs(step, Batch);

    /// <summary>Other draws of a step.</summary>
    public PhiloxRandom Draws(long step, ulong stream) => new(Philox4x32.DeriveSeed(SeedOf(step), 2_000_000 + stream));

    private protected override ImageBuffer Orient(ImageBuffer image, PhiloxRandom random) => random.NextBoolean() ? image.FlipHorizontal() : image;
}
