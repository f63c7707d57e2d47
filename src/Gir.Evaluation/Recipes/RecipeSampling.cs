namespace Gir.Evaluation.Recipes;

/// <summary>
/// How "gir" draws pipelines for whole pictures. The default is the paper's Eq. 4: the first operator is one of ten, every further one of the seven that are no weather,
/// all alike; nothing is clean.
/// </summary>
public sealed record RecipeSampling
{
    /// <summary>Share of samples that are clean, input = target, in [0, 1); default 0. What is clean has to be seen to be left alone.</summary>
    public double Clean { get; init; }

    /// <summary>Share of the degraded samples that begin with weather, in [0, 1]; default null: by the operators' weights, 3/10 where those are equal.</summary>
    public double? Weather { get; init; }

    /// <summary>How often operators are drawn, by name, relative to the others; at least 0; default 1 each.</summary>
    public IReadOnlyDictionary<string, double> Operators { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>How often one, two, three, four and five operators are drawn, relative to each other: five numbers of at least 0, or none (the default) for 1 each.</summary>
    public IReadOnlyList<double> Orders { get; init; } = [];

    /// <summary>
    /// Share of pictures whose tone is drawn anew before they are degraded (exposure, contrast, black and white point, saturation, color cast), in [0, 1]; default 0. A few hundred pictures can be learned by
    /// heart, and pale or dark ones among them are rare: a network that has not seen pale skies takes them for haze.
    /// </summary>
    public double Tones { get; init; }

    /// <summary>
    /// Share of pictures that are exposed too long before they are degraded, so that what is pale burns out to white, in [0, 1]; default 0. A network that has seen no burnt-out skies takes them for haze.
    /// </summary>
    public double Overexposed { get; init; }

    /// <summary>
    /// Share of pictures that get lines of one tone along their edges before they are degraded, as scans have them, in [0, 1]; default 0. A network that has not seen them takes them for damage.
    /// </summary>
    public double Frames { get; init; }

    /// <summary>
    /// Share of samples for which a window of the picture, drawn anew, stands for the whole of it, in [0, 1]; default 0. A network that sees wholes as thumbnails meets as many of them as there are windows,
    /// not as there are pictures, and learns to tell haze rather than which pictures have it.
    /// </summary>
    public double Windows { get; init; }

    /// <summary>
    /// Share of those windows whose rows and columns are exchanged before they are degraded, in [0, 1]; default 0. Bright streaks that stand are few in photographs, those that lie are many: turned, they teach
    /// what is no rain.
    /// </summary>
    public double Turned { get; init; }

    /// <summary>Whether all shares and weights are the same.</summary>
    public bool Equals(RecipeSampling? other) =>
        other is not null && Clean.Equals(other.Clean) && Tones.Equals(other.Tones) && Overexposed.Equals(other.Overexposed) && Frames.Equals(other.Frames) && Windows.Equals(other.Windows) && Turned.Equals(other.Turned) && Nullable.Equals(Weather, other.Weather) && Orders.SequenceEqual(other.Orders)
        && Operators.OrderBy(o => o.Key, StringComparer.Ordinal).SequenceEqual(other.Operators.OrderBy(o => o.Key, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Clean, Tones, Overexposed, Frames, Windows, Turned, Weather, Orders.Count + Operators.Count);

    internal bool IsDefault => Clean == 0 && Tones == 0 && Overexposed == 0 && Frames == 0 && Windows == 0 && Turned == 0 && Weather is null && Orders.Count == 0 && Operators.Count == 0;
}
