using System.Text.RegularExpressions;
using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Features;

/// <summary>
/// VGG-16 or AlexNet as learned metrics see images through it, or VGG-19 as the contextual loss does, with the learned weights of a metric beside it, from files of the user: torchvision's, the authors' of LPIPS
/// (the linear layers alone, or the whole model) and of DISTS ("alpha" and "beta" alone, or the whole model).
/// </summary>
/// <remarks>Layers are "relu1" to "relu5" (VGG-19: "relu3", its relu3_4), rectified. Safe for concurrent use.</remarks>
public sealed partial class PerceptualNetwork : IFeatureExtractor
{
    // Heads of metrics are short beside the chain.
    private const long Slack = 1 << 14;

    private readonly PerceptualChain _chain;

    private PerceptualNetwork(PerceptualLayout layout, PerceptualChain chain, IReadOnlyDictionary<string, IReadOnlyList<double>> heads)
    {
        _chain = chain;
        foreach (Tensor parameter in chain.Parameters())
            parameter.RequiresGradient = false;
        Heads = heads;
        Name = layout.Name;
        Input = new FeatureInput { MinimumSize = layout.MinimumSize, Mean = [0.485f, 0.456f, 0.406f], Deviation = [0.229f, 0.224f, 0.225f] };
        Layers = [.. Enumerable.Range(1, layout.Steps.Count(s => s.IsLayer)).Select(i => $"relu{i}")];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public FeatureInput Input { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>What the files hold beside the chain: "lin0" to "lin4" of LPIPS, a weight for each feature; "alpha" and "beta" of DISTS.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Heads { get; }

    /// <summary>Reads a network and heads from files, whichever holds which; of tensors that stand in several, the last file's count.</summary>
    /// <param name="paths">safetensors files, or what torch.save wrote.</param>
    /// <param name="isSmooth">Pools as DISTS does.</param>
    /// <param name="limits">What the files may ask for; null means the defaults.</param>
    /// <exception cref="CheckpointFormatException">A file is damaged or hostile, or they hold no VGG-16 or AlexNet whose layers fit one another.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static PerceptualNetwork Load(IReadOnlyList<string> paths, bool isSmooth = false, CheckpointLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var tensors = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            foreach ((string key, CheckpointTensor tensor) in Checkpoint.Load(path, limits).Unwrap())
            {
                if (Rename(key) is { } name)
                    tensors[name] = tensor;
            }
        }

        string files = string.Join(", ", paths);
        Dictionary<string, TensorShape> shapes = NetworkInFile.ShapesOf(tensors);
        PerceptualLayout layout = PerceptualLayout.Of(shapes) ?? throw new CheckpointFormatException(
            files, 0, $"found {shapes.Count(s => s.Key.StartsWith("features.", StringComparison.Ordinal))} tensors of a chain of convolutions; expected all of VGG-16's or AlexNet's, \"features.0.weight\" and so on.");
        try
        {
            return Build(layout, tensors, shapes, isSmooth);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointFormatException(files, 0, $"taken for {layout.Name}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ImageBuffer> Extract(ImageBuffer image, IReadOnlyList<string> layers, CancellationToken cancellationToken = default)
    {
        int[] indices = FeatureRequest.Check(this, image, layers);
        using ForwardCancellation cancellation = ForwardCancellation.Enter(cancellationToken);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        IReadOnlyList<Tensor> maps = _chain.Layers(FeatureRequest.ToTensor(image, Input));
        return [.. indices.Select(i => FeatureMap.Of(_chain, maps[i]))];
    }

    /// <summary>The frozen chain, through which gradients pass to images.</summary>
    internal PerceptualChain Chain => _chain;

    private static PerceptualNetwork Build(PerceptualLayout layout, Dictionary<string, CheckpointTensor> tensors, Dictionary<string, TensorShape> shapes, bool isSmooth)
    {
        int[] features = [.. layout.Steps.Select(s => FeaturesOf($"features.{s.Index}.weight", shapes[$"features.{s.Index}.weight"]))];
        var own = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        foreach (PerceptualStep step in layout.Steps)
        {
            foreach (string part in new[] { "weight", "bias" })
            {
                if (tensors.TryGetValue($"features.{step.Index}.{part}", out CheckpointTensor? tensor))
                    own[$"features.{step.Index}.{part}"] = tensor;
            }
        }

        using IDisposable loading = Initializer.ForLoading((2 * NetworkInFile.ValuesOf(own.Values)) + Slack);
        var chain = new PerceptualChain(layout, features, isSmooth);
        chain.LoadState(NetworkInFile.ShapesOf(own), (key, values) => own[key].CopyTo(values));

        int[] layers = [.. features.Where((_, i) => layout.Steps[i].IsLayer)];
        var heads = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        foreach ((string key, CheckpointTensor tensor) in tensors.Where(t => !t.Key.StartsWith("features.", StringComparison.Ordinal)))
        {
            int head = key.StartsWith("lin", StringComparison.Ordinal) ? key[3] - '0' : -1;
            if (head >= layers.Length)
                throw new ArgumentException($"'{key}' belongs to a network of more than {layers.Length} layers; expected VGG-16's or AlexNet's beside it.");
            int expected = head >= 0 ? layers[head] : 3 + layers.Sum();
            if (tensor.Length != expected)
                throw new ArgumentException($"'{key}' is {tensor.Shape}; expected {expected} weights.");
            heads[key] = [.. tensor.ToArray().Select(w => (double)w)];
        }

        return new PerceptualNetwork(layout, chain, heads);
    }

    private static int FeaturesOf(string key, TensorShape shape) => shape.Rank == 4 && shape[0] >= 1 && shape[1] >= 1
        ? shape[0]
        : throw new ArgumentException($"'{key}' is {shape}; expected the weights of a convolution.");

    /// <summary>A tensor's name in torchvision's spelling, or a head's; null for what metrics have no use for (classifiers, constants).</summary>
    private static string? Rename(string key)
    {
        if (key is "alpha" or "beta")
            return key;
        if (Head().Match(key) is { Success: true } head)
            return $"lin{head.Groups[1].Value}";
        return Step().Match(key) is { Success: true } step ? $"features.{step.Groups[1].Value}.{step.Groups[2].Value}" : null;
    }

    [GeneratedRegex(@"^lin([0-4])\.(?:model\.1\.)?weight$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^(?:features|net\.slice[1-5]|stage[1-5])\.([0-9]{1,2})\.(weight|bias)$")]
    private static partial Regex Step();
}
