using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Generative.Training;

/// <summary>Whole images of one size, what is made of them, and what a step draws beside them: all follows from the seed, the step and the sample, whatever was drawn before.</summary>
internal abstract class TrainingImages
{
    private readonly IReadOnlyList<ImageBuffer> _images;
    private readonly ImageTransform _degrade;
    private readonly ulong _seed;

    /// <param name="images">The clean images.</param>
    /// <param name="degrade">Degrades one.</param>
    /// <param name="size">Their height and width.</param>
    /// <param name="seed">Seed of all draws.</param>
    /// <exception cref="ArgumentException">There are no images, or one has another size.</exception>
    private protected TrainingImages(IReadOnlyList<ImageBuffer> images, ImageTransform degrade, int size, ulong seed)
    {
        if (images.Count == 0)
            throw new ArgumentException("There are no images to learn from.", nameof(images));
        if (images.FirstOrDefault(i => i.Channels != 3 || i.Height != size || i.Width != size) is { } other)
            throw new ArgumentException($"Found an image of {other}; expected 3 x {size} x {size}.", nameof(images));
        (_images, _degrade, Size, _seed) = (images, degrade, size, seed);
    }

    /// <summary>Height and width.</summary>
    public int Size { get; }

    /// <summary>Normal values of a step.</summary>
    public Tensor Normal(long step, ulong stream, TensorShape shape)
    {
        var values = new float[shape.Length];
        Philox4x32.FillGaussian(values, Philox4x32.DeriveSeed(SeedOf(step), 1_000_000 + stream));
        return Tensor.From(values, shape);
    }

    /// <summary>How many images there are, of what size, and what tells them from others.</summary>
    /// <param name="hash">The hash's start.</param>
    private protected string Describe(Fingerprint hash)
    {
        foreach (ImageBuffer image in _images)
            hash.Add(image.Samples);
        return string.Create(CultureInfo.InvariantCulture, $"{_images.Count} images of {Size} ({hash.Value:x16})");
    }

    /// <summary>The clean images of a step, [n, 3, size, size] in 0..1.</summary>
    public Tensor Clean(long step, int batch) => Batch(Enumerable.Range(0, batch).Select(i => Drawn(step, i, out _)));

    /// <summary>The first images as they are, in batches: what statistics are taken of.</summary>
    public IEnumerable<Tensor> First(int count, int batch) => _images.Take(count).Chunk(batch).Select(Batch);

    /// <summary>The clean images of a step and what was made of them, [n, 3, size, size] in 0..1.</summary>
    public (Tensor Degraded, Tensor Clean) Pairs(long step, int batch)
    {
        var clean = new List<ImageBuffer>();
        var degraded = new List<ImageBuffer>();
        for (int i = 0; i < batch; i++)
        {
            clean.Add(Drawn(step, i, out PhiloxRandom random));
            degraded.Add(_degrade(clean[i].Clone(), random));
        }

        return (Batch(degraded), Batch(clean));
    }

    /// <summary>A seed for what a step draws.</summary>
    private protected ulong SeedOf(long step) => Philox4x32.DeriveSeed(_seed, (ulong)step);

    /// <summary>Mirrors or turns an image, or leaves it.</summary>
    private protected abstract ImageBuffer Orient(ImageBuffer image, PhiloxRandom random);

    private ImageBuffer Drawn(long step, int index, out PhiloxRandom random)
    {
        random = new PhiloxRandom(Philox4x32.DeriveSeed(SeedOf(step), (ulong)index));
        return Orient(_images[random.NextInteger(0, _images.Count - 1)], random);
    }

    private Tensor Batch(IEnumerable<ImageBuffer> images)
    {
        ImageBuffer[] all = [.. images];
        int length = 3 * Size * Size;
        var values = new float[all.Length * length];
        for (int i = 0; i < all.Length; i++)
            all[i].Samples.CopyTo(values.AsSpan(i * length, length));
        return Tensor.From(values, [all.Length, 3, Size, Size]);
    }
}
