namespace Gir.Models.Serialization.Torch;

/// <summary>One of the few globals that checkpoints need; whatever else a pickle names is refused before anything happens.</summary>
internal sealed class PickleGlobal
{
    private readonly Func<CheckpointSource, long, object?[], object?>? _call;
    private readonly string _name;

    private PickleGlobal(string name, Func<CheckpointSource, long, object?[], object?>? call, CheckpointDataType? storage)
    {
        _name = name;
        _call = call;
        Storage = storage;
    }

    /// <summary>The type of a torch storage class; null for functions.</summary>
    public CheckpointDataType? Storage { get; }

    public static PickleGlobal Find(CheckpointSource source, long position, string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => new(name, OrderedDictionary, null),
        ("torch._utils", "_rebuild_tensor") => new(name, RebuildTensor, null),
        ("torch._utils", "_rebuild_tensor_v2") => new(name, RebuildTensorV2, null),
        ("torch._utils", "_rebuild_parameter") => new(name, RebuildParameter, null),
        ("torch" or "torch.cuda", _) when CheckpointDataTypes.FromTorchStorage(name) is { } type => new(name, null, type),
        ("torch" or "torch.cuda", _) when name.EndsWith("Storage", StringComparison.Ordinal) =>
            throw source.Error(position, $"the storage type {CheckpointSource.Quote(module + "." + name)} is unknown or not supported."),
        _ => throw source.Error(
            position,
            $"the pickle asks for {CheckpointSource.Quote(module + "." + name)}, which is refused: checkpoints need only tensors, containers and scalars. "
            + "If the file holds a whole pickled module or trainer, save its state_dict instead."),
    };

    public object? Call(CheckpointSource source, long position, object?[] arguments) =>
        _call is null ? throw Wrong(source, position, _name) : _call(source, position, arguments);

    private static PickleDictionary OrderedDictionary(CheckpointSource source, long position, object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments.Length == 0)
            return dictionary;
        // Python 2 wrote OrderedDict([[key, value], ..]).
        if (arguments is not [List<object?> pairs])
            throw Wrong(source, position, "OrderedDict");
        foreach (object? pair in pairs)
        {
            (object? key, object? value) = pair switch
            {
                List<object?> { Count: 2 } list => (list[0], list[1]),
                object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                _ => throw Wrong(source, position, "OrderedDict"),
            };
            if (!PickleDictionary.IsKey(key))
                throw Wrong(source, position, "OrderedDict");
            dictionary.Set(key!, value);
        }

        return dictionary;
    }

    private static TorchTensor RebuildTensor(CheckpointSource source, long position, object?[] arguments) =>
        arguments is [TorchStorage storage, long offset, object?[] sizes, object?[] strides]
            ? TorchTensor.Create(source, position, storage, offset, Numbers(source, position, sizes), Numbers(source, position, strides))
            : throw Wrong(source, position, "_rebuild_tensor");

    // (storage, offset, sizes, strides, requires_grad, hooks[, metadata])
    private static TorchTensor RebuildTensorV2(CheckpointSource source, long position, object?[] arguments) =>
        arguments is [_, _, _, _, bool, PickleDictionary or null, .. var rest] && rest is [] or [PickleDictionary or null]
            ? RebuildTensor(source, position, arguments[..4])
            : throw Wrong(source, position, "_rebuild_tensor_v2");

    private static TorchTensor RebuildParameter(CheckpointSource source, long position, object?[] arguments) =>
        arguments is [TorchTensor data, bool, PickleDictionary or null] ? data : throw Wrong(source, position, "_rebuild_parameter");

    private static long[] Numbers(CheckpointSource source, long position, object?[] values)
    {
        // One more than will be accepted, so that the message is about the rank.
        if (values.Length > CheckpointShape.MaxRank)
            throw source.Error(position, $"a tensor has {values.Length} dimensions; at most {CheckpointShape.MaxRank} are supported.");
        return Array.ConvertAll(values, v => v as long? ?? throw source.Error(position, "a tensor has a size or stride that is no whole number of 64 bits."));
    }

    private static CheckpointFormatException Wrong(CheckpointSource source, long position, string function) =>
        source.Error(position, $"malformed pickle: {function} is called with other arguments than PyTorch's, or is no function.");
}
