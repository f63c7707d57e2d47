using System.Globalization;

namespace Gir.Models.Serialization.Torch;

/// <summary>Finds the tensors in what a pickle built.</summary>
internal static class TorchState
{
    private const int CharactersPerVisit = 16;

    public static Checkpoint Build(CheckpointSource source, CheckpointFormat format, object? value)
    {
        var tensors = new List<NamedTensor>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (value is PickleDictionary root)
        {
            // What is shared is walked as often as it is named: bounded, or sixty lists would be an eternity.
            int visits = 0;
            Walk(source, root, [], tensors, ref visits);
            AddScalars(root, metadata);
        }

        return new Checkpoint(source, format, tensors, metadata);
    }

    private static void Walk(CheckpointSource source, PickleDictionary dictionary, string[] path, List<NamedTensor> tensors, ref int visits)
    {
        if (path.Length >= source.Limits.MaxDepth)
            source.Fail(0, $"dictionaries are nested more than {source.Limits.MaxDepth} deep.");
        foreach ((object key, object? value) in dictionary.Items)
        {
            if (++visits > source.Limits.MaxPickleOperations)
                source.Fail(0, $"walking all dictionaries takes more than {source.Limits.MaxPickleOperations} steps.");
            if (value is not (TorchTensor or PickleDictionary) || key is not (string or long))
                continue;
            string[] inner = [.. path, Convert.ToString(key, CultureInfo.InvariantCulture)!];
            visits += inner.Sum(part => part.Length) / CharactersPerVisit;
            if (value is PickleDictionary child)
            {
                Walk(source, child, inner, tensors, ref visits);
                continue;
            }

            tensors.Add(new NamedTensor(inner, ((TorchTensor)value).ToCheckpointTensor()));
            if (tensors.Count > source.Limits.MaxTensors)
                source.Fail(0, $"there are more than {source.Limits.MaxTensors} tensors.");
        }
    }

    private static void AddScalars(PickleDictionary root, Dictionary<string, string> metadata)
    {
        foreach ((object key, object? value) in root.Items)
        {
            if (key is string name && value is string or long or double or bool)
                metadata[(string)key] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
    }
}
