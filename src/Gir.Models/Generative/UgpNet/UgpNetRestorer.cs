using System.Security.Cryptography;
using Gir.Imaging;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.UgpNet;

/// <summary>What the three parts of UGPNet make of one image; each 3 x size x size, not clamped.</summary>
/// <param name="Regressed">Structure, by the regression network.</param>
/// <param name="Synthesized">Detail, by the generator.</param>
/// <param name="Fused">The restored image.</param>
public sealed record UgpNetParts(ImageBuffer Regressed, ImageBuffer Synthesized, ImageBuffer Fused);

/// <summary>
/// Restores with UGPNet (Lee, Kang, Lee, Baek, Cho, WACV 2024): a regression network restores structure, a StyleGAN2 generator driven by it synthesizes detail, a
/// fusion network joins the features of both.
/// </summary>
/// <remarks>
/// Images have one size, the generator's (divided by the regression network's scale). Detail is invented: it looks like the images that the generator has learned, and need not
/// be what was there. Safe for concurrent use.
/// </remarks>
public sealed class UgpNetRestorer : IRestorer
{
    private readonly UgpNetwork _network;
    private readonly Lazy<string> _identity;

    internal UgpNetRestorer(UgpNetwork network, string name = "ugpnet")
    {
        _network = network;
        string regression = network.Regression.Network.Architecture;
        int scale = network.Regression.Scale;
        Size = network.Options.Generator.Size / scale;
        Info = new RestorerInfo(name, $"UGPNet on {regression} for {Size} x {Size}") { ParameterCount = network.ParameterCount(), Scale = scale, Channels = 3, SizeMultiple = Size };
        _identity = new Lazy<string>(() => IdentityOf(network));
    }

    /// <summary>Height and width of the images that it takes.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public RestorerInfo Info { get; }

    /// <summary>SHA-256 of the weights, in hexadecimal.</summary>
    public string Identity => _identity.Value;

    /// <summary>Loads a network from one file that holds all of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hyper">What shapes do not say of the regression network; null takes what the file says.</param>
    /// <exception cref="CheckpointFormatException">The file is damaged, or its tensors are not a UGPNet's.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static UgpNetRestorer Load(string path, HyperParameters? hyper = null) => new(UgpNetFile.Load([path], hyper), Path.GetFileNameWithoutExtension(path));

    /// <summary>Loads a network from the authors' three files.</summary>
    /// <param name="regression">The file of resmodule.</param>
    /// <param name="synthesis">The file of synmodule: generator, fencoder, wmodule; its discriminator is not needed.</param>
    /// <param name="fusion">The file of fusmodule.</param>
    /// <param name="hyper">What shapes do not say of the regression network; null takes the published settings.</param>
    /// <exception cref="CheckpointFormatException">A file is damaged, or the tensors are not a UGPNet's.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static UgpNetRestorer Load(string regression, string synthesis, string fusion, HyperParameters? hyper = null) =>
        new(UgpNetFile.Load([regression, synthesis, fusion], hyper));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The image has another size or number of channels, or samples that are not finite or far outside of [0, 1].</exception>
    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default)
    {
        ImageBuffer fused = Parts(degraded, cancellationToken).Fused;
        return degraded.Channels == 3 ? fused : MeanOf(fused);
    }

    /// <summary>What each part makes of an image.</summary>
    /// <inheritdoc cref="Restore(ImageBuffer, CancellationToken)"/>
    public UgpNetParts Parts(ImageBuffer degraded, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(degraded);
        if (degraded.Channels is not (1 or 3) || degraded.Height != Size || degraded.Width != Size)
            throw new ArgumentException($"The image is {degraded} (channels x height x width); {Info.Name} restores {Size} x {Size} with 1 (gray) or 3 (RGB) channels.", nameof(degraded));
        SampleRange.Check(degraded, nameof(degraded));
        using ForwardCancellation cancellation = ForwardCancellation.Enter(cancellationToken);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        TensorBackend backend = _network.Parameters().First().Backend;
        (Tensor regressed, Tensor synthesized, Tensor fused) = _network.Parts(Tensor.From(degraded.GrayAsColor().Samples, [1, 3, Size, Size], backend));
        return new UgpNetParts(ToImage(regressed), ToImage(synthesized), ToImage(fused));
    }

    private static ImageBuffer ToImage(Tensor tensor)
    {
        var image = new ImageBuffer(3, tensor.Shape[2], tensor.Shape[3]);
        tensor.CopyTo(image.Samples);
        return image;
    }

    private static ImageBuffer MeanOf(ImageBuffer color)
    {
        var gray = new ImageBuffer(1, color.Height, color.Width);
        for (int i = 0; i < gray.PlaneLength; i++)
            gray.Samples[i] = (color.Samples[i] + color.Samples[gray.PlaneLength + i] + color.Samples[(2 * gray.PlaneLength) + i]) / 3;
        return gray;
    }

    private static string IdentityOf(UgpNetwork network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string key, Tensor tensor) in network.StateDictionary())
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{key} {tensor.Shape}\n"));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(tensor.ToArray()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
