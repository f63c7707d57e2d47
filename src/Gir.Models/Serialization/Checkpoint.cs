using Gir.Models.Tensors;

namespace Gir.Models.Serialization;

/// <summary>The container a checkpoint came in.</summary>
public enum CheckpointFormat
{
    /// <summary>safetensors.</summary>
    SafeTensors,

    /// <summary>PyTorch since 1.6: a zip archive with a pickle in it.</summary>
    TorchZip,

    /// <summary>PyTorch before 1.6: pickles and raw storages one after another.</summary>
    TorchLegacy,
}

/// <summary>The tensors of a checkpoint file; immutable.</summary>
/// <remarks>
/// Nothing of a file is executed: pickles go through an interpreter that knows the tensor rebuilders of PyTorch, dictionaries, lists,
/// tuples and scalars; of everything else (an optimizer's counter, a path, any class) it keeps the name. Nothing is allocated because a file claims it.
/// </remarks>
public sealed class Checkpoint
{
    /// <summary>The dictionaries that the field's trainers wrap around a network, the preferred one first.</summary>
    internal static IReadOnlyList<string> Wrappers { get; } = ["model_state_dict", "state_dict", "params_ema", "params-ema", "params", "model", "net"];
    private static readonly string[] Prefixes = ["module.", "netG."];

    // From here on a file in memory, beside the network that is made of it, is felt.
    private const long LargeFile = 1 << 28;

    private readonly IReadOnlyList<NamedTensor> _tensors;
    private readonly string _fileName;

    internal Checkpoint(CheckpointSource source, CheckpointFormat format, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        _fileName = source.Name;
        _tensors = tensors;
        Format = format;
        Metadata = metadata;
        var byName = new Dictionary<string, CheckpointTensor>(tensors.Count, StringComparer.Ordinal);
        foreach (NamedTensor tensor in tensors)
        {
            if (!byName.TryAdd(string.Join('/', tensor.Path), tensor.Tensor))
                source.Fail(0, $"two tensors are named {CheckpointSource.Quote(string.Join('/', tensor.Path))}.");
        }

        Tensors = byName;
    }

    /// <summary>The container.</summary>
    public CheckpointFormat Format { get; }

    /// <summary>Every tensor as it stands in the file; names of nested dictionaries are joined by '/', e.g. "params_ema/conv1.weight".</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors { get; }

    /// <summary>The texts of a safetensors file's __metadata__; of a pickle, the texts and numbers beside the state dict, e.g. "epoch".</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What lies among the tensors but is not read, by path: the name of the class or function that would make it.</summary>
    internal IReadOnlyDictionary<string, string> Unread { get; init; } = new Dictionary<string, string>();

    /// <summary>The first few classes and functions that the file names and that are not known here.</summary>
    internal IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>The tensors with the dictionaries around them.</summary>
    internal IReadOnlyList<NamedTensor> NamedTensors => _tensors;

    /// <summary>The file, for errors.</summary>
    internal string FileName => _fileName;

    /// <summary>Reads a file, recognized by its content.</summary>
    /// <param name="path">
    /// A safetensors file, or what torch.save wrote (.pth, .pt, .ckpt), in the zip or the legacy format. Safetensors files of more than 256 MiB stay where they are, and each
    /// tensor is read when it is asked for.
    /// </param>
    /// <param name="limits">What the file may ask for; null means the defaults.</param>
    /// <exception cref="CheckpointFormatException">The file is no checkpoint, damaged, hostile, or exceeds a limit.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The path is a directory, or the file cannot be read.</exception>
    public static Checkpoint Load(string path, CheckpointLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        limits ??= CheckpointLimits.Default;
        limits.Validate();
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a directory; expected a checkpoint file.");
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no checkpoint file '{path}'.", path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (stream.Length > limits.MaxFileBytes)
            throw new CheckpointFormatException(path, 0, $"the file is {stream.Length} bytes long; at most {limits.MaxFileBytes} are accepted.");
        if (stream.Length > Array.MaxLength || (stream.Length > LargeFile && IsSafeTensors(stream)))
            return SafeTensorsReader.ReadByRegions(stream, path, limits);
        // As long as the file says it is, and no longer: a device would go on for ever.
        byte[] content = GC.AllocateUninitializedArray<byte>((int)stream.Length);
        stream.ReadExactly(content);
        return Read(content, path, limits);
    }

