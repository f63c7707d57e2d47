using System.Globalization;

namespace Gir.Models.Serialization.Torch;

/// <summary>Finds the tensors in what a pickle built.</summary>
internal static class TorchState
{
    private const int CharactersPerVisit = 16;

    // In a list that is saved as a whole.
    private const int MostNetworks = 64;

    public static Checkpoint Build(CheckpointSource source, CheckpointFormat format, object? value, IReadOnlyList<string> unknown)
    {
        var walk = new Walk(source);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        switch (value)
        {
            case PickleDictionary root:
                walk.Visit(root, []);
                AddScalars(root, metadata);
                break;
            case PickleObject { Items: { } items }:
                walk.Visit(items, []);
                break;
            case IReadOnlyList<object?> list:
                // torch.save((generator, discriminator), path)
                for (int i = 0; i < list.Count && i < MostNetworks; i++)
                {
                    if (list[i] is PickleDictionary item)
                        walk.Visit(item, [i.ToString(CultureInfo.InvariantCulture)]);
                }

                break;
        }

        return new Checkpoint(source, format, walk.Tensors, metadata) { Unread = walk.Unread, Unknown = unknown };
    }

    private static void AddScalars(PickleDictionary root, Dictionary<string, string> metadata)
    {
        foreach ((object key, object? value) in root.Items)
        {
            if (key is string name && value is string or long or double or bool)
                metadata[(string)key] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
    }

    /// <summary>Collects what lies in dictionaries within dictionaries.</summary>
    private sealed class Walk(CheckpointSource source)
    {
        // What is shared is walked as often as it is named: bounded, or sixty dictionaries would be an eternity.
        private int _visits;

        public List<NamedTensor> Tensors { get; } = [];

        public Dictionary<string, string> Unread { get; } = new(StringComparer.Ordinal);

        public void Visit(PickleDictionary dictionary, string[] path)
        {
            // No network's tensors lie so deep.
            if (path.Length >= source.Limits.MaxDepth)
                return;
            foreach ((object key, object? value) in dictionary.Items)
            {
                if (++_visits > source.Limits.MaxPickleOperations)
                    source.Fail(0, $"walking all dictionaries takes more than {source.Limits.MaxPickleOperations} steps.");
                if (value is not (TorchTensor or PickleDictionary or PickleObject) || key is not (string or long))
                    continue;
                string[] inner = [.. path, Convert.ToString(key, CultureInfo.InvariantCulture)!];
                _visits += inner.Sum(part => part.Length) / CharactersPerVisit;
                switch (value)
                {
                    case PickleDictionary child:
                        Visit(child, inner);
                        break;
                    case PickleObject { Items: { } items }:
                        Visit(items, inner);
                        break;
                    case PickleObject unread:
                        Unread[string.Join('/', inner)] = unread.Name;
                        break;
                    case TorchTensor tensor:
                        Tensors.Add(new NamedTensor(inner, tensor.ToCheckpointTensor()));
                        break;
                }

                if (Tensors.Count > source.Limits.MaxTensors)
                    source.Fail(0, $"there are more than {source.Limits.MaxTensors} tensors.");
            }
        }
    }
}
