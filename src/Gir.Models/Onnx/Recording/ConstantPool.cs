using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gir.Models.Onnx.Recording;

/// <summary>Values that forward passes use beside the weights, each kept once, under a hash of them.</summary>
internal sealed class ConstantPool
{
    private readonly Dictionary<string, float[]> _reals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> _integers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folded = new(StringComparer.Ordinal);

    /// <summary>Keeps values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="isFolded">Whether they were computed from weights, and so may be stored as the weights are.</param>
    /// <returns>Their name.</returns>
    public string Add(ReadOnlySpan<float> values, bool isFolded)
    {
        string name = Hash(MemoryMarshal.AsBytes(values)) + (isFolded ? "w" : "c");
        if (!_reals.ContainsKey(name))
            _reals.Add(name, values.ToArray());
        if (isFolded)
            _folded.Add(name);
        return name;
    }

    /// <summary>Keeps indices.</summary>
    public string Add(int[] values)
    {
        string name = Hash(MemoryMarshal.AsBytes<int>(values)) + "i";
        _integers.TryAdd(name, values);
        return name;
    }

    public float[] Reals(string name) => _reals[name];

    public int[] Integers(string name) => _integers[name];

    public bool IsFolded(string name) => _folded.Contains(name);

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
