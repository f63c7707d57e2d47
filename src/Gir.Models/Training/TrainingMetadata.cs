using System.Globalization;
using Gir.Models.Serialization;

namespace Gir.Models.Training;

/// <summary>The texts that a checkpoint to resume from keeps beside its tensors; the file may be damaged.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="values">The texts by name; an empty one stands for no value.</param>
/// <param name="kind">What is resumed, for messages.</param>
internal sealed class TrainingMetadata(string path, IReadOnlyDictionary<string, string> values, string kind)
{
    /// <summary>The file.</summary>
    public string Path => path;

    /// <exception cref="CheckpointFormatException">There is none of this name.</exception>
    public string Text(string name) => values.TryGetValue(name, out string? text)
        ? text
        : throw new CheckpointFormatException(path, 0, $"the metadata '{name}' is missing: this is no checkpoint of a {kind} to resume.");

    /// <exception cref="CheckpointFormatException">It is missing, or no whole number.</exception>
    public long? Count(string name) => Text(name) switch
    {
        "" => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) => value,
        _ => throw Wrong(name, "a whole number"),
    };

    /// <exception cref="CheckpointFormatException">It is missing, empty, or no whole number.</exception>
    public long Required(string name) => Count(name) ?? throw Wrong(name, "a whole number");

    /// <exception cref="CheckpointFormatException">It is missing, or no number.</exception>
    public double? Number(string name) => Text(name) switch
    {
        "" => null,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => value,
        _ => throw Wrong(name, "a number"),
    };

    /// <exception cref="CheckpointFormatException">It is missing, empty, or no number.</exception>
    public double RequiredNumber(string name) => Number(name) ?? throw Wrong(name, "a number");

    private CheckpointFormatException Wrong(string name, string expected) => new(path, 0, $"the metadata '{name}' is '{Text(name)}'; expected {expected}.");
}
