namespace Gir.Models.Backbones.Srcnn;

/// <summary>Configuration of <see cref="Srcnn"/>; the default is the 9-5-5 network for RGB.</summary>
internal sealed record SrcnnOptions
{
    /// <summary>Channels of input and output: 1 (luma) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Kernel of the patch extraction; odd.</summary>
    public int Kernel1 { get; init; } = 9;

    /// <summary>Kernel of the non-linear mapping; odd: 1 in the first paper, 5 in the journal's.</summary>
    public int Kernel2 { get; init; } = 5;

    /// <summary>Kernel of the reconstruction; odd.</summary>
    public int Kernel3 { get; init; } = 5;

    /// <summary>Channels after the first layer.</summary>
    public int Features1 { get; init; } = 64;

    /// <summary>Channels after the second layer.</summary>
    public int Features2 { get; init; } = 32;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Whether the fresh network returns its input: one feature for each channel passes it on, the others are not read yet. Without a residual the
    /// network else spends thousands of steps on learning to copy. Default false, as published.
    /// </summary>
    public bool StartsAsIdentity { get; init; }

    internal void Validate()
    {
        OptionChecks.Positive(Channels);
        OptionChecks.Positive(Features1);
        OptionChecks.Positive(Features2);
        foreach (int kernel in (ReadOnlySpan<int>)[Kernel1, Kernel2, Kernel3])
        {
            if (kernel < 1 || kernel % 2 == 0)
                throw new ArgumentOutOfRangeException(nameof(Kernel1), kernel, "Kernels are odd, so that the size stays.");
        }

        if (StartsAsIdentity && Math.Min(Features1, Features2) < Channels)
            throw new ArgumentException($"To start as identity each of the {Channels} channels needs a feature; there are {Features1} and {Features2}.", nameof(StartsAsIdentity));
    }
}