    /// <summary>Reads a file that is in memory already; the checkpoint refers to the bytes, which must not change afterwards.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="name">The file's name for errors; an ending of ".safetensors" decides where the content does not.</param>
    /// <param name="limits">What the file may ask for; null means the defaults.</param>
    /// <exception cref="CheckpointFormatException">The file is no checkpoint, damaged, hostile, or exceeds a limit.</exception>
    public static Checkpoint Read(ReadOnlyMemory<byte> content, string name, CheckpointLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        limits ??= CheckpointLimits.Default;
        limits.Validate();
        var source = new CheckpointSource(name, content, limits);
        Checkpoint checkpoint = FormatDetection.Detect(source) switch
        {
            CheckpointFormat.TorchZip => Torch.TorchZipReader.Read(source),
            CheckpointFormat.TorchLegacy => Torch.TorchLegacyReader.Read(source),
            _ => SafeTensorsReader.Read(source),
        };
        return checkpoint._tensors.Count > 0 ? checkpoint : throw checkpoint.Error(
            checkpoint.Unknown.Count == 0
                ? "the file holds no state dict: there is not one tensor in it."
                : $"the file holds no state dict: there is not one tensor in it that is read. It names {Names([.. checkpoint.Unknown])}, and objects of a program "
                + "are never made; if it holds a whole pickled module or trainer, save its state_dict instead.");
    }

    /// <summary>
    /// The network's tensors under its own keys, as float32: out of what is wrapped around them (the first of model_state_dict, state_dict,
    /// params_ema, params-ema, params, model, net; else the only dictionary with tensors), without "module." and "netG." before every key.
    /// </summary>
    /// <param name="wrapper">The dictionary to take instead, e.g. "params" beside "params_ema"; null means the first of those listed.</param>
    /// <param name="backend">The engine to make the tensors on; null means the default.</param>
    /// <exception cref="CheckpointFormatException">There is no such dictionary, or several that might be meant; the message names them.</exception>
    public IReadOnlyDictionary<string, Tensor> StateDictionary(string? wrapper = null, TensorBackend? backend = null) =>
        Unwrap(wrapper).ToDictionary(t => t.Key, t => t.Value.ToTensor(backend), StringComparer.Ordinal);

    /// <summary>The same tensors as <see cref="StateDictionary"/>, not yet converted.</summary>
    /// <inheritdoc cref="StateDictionary"/>
    internal IReadOnlyDictionary<string, CheckpointTensor> Unwrap(string? wrapper = null)
    {
        IReadOnlyList<NamedTensor> level = wrapper is null ? _tensors : Inside(_tensors, wrapper);
        if (level.Count == 0)
            throw Error($"there is no dictionary {CheckpointSource.Quote(wrapper!)} with tensors; there is {Names(Children(_tensors))}.");
        // Each step shortens the paths, whose length the reader has bounded.
        while (Wrappers.FirstOrDefault(w => Inside(level, w).Count > 0) is { } known)
            level = Inside(level, known);
        while (level.All(t => t.Path.Length > 1))
        {
            string[] children = Children(level);
            if (children.Length > 1)
                throw Error($"several dictionaries hold tensors ({Names(children)}); say which one is meant.");
            level = Inside(level, children[0]);
            while (Wrappers.FirstOrDefault(w => Inside(level, w).Count > 0) is { } known)
                level = Inside(level, known);
        }

        // Beside a plain state dict there may be others, e.g. an optimizer's: they are no part of the network.
        List<KeyValuePair<string, CheckpointTensor>> state = [.. level.Where(t => t.Path.Length == 1).Select(t => KeyValuePair.Create(t.Path[0], t.Tensor))];
        while (Prefixes.FirstOrDefault(p => state.TrueForAll(t => t.Key.StartsWith(p, StringComparison.Ordinal))) is { } prefix)
            state = state.ConvertAll(t => KeyValuePair.Create(t.Key[prefix.Length..], t.Value));
        return new Dictionary<string, CheckpointTensor>(state, StringComparer.Ordinal);
    }

    private static bool IsSafeTensors(FileStream stream)
    {
        byte[] first = new byte[512];
        stream.ReadExactly(first);
        stream.Position = 0;
        return FormatDetection.Detect(new CheckpointSource(stream.Name, first, CheckpointLimits.Default)) == CheckpointFormat.SafeTensors;
    }

    private static List<NamedTensor> Inside(IReadOnlyList<NamedTensor> level, string name) =>
        [.. level.Where(t => t.Path.Length > 1 && t.Path[0] == name).Select(t => new NamedTensor(t.Path[1..], t.Tensor))];

    private static string[] Children(IReadOnlyList<NamedTensor> level) =>
        [.. level.Where(t => t.Path.Length > 1).Select(t => t.Path[0]).Distinct(StringComparer.Ordinal)];

    private static string Names(string[] names) =>
        names.Length == 0 ? "none" : string.Join(", ", names.Take(8).Select(CheckpointSource.Quote)) + (names.Length > 8 ? ", .." : "");

    private CheckpointFormatException Error(string reason) => new(_fileName, 0, reason);
}

/// <summary>A tensor with the names of the dictionaries around it, outermost first, its own last.</summary>
internal sealed record NamedTensor(string[] Path, CheckpointTensor Tensor);
