namespace Gir.Models.Generative.Training;

/// <summary>FNV over the bits of samples or weights: enough to tell others.</summary>
/// <param name="start">The value of nothing.</param>
internal struct Fingerprint(ulong start)
{
    /// <summary>The value so far.</summary>
    public ulong Value { get; private set; } = start;

    /// <summary>Adds values.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            Value = (Value ^ BitConverter.SingleToUInt32Bits(value)) * 0x100000001b3;
    }
}
