using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Generative.Diffusion;

/// <summary>Images of one size, mirrored and turned, and what a step draws beside them: all follows from the seed, the step and the sample, whatever was drawn before.</summary>
internal sealed class LatentTrainingSource
{
    private readonly IReadOnlyList<ImageBuffer> _images;
    private readonly ImageTransform _degrade;
    private readonly ulong _seed;

    /// <exception cref="ArgumentException">There are no images, or one has another size.</exception>
    public LatentTrainingSource(IReadOnlyList<ImageBuffer> images, ImageTransform degrade, int size, ulong seed)
    {
        if (images.Count == 0)
            throw new ArgumentException("There are no images to learn from.", nameof(images));
        if (images.FirstOrDefault(i => i.Channels != 3 || i.Height != size || i.Width != size) is { } other)
            throw new ArgumentException($"Found an image of {other}; expected 3 x {size} x {size}.", nameof(images));
        (_images, _degrade, Size, _seed) = (images, degrade, size, seed);
        ulong hash = 0xcbf29ce484222325;
        foreach (ImageBuffer image in images)
        {
            foreach (float sample in image.Samples)
                hash = (hash ^ BitConverter.SingleToUInt32Bits(sample)) * 0x100000001b3;
        }

        Description = string.Create(CultureInfo.InvariantCulture, $"{images.Count} images of {size} ({hash:x16}), seed {seed}");
    }

    /// <summary>Height and width.</summary>
    public int Size { get; }

    /// <summary>What the images are.</summary>
    public string Description { get; }

    /// <summary>The clean images of a step, [n, 3, size, size] in 0..1.</summary>
    public Tensor Clean(long step, int batch) => Batch(Enumerable.Range(0, batch).Select(i => Oriented(step, i, out _)));

    /// <summary>The clean images of a step and what was made of them.</summary>
    public (Tensor Degraded, Tensor Clean) Pairs(long step, int batch)
    {
        var clean = new List<ImageBuffer>();
        var degraded = new List<ImageBuffer>();
        for (int i = 0; i < batch; i++)
        {
            clean.Add(Oriented(step, i, out PhiloxRandom random));
            degraded.Add(_degrade(clean[i].Clone(), random));
        }

        return (Batch(degraded), Batch(clean));
    }

    /// <summary>The first images as they are, in batches: what statistics are taken of.</summary>
    public IEnumerable<Tensor> First(int count, int batch) => _images.Take(count).Chunk(batch).Select(Batch);

    /// <summary>Normal values of a step.</summary>
    public Tensor Normal(long step, ulong stream, TensorShape shape)
    {
        var values = new float[shape.Length];
        Philox4x32.FillGaussian(values, Philox4x32.DeriveSeed(Of(step), 1_000_000 + stream));
        return Tensor.From(values, shape);
    }

    /// <summary>Timesteps of a step, one for each sample.</summary>
    public int[] Timesteps(long step, ulong stream, int batch, int limit) =>
        [.. Enumerable.Range(0, batch).Select(i => new PhiloxRandom(Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(Of(step), 2_000_000 + stream), (ulong)i)).NextInteger(0, limit - 1))];

    private ulong Of(long step) => Philox4x32.DeriveSeed(_seed, (ulong)step);

    private ImageBuffer Oriented(long step, int index, out PhiloxRandom random)
    {
        random = new PhiloxRandom(Philox4x32.DeriveSeed(Of(step), (ulong)index));
        ImageBuffer image = _images[random.NextInteger(0, _images.Count - 1)];
        int orientation = random.NextInteger(0, 7);
        image = (orientation & 1) == 0 ? image : image.FlipHorizontal();
        image = (orientation & 2) == 0 ? image : image.FlipVertical();
        return (orientation & 4) == 0 ? image : image.Transpose();
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
