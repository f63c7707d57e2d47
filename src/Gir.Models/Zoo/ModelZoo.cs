using Gir.Imaging.Observability;
using Gir.Imaging.Text;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>Networks by checkpoint or by name.</summary>
public static class ModelZoo
{
    /// <summary>The architectures' names, in the order in which they are tried.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Architectures.All.Select(a => a.Name)];

    /// <summary>The trained models that come with the package, for <see cref="LoadShipped"/>; their license and training are in <see cref="RestorerInfo"/>.</summary>
    public static IReadOnlyList<string> Shipped => ShippedModels.OfPackage.Names;

    /// <summary>Loads a checkpoint, recognizing architecture and hyper-parameters from its keys, shapes and metadata.</summary>
    /// <param name="path">A safetensors file, or what torch.save wrote.</param>
    /// <param name="options">What the file does not say; null means the defaults.</param>
    /// <exception cref="CheckpointFormatException">The file is no checkpoint, damaged or hostile, of no known architecture, or does not fit the one it was taken for.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or no architecture's name.</exception>
    public static NetworkRestorer Load(string path, ModelZooOptions? options = null)
    {
        options ??= new ModelZooOptions();
        using TimedWork.Piece work = ModelsTelemetry.Loading.Begin(Path.GetFileNameWithoutExtension(path));
        Checkpoint checkpoint = Checkpoint.Load(path, options.Limits);
        return work.Complete(Restorer(checkpoint, path, options with { Name = options.Name ?? NameIn(checkpoint) ?? Path.GetFileNameWithoutExtension(path) }));
    }

    private static string? NameIn(Checkpoint checkpoint) =>
        checkpoint.Metadata.GetValueOrDefault("name") is { } name && !string.IsNullOrWhiteSpace(name) ? Suggestion.Shortened(OneLine.Of(name).Trim()) : null;

    /// <summary>Loads a model that comes with the package.</summary>
    /// <param name="name">One of <see cref="Shipped"/>, in any case; also the restorer's name, unless the options say another.</param>
    /// <param name="options">The way of restoration; null means the defaults.</param>
    /// <exception cref="ArgumentException">There is no such model (the message lists them), or an option is out of range.</exception>
    public static NetworkRestorer LoadShipped(string name, ModelZooOptions? options = null)
    {
        using TimedWork.Piece work = ModelsTelemetry.Loading.Begin(name);
        return work.Complete(ShippedModels.OfPackage.Load(name, options ?? new ModelZooOptions()));
    }

    /// <summary>The network alone, e.g. to train or explain it.</summary>
    /// <inheritdoc cref="Load"/>
    public static RestorationNetwork LoadNetwork(string path, ModelZooOptions? options = null)
    {
        options ??= new ModelZooOptions();
        return Network(Checkpoint.Load(path, options.Limits), path, options with { CompactWeights = options.CompactWeights ?? false });
    }

