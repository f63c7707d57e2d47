using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Generative.Training;

/// <summary>Whole images of one size and what was made of them, step by step; each step's draws follow from the seed and its number.</summary>
internal sealed class PairSource
{
    private readonly IReadOnlyList<ImageBuffer> _images;
    private readonly ImageTransform _degrade;
    private readonly ulong _seed;

    /// <exception cref="ArgumentException">There are no images, or one has another size.</exception>
    public PairSource(IReadOnlyList<ImageBuffer> images, ImageTransform degrade, int size, int batch, ulong seed)
    {
        if (images.Count == 0)
            throw new ArgumentException("There are no images to learn from.", nameof(images));
        if (images.FirstOrDefault(i => i.Channels != 3 || i.Height != size || i.Width != size) is { } other)
            throw new ArgumentException($"Found an image of {other}; expected 3 x {size} x {size}.", nameof(images));
        (_images, _degrade, Batch, _seed, Size) = (images, degrade, batch, seed, size);
        var hash = new Fingerprint();
        foreach (ImageBuffer image in images)
            hash.Add(image.Samples);
        Description = string.Create(CultureInfo.InvariantCulture, $"{images.Count} images of {size} ({hash.Value:x16}), batches of {batch}, seed {seed}");
    }

    /// <summary>Height and width.</summary>
    public int Size { get; }

    /// <summary>Images a step.</summary>
    public int Batch { get; }

    /// <summary>What the images are.</summary>
    public string Description { get; }

    /// <summary>The pairs of a step, [n, 3, size, size] in 0..1, half of them mirrored.</summary>
    public (Tensor Degraded, Tensor Clean) At(long step)
    {
        int length = 3 * Size * Size;
        var degraded = new float[Batch * length];
        var clean = new float[Batch * length];
        for (int i = 0; i < Batch; i++)
        {
            var random = new PhiloxRandom(Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(_seed, (ulong)step), (ulong)i));
            ImageBuffer image = _images[random.NextInteger(0, _images.Count - 1)];
            image = random.NextBoolean() ? image.FlipHorizontal() : new ImageBuffer(3, Size, Size, image.Samples.ToArray());
            image.Samples.CopyTo(clean.AsSpan(i * length, length));
            _degrade(image, random).Samples.CopyTo(degraded.AsSpan(i * length, length));
        }

        TensorShape shape = [Batch, 3, Size, Size];
        return (Tensor.From(degraded, shape), Tensor.From(clean, shape));
    }

    /// <summary>Normal values of a step.</summary>
    public Tensor Normal(long step, ulong stream, TensorShape shape)
    {
        var values = new float[shape.Length];
        Philox4x32.FillGaussian(values, Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(_seed, (ulong)step), 1_000_000 + stream));
        return Tensor.From(values, shape);
    }

    /// <summary>Other draws of a step.</summary>
    public PhiloxRandom Draws(long step, ulong stream) => new(Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(_seed, (ulong)step), 2_000_000 + stream));
}
