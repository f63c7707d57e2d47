namespace Gir.Evaluation.Studies;

/// <summary>How a network's deep representations of degradations are gathered and compared.</summary>
public sealed record RepresentationOptions
{
    /// <summary>The degradations, as expressions; "clean" is none. At least two; default: clean, blur of sigma 2, noise of sigma 20. The first is what the others are compared with.</summary>
    public IReadOnlyList<string> Degradations { get; init; } = [RepresentationStudy.Clean, "blur(sigma=2)", "noise(sigma=20)"];

    /// <summary>Side of the squares that are cut from the images, in pixels, 8..1024; default 128.</summary>
    public int Side { get; init; } = 128;

    /// <summary>Squares of each image, 1..64, at places drawn by the seed; default 4.</summary>
    public int Crops { get; init; } = 4;

    /// <summary>Maps are averaged down to at most so many rows and columns, 1..128; default 16.</summary>
    public int Grid { get; init; } = 16;

    /// <summary>Principal components that remain, 1..1000; default 50.</summary>
    public int Components { get; init; } = 50;

    /// <summary>Seed of the squares' places, of degradations and of the picture's layout.</summary>
    public ulong Seed { get; init; }

    /// <summary>Refuses what is out of range.</summary>
    /// <exception cref="ArgumentException">The message says what was found and what is expected.</exception>
    public void Validate()
    {
        InRange(Side, 8, 1024, nameof(Side));
        InRange(Crops, 1, 64, nameof(Crops));
        InRange(Grid, 1, 128, nameof(Grid));
        InRange(Components, 1, 1000, nameof(Components));
        if (Degradations.Count < 2 || Degradations.Distinct(StringComparer.Ordinal).Count() < Degradations.Count)
            throw new ArgumentException($"There are {Degradations.Count} degradations ({string.Join("; ", Degradations)}); expected at least two, all different.", nameof(Degradations));
    }

    private static void InRange(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"Expected {least}..{most}.");
    }
}