    /// <summary>Writes a network's weights as safetensors, with what <see cref="Load"/> needs to recognize the same network.</summary>
    /// <param name="path">The file; an existing one is replaced; its folder must exist.</param>
    /// <param name="network">The network.</param>
    /// <param name="metadata">Texts to keep with the weights, e.g. "license"; null means none. "architecture" and "hyper" are added.</param>
    /// <param name="type">Float32, or Float16 for half the size: see <see cref="SafeTensorsFile"/>.</param>
    /// <param name="state">Other weights of this network by key, e.g. averaged ones; null means its own.</param>
    /// <exception cref="ArgumentException">The type is neither of the two.</exception>
    /// <exception cref="IOException">The path is a directory, or writing failed.</exception>
    public static void Save(
        string path, RestorationNetwork network, IReadOnlyDictionary<string, string>? metadata = null,
        CheckpointDataType type = CheckpointDataType.Float32, IReadOnlyDictionary<string, Tensor>? state = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var texts = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            ["architecture"] = network.Architecture,
            ["hyper"] = network.HyperParameters.ToJson(),
        };
        SafeTensorsFile.Write(path, state ?? network.Module.StateDictionary(), texts, type);
    }

    /// <summary>Creates a network with fresh weights; what is not said is the published configuration's.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="options">Hyper-parameters and the way of restoration; null means the defaults.</param>
    /// <exception cref="ArgumentException">There is no such architecture (the message lists them), or an option is out of range.</exception>
    public static NetworkRestorer Create(string name, ModelZooOptions? options = null)
    {
        options ??= new ModelZooOptions();
        using TensorBackend.EngineScope engine = TensorBackend.Use(options.Backend);
        return new NetworkRestorer(CreateNetwork(name, options.HyperParameters), options.Restoration, options.Name);
    }

    /// <summary>The network alone, e.g. to train it.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="hyper">Values by the official constructor's argument names; null means the published configuration.</param>
    /// <exception cref="ArgumentException">There is no such architecture (the message lists them), or a value is out of range.</exception>
    public static RestorationNetwork CreateNetwork(string name, HyperParameters? hyper = null)
    {
        hyper ??= HyperParameters.None;
        return Architectures.Find(name).Create(hyper) with { HyperParameters = hyper };
    }

    /// <summary>The restorer of a checkpoint that has been read; texts "license" and "training" of its metadata go to its <see cref="RestorerInfo"/>.</summary>
    internal static NetworkRestorer Restorer(Checkpoint checkpoint, string source, ModelZooOptions options) => new(
        Network(checkpoint, source, options),
        options.Restoration,
        options.Name,
        checkpoint.Metadata.GetValueOrDefault("license"),
        checkpoint.Metadata.GetValueOrDefault("training"));

    /// <summary>The network of a checkpoint that has been read.</summary>
    internal static RestorationNetwork Network(Checkpoint checkpoint, string path, ModelZooOptions options)
    {
        ArchitectureDescriptor[] architectures = options.Architecture is { } given ? [Architectures.Find(given)] : [.. Architectures.All];
        NetworkInFile network = new NetworkSearch(architectures).Find(checkpoint, options.Wrapper)
            ?? (options.Architecture is null ? throw Unknown(checkpoint, path, options.Wrapper) : new NetworkInFile("", architectures[0], checkpoint.Unwrap(options.Wrapper)));
        try
        {
            using TensorBackend.EngineScope engine = TensorBackend.Use(options.Backend);
            return network.Load(Hyper(checkpoint).With(options.HyperParameters), options.CompactWeights);
        }
        catch (ArgumentException exception)
        {
            throw new CheckpointFormatException(path, 0, $"taken for {network.Descriptor.Name}: {exception.Message}{NotRead(checkpoint)}", exception);
        }
    }

    private static HyperParameters Hyper(Checkpoint checkpoint) =>
        checkpoint.Format == CheckpointFormat.SafeTensors ? HyperParameters.FromMetadata(checkpoint.Metadata) : HyperParameters.None;

    private static CheckpointFormatException Unknown(Checkpoint checkpoint, string path, string? wrapper)
    {
        IReadOnlyDictionary<string, CheckpointTensor> tensors = checkpoint.Unwrap(wrapper);
        return new CheckpointFormatException(
            path,
            0,
            $"no known architecture has these keys ({string.Join(", ", tensors.Take(4).Select(t => $"{CheckpointSource.Quote(t.Key)} {t.Value.Shape}"))}"
            + $"{(tensors.Count > 4 ? ", .." : "")}); known are {string.Join(", ", Names)}.{NotRead(checkpoint)}");
    }

    /// <summary>A tensor may be missing because the file keeps something else in its place.</summary>
    private static string NotRead(Checkpoint checkpoint) => checkpoint.Unread.Count == 0
        ? ""
        : $" Not read, since objects of a program are never made: {string.Join(", ", checkpoint.Unread.Take(4).Select(u => $"{CheckpointSource.Quote(u.Key)} ({u.Value})"))}"
        + $"{(checkpoint.Unread.Count > 4 ? ", .." : "")}.";
}
