namespace Gir.Models.Generative.Training;

/// <summary>FNV over the bits of samples or weights: enough to tell others.</summary>
internal struct Fingerprint
{
    /// <summary>The value so far.</summary>
    public ulong Value { get; private set; }

    /// <summary>Adds values.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            Value = (Value ^ BitConverter.SingleToUInt32Bits(value)) * 0x100000001b3;
    }
}
