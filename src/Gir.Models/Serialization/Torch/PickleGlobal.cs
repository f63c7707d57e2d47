namespace Gir.Models.Serialization.Torch;

/// <summary>A class or function that a pickle names. The few that make tensors and dictionaries are known; of all others there is the name alone.</summary>
internal sealed class PickleGlobal
{
    private readonly Func<CheckpointSource, long, object?[], object?>? _call;

    private PickleGlobal(string name, Func<CheckpointSource, long, object?[], object?>? call = null, CheckpointDataType? storage = null, int storageWidth = 0)
    {
        Name = name;
        _call = call;
        Storage = storage;
        StorageWidth = storageWidth;
    }

    /// <summary>The name with its module, "collections.OrderedDict".</summary>
    public string Name { get; }

    /// <summary>Whether it means something here.</summary>
    public bool IsKnown => _call is not null || StorageWidth > 0;

    /// <summary>The type of a torch storage class; null for functions, and for types that are not read.</summary>
    public CheckpointDataType? Storage { get; }

    /// <summary>Bytes of an element of a torch storage class; 0 where unknown.</summary>
    public int StorageWidth { get; }

    public static PickleGlobal Find(string module, string name)
    {
        string full = module + "." + name;
        return full switch
        {
            "collections.OrderedDict" or "collections.defaultdict" or "builtins.dict" or "__builtin__.dict" => new(full, Dictionary),
            "torch._utils._rebuild_tensor" => new(full, RebuildTensor),
            "torch._utils._rebuild_tensor_v2" => new(full, RebuildTensorV2),
            "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" => new(full, RebuildParameter),
            "torch._tensor._rebuild_from_type_v2" => new(full, RebuildFromType),
            "torch.Size" => new(full, Size),
            _ when module is "torch" or "torch.cuda" && CheckpointDataTypes.FromTorchStorage(name) is { } type => new(full, storage: type, storageWidth: type.Size()),
            _ when module is "torch" or "torch.cuda" or "torch.storage" => new(full, storageWidth: CheckpointDataTypes.WidthOfTorchStorage(name)),
            _ => new(full),
        };
    }

    /// <summary>What a call would make: a dictionary or a tensor, or else an object of which nothing is known but the name.</summary>
    public object Call(CheckpointSource source, long position, object?[] arguments) => _call?.Invoke(source, position, arguments) ?? new PickleObject(Name);

    // Of a defaultdict, the argument is a factory. Python 2 wrote OrderedDict([[key, value], ..]).
    private static PickleDictionary? Dictionary(CheckpointSource source, long position, object?[] arguments)
    {
        if (arguments is [PickleDictionary original, ..])
            return original.Copy();
        var dictionary = new PickleDictionary();
        if (arguments is not [List<object?> pairs])
            return dictionary;
        foreach (object? pair in pairs)
        {
            (object? key, object? value) = pair switch
            {
                List<object?> { Count: 2 } list => (list[0], list[1]),
                object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                _ => (null, null),
            };
            if (PickleDictionary.IsKey(key))
                dictionary.Set(key!, value);
        }

        return dictionary;
    }

    private static object? Size(CheckpointSource source, long position, object?[] arguments) => arguments is [object?[] sizes] ? sizes : null;

    private static object? RebuildTensor(CheckpointSource source, long position, object?[] arguments) => arguments switch
    {
        [TorchStorage { Type: null } unread, ..] => new PickleObject(unread.TypeName),
        [PickleObject unread, ..] => unread,
        [TorchStorage storage, long offset, object?[] sizes, object?[] strides] =>
            TorchTensor.Create(source, position, storage, offset, Numbers(source, position, sizes), Numbers(source, position, strides)),
        _ => throw Wrong(source, position, "_rebuild_tensor"),
    };

    // (storage, offset, sizes, strides, requires_grad, hooks[, metadata])
    private static object? RebuildTensorV2(CheckpointSource source, long position, object?[] arguments) =>
        arguments.Length is 6 or 7 ? RebuildTensor(source, position, arguments[..4]) : throw Wrong(source, position, "_rebuild_tensor_v2");

    // (data, requires_grad, hooks[, state])
    private static object? RebuildParameter(CheckpointSource source, long position, object?[] arguments) =>
        arguments is [TorchTensor or PickleObject, ..] ? arguments[0] : throw Wrong(source, position, "_rebuild_parameter");

    // (function, type, arguments, state): subclasses of Tensor, and parameters with attributes.
    private static object? RebuildFromType(CheckpointSource source, long position, object?[] arguments) =>
        arguments is [PickleGlobal function, _, object?[] inner, _] && function._call != RebuildFromType ? function.Call(source, position, inner) : null;

    private static long[] Numbers(CheckpointSource source, long position, object?[] values)
    {
        // One more than will be accepted, so that the message is about the rank.
        if (values.Length > CheckpointShape.MaxRank)
            throw source.Error(position, $"a tensor has {values.Length} dimensions; at most {CheckpointShape.MaxRank} are supported.");
        return Array.ConvertAll(values, v => v as long? ?? throw source.Error(position, "a tensor has a size or stride that is no whole number of 64 bits."));
    }

    private static CheckpointFormatException Wrong(CheckpointSource source, long position, string function) =>
        source.Error(position, $"malformed pickle: {function} is called with other arguments than PyTorch's.");
}
