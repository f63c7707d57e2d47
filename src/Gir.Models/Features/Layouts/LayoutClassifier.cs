using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Imaging.Scenes;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Features.Layouts;

/// <summary>What a <see cref="LayoutClassifier"/> was found to be worth, on scenes that it was not trained on.</summary>
/// <param name="Accuracy">Share of clean scenes whose layout it tells, 0..1.</param>
/// <param name="DegradedAccuracy">The same of mildly degraded ones.</param>
/// <param name="LocalChance">Mean cosine of features at the same place of two different scenes, below 1.</param>
/// <param name="Chance">Mean cosine of two different scenes' descriptors, below 1.</param>
public sealed record LayoutMeasurements(double Accuracy, double DegradedAccuracy, double LocalChance, double Chance);

/// <summary>
/// A small classifier of what procedural scenes show (<see cref="SceneLayout"/>): the extractor in the box for metrics that ask whether a restored image still means the same. It knows these scenes
/// and nothing else; photographs need a network that has seen them.
/// </summary>
/// <remarks>
/// Layers are "conv1" to "conv4", rectified; the mean of the last over places is the descriptor, what the classes are told from. Gray images are seen three times. Safe for concurrent use.
/// </remarks>
public sealed class LayoutClassifier : IFeatureExtractor
{
    private const string Resource = "Gir.Models.Features.Layouts.scene-layouts.safetensors";

    private static readonly Lazy<LayoutClassifier> s_shipped = new(OfPackage);

    private readonly LayoutNetwork _network;

    internal LayoutClassifier(LayoutNetwork network, LayoutMeasurements? measured)
    {
        (_network, Measured) = (network, measured);
        foreach (Tensor parameter in network.Parameters())
            parameter.RequiresGradient = false;
    }

    /// <summary>The classifier that comes with the package.</summary>
    public static LayoutClassifier Shipped => s_shipped.Value;

    /// <summary>What it tells apart, in the order of its outputs.</summary>
    public static IReadOnlyList<SceneLayout> Classes { get; } = [.. Enum.GetValues<SceneLayout>().Where(l => l != SceneLayout.Any)];

    /// <inheritdoc/>
    public string Name => "scene-layouts";

    /// <inheritdoc/>
    public FeatureInput Input { get; } = LayoutInput;

    /// <inheritdoc/>
    public IReadOnlyList<string> Layers { get; } = [.. Enumerable.Range(1, LayoutNetwork.LayerCount).Select(i => string.Create(CultureInfo.InvariantCulture, $"conv{i}"))];

    /// <summary>The layer whose mean over places is the descriptor.</summary>
    public string DescriptorLayer => Layers[^1];

    /// <summary>What it was found to be worth; null where its file does not say.</summary>
    public LayoutMeasurements? Measured { get; }

    internal static FeatureInput LayoutInput { get; } = new() { MinimumSize = LayoutNetwork.MinimumSize, Mean = [0.5f, 0.5f, 0.5f], Deviation = [0.25f, 0.25f, 0.25f] };

    /// <summary>Reads a classifier.</summary>
    /// <param name="path">A file that <see cref="LayoutTraining"/> or <see cref="Save"/> wrote.</param>
    /// <param name="limits">What the file may ask for; null means the defaults.</param>
    /// <exception cref="CheckpointFormatException">The file is damaged or hostile, or holds no such network.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static LayoutClassifier Load(string path, CheckpointLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read(Checkpoint.Load(path, limits), path);
    }

    /// <summary>Writes it in half precision, with what it was found to be worth.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="measured">What was found.</param>
    /// <exception cref="IOException">Writing failed.</exception>
    public void Save(string path, LayoutMeasurements measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["accuracy"] = Text(measured.Accuracy), ["degradedAccuracy"] = Text(measured.DegradedAccuracy), ["localChance"] = Text(measured.LocalChance), ["chance"] = Text(measured.Chance),
        };
        SafeTensorsFile.Write(path, _network.StateDictionary(), metadata, CheckpointDataType.Float16);
    }

    /// <summary>Tells a scene's layout.</summary>
    /// <param name="image">1 (gray) or 3 (RGB) channels of samples in [0, 1], at least 32 x 32 pixels.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The image has other channels, is too small, or holds samples that are not in the range of [0, 1].</exception>
    public SceneLayout Classify(ImageBuffer image, CancellationToken cancellationToken = default)
    {
        FeatureRequest.Check(this, image, []);
        using ForwardCancellation cancellation = ForwardCancellation.Enter(cancellationToken);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        float[] logits = _network.Call(FeatureRequest.ToTensor(image, Input)).ToArray();
        return Classes[Array.IndexOf(logits, logits.Max())];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ImageBuffer> Extract(ImageBuffer image, IReadOnlyList<string> layers, CancellationToken cancellationToken = default)
    {
        int[] indices = FeatureRequest.Check(this, image, layers);
        using ForwardCancellation cancellation = ForwardCancellation.Enter(cancellationToken);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        IReadOnlyList<Tensor> maps = _network.Layers(FeatureRequest.ToTensor(image, Input));
        return [.. indices.Select(i => FeatureMap.Of(_network, maps[i]))];
    }

    private static LayoutClassifier OfPackage()
    {
        using Stream stream = typeof(LayoutClassifier).Assembly.GetManifestResourceStream(Resource)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return Read(Checkpoint.Read(content.ToArray(), Resource), Resource);
    }

    private static LayoutClassifier Read(Checkpoint checkpoint, string path)
    {
        try
        {
            IReadOnlyDictionary<string, CheckpointTensor> tensors = checkpoint.Unwrap();
            using IDisposable loading = Initializer.ForLoading(NetworkInFile.ValuesOf(tensors.Values));
            var network = new LayoutNetwork(Classes.Count, 0);
            network.LoadState(NetworkInFile.ShapesOf(tensors), (key, values) => tensors[key].CopyTo(values));
            return new LayoutClassifier(network, MeasurementsOf(checkpoint.Metadata));
        }
        catch (ArgumentException e)
        {
            throw new CheckpointFormatException(path, 0, $"taken for a classifier of layouts: {e.Message}", e);
        }
    }

    private static LayoutMeasurements? MeasurementsOf(IReadOnlyDictionary<string, string> metadata)
    {
        double? Number(string key) => metadata.TryGetValue(key, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= -1 and <= 1
            ? value
            : null;
        return (Number("accuracy"), Number("degradedAccuracy"), Number("localChance"), Number("chance")) is ({ } accuracy, { } degraded, < 1 and { } local, < 1 and { } chance)
            ? new LayoutMeasurements(accuracy, degraded, local, chance)
            : null;
    }
}
