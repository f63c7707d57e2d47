using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Evaluation;

/// <summary>A clean image of a benchmark, loaded when its turn comes.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class BenchmarkImage
{
    private readonly Func<ImageBuffer> _load;
    private readonly Func<ImageBuffer?> _loadDepth;

    /// <summary>Describes an image.</summary>
    /// <param name="name">Unique name; random draws are made by it.</param>
    /// <param name="hash">Hash of the image's content, and of its depth's: results of another hash are not taken over.</param>
    /// <param name="load">Gives the image, 1 or 3 channels; called from any thread, once a run.</param>
    /// <param name="loadDepth">Gives its relative depth (1 x H x W, far = 1), or null; for tasks with haze or snow.</param>
    public BenchmarkImage(string name, string hash, Func<ImageBuffer> load, Func<ImageBuffer?>? loadDepth = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(hash);
        ArgumentNullException.ThrowIfNull(load);
        Name = name;
        Hash = hash;
        _load = load;
        _loadDepth = loadDepth ?? (() => null);
    }

    /// <summary>The unique name.</summary>
    public string Name { get; }

    /// <summary>Hash of the content.</summary>
    public string Hash { get; }

    /// <summary>An image in memory.</summary>
    /// <param name="name">Unique name.</param>
    /// <param name="image">The image; must not change afterwards.</param>
    /// <param name="depth">Its relative depth, 1 x H x W, or null.</param>
    public static BenchmarkImage FromBuffer(string name, ImageBuffer image, ImageBuffer? depth = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        string hash = depth is null ? HashOf(image) : $"{HashOf(image)}+{HashOf(depth)}";
        return new BenchmarkImage(name, hash, () => image, () => depth);
    }

    /// <summary>An image file; an alpha channel is dropped.</summary>
    /// <param name="path">The file; it is read now for its hash and again when its turn comes.</param>
    /// <param name="name">Unique name; null: the file's name without extension.</param>
    /// <param name="depth">Its relative depth, or null; kept in memory.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BenchmarkImage FromFile(string path, string? name = null, ImageBuffer? depth = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        string hash = Convert.ToHexStringLower(SHA256.HashData(file));
        return new BenchmarkImage(
            name ?? Path.GetFileNameWithoutExtension(path),
            depth is null ? hash : $"{hash}+{HashOf(depth)}",
            () => WithoutAlpha(ImageFile.Load(path)),
            () => depth);
    }

    /// <summary>Loads the image, 1 or 3 channels.</summary>
    /// <exception cref="Gir.Imaging.Codecs.ImageFormatException">Its file is damaged.</exception>
    /// <exception cref="IOException">Its file cannot be read.</exception>
    public ImageBuffer Load() => _load();

    /// <summary>Loads its relative depth (1 x H x W, far = 1); null where it has none.</summary>
    public ImageBuffer? LoadDepth() => _loadDepth();

    internal static ImageBuffer WithoutAlpha(ImageBuffer image) => image.Channels is not (2 or 4)
        ? image
        : new ImageBuffer(image.Channels - 1, image.Height, image.Width, image.Samples[..((image.Channels - 1) * image.PlaneLength)].ToArray());

    internal static string HashOf(ImageBuffer image)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> shape = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(shape, image.Channels);
        BinaryPrimitives.WriteInt32LittleEndian(shape[4..], image.Height);
        BinaryPrimitives.WriteInt32LittleEndian(shape[8..], image.Width);
        hash.AppendData(shape);
        hash.AppendData(MemoryMarshal.AsBytes(image.Samples));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
