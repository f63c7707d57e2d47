using System.Security.Cryptography;
using Gir.Imaging;
using Gir.Models.Onnx;
using Gir.Models.OnnxRuntime.Sessions;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Models.OnnxRuntime;

/// <summary>Any ONNX model that makes an image of an image, run by ONNX Runtime: of any size or of one alone, in tiles, gray or color.</summary>
/// <remarks>
/// What Gir exported says in its metadata all that must be known (<see cref="OnnxModelDescription"/>); of other models, options say what shapes do not.
/// Images are padded, tiled and converted as <see cref="NetworkRestorer"/> does; the memory of ONNX Runtime is not measured, and taken for 16 KiB for each pixel of
/// the output where tiles are chosen. Safe for concurrent use until it is disposed. A model is a program: one from strangers is read with bounds and cannot
/// reach files outside of its folder, but how much it computes is its own.
/// </remarks>
public sealed class OnnxRestorer : IRestorer, IDisposable
{
    private readonly OnnxSession _session;
    private readonly NetworkRestorer _restorer;

    private OnnxRestorer(OnnxSession session, NetworkRestorer restorer, OnnxModelDescription description, string name)
    {
        _session = session;
        _restorer = restorer;
        Description = description;
        Info = restorer.Info with
        {
            Name = name,
            Description = $"{description.Architecture} on ONNX Runtime",
            ParameterCount = description.ParameterCount,
            License = description.License,
            Training = description.Training,
        };
    }

    /// <inheritdoc/>
    public RestorerInfo Info { get; }

    /// <summary>SHA-256 of the model's file and of everything that results depend on, in hexadecimal.</summary>
    public string Identity => _restorer.Identity;

    /// <summary>What the model's metadata, its shapes and the options say of it.</summary>
    public OnnxModelDescription Description { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file; weights that it keeps in files beside it are read too.</param>
    /// <param name="options">What the file does not say; null means the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxModelException">The file is no model, or none of images; ONNX Runtime's native library or a provider is missing.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static OnnxRestorer Load(string path, OnnxRestorerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxRestorerOptions();
        options.Validate();
        string hash = Check(path, options);
        var session = OnnxSession.Open(path, options);
        try
        {
            OnnxModelDescription description = session.Describe(options);
            RestorationNetwork network = session.Network(description, hash, options.Restoration.TileOverlap);
            NetworkRestorerOptions restoration = description.FixedSize is null ? options.Restoration : options.Restoration with { TileSize = 0 };
            string name = options.Name ?? description.Name ?? Path.GetFileNameWithoutExtension(path);
            return new OnnxRestorer(session, new NetworkRestorer(network, restoration, name), description, name);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OnnxModelException">The model failed, or made something else than an image of the expected size.</exception>
    /// <exception cref="ObjectDisposedException">The restorer was disposed.</exception>
    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default) => _restorer.Restore(degraded, cancellationToken);

    /// <inheritdoc/>
    public ImageBuffer Restore(ImageBuffer degraded, IProgress<RestorationProgress>? progress, CancellationToken cancellationToken = default) =>
        _restorer.Restore(degraded, progress, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<ImageBuffer> RestoreBatch(
        IReadOnlyList<ImageBuffer> degraded, IProgress<RestorationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _restorer.RestoreBatch(degraded, progress, cancellationToken);

    /// <summary>Hands back the model's memory; nobody may be restoring.</summary>
    public void Dispose() => _session.Dispose();

    private static string Check(string path, OnnxRestorerOptions options)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        if (stream.CanSeek && stream.Length > options.MaxModelBytes)
            throw new OnnxModelException(path, $"the file has {stream.Length} bytes; at most {options.MaxModelBytes} are read ({nameof(OnnxRestorerOptions)}.{nameof(OnnxRestorerOptions.MaxModelBytes)}).");
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
