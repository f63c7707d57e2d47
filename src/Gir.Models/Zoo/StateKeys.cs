using System.Globalization;
using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>What descriptors ask of a checkpoint's keys.</summary>
internal static class StateKeys
{
    /// <summary>How many of prefix + "0.", prefix + "1.", .. begin some key, counted until the first that does not.</summary>
    public static int SequenceLength(this IReadOnlyDictionary<string, TensorShape> keys, string prefix)
    {
        var seen = new HashSet<int>();
        foreach (string key in keys.Keys)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal)
                && key.IndexOf('.', prefix.Length) is int dot and > 0
                && int.TryParse(key.AsSpan(prefix.Length, dot - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            {
                seen.Add(index);
            }
        }

        int length = 0;
        while (seen.Contains(length))
            length++;
        return length;
    }

    /// <summary>Whether all these keys are there.</summary>
    public static bool ContainsAll(this IReadOnlyDictionary<string, TensorShape> keys, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (!keys.ContainsKey(name))
                return false;
        }

        return true;
    }

    /// <summary>Whether the key is there and is a convolution's weight [o, c, k, k].</summary>
    public static bool IsConvolution(this IReadOnlyDictionary<string, TensorShape> keys, string name) =>
        keys.TryGetValue(name, out TensorShape shape) && shape.Rank == 4 && shape.Length > 0;

    /// <summary>A size of a tensor that must be there.</summary>
    /// <exception cref="ArgumentException">The key is missing or its tensor has fewer dimensions.</exception>
    public static int Size(this IReadOnlyDictionary<string, TensorShape> keys, string name, int dimension)
    {
        if (!keys.TryGetValue(name, out TensorShape shape))
            throw new ArgumentException($"The checkpoint has no tensor '{name}'.", nameof(keys));
        if (dimension >= shape.Rank)
            throw new ArgumentException($"The checkpoint's tensor '{name}' is {shape}; expected at least {dimension + 1} dimensions.", nameof(keys));
        return shape[dimension];
    }
}
