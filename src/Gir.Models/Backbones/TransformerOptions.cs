using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gir.Models.Backbones;

/// <summary>Checks and texts that the transformers' options have in common.</summary>
internal static class TransformerOptions
{
    public static void AtLeast(int value, int minimum, [CallerArgumentExpression(nameof(value))] string name = "") =>
        ArgumentOutOfRangeException.ThrowIfLessThan(value, minimum, name);

    public static void PositiveNumber(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value > 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, "Expected a positive number.");
    }

    /// <summary>Every list entry must be positive, and there must be the given number of them, if one is given.</summary>
    public static void Counts(IReadOnlyList<int> values, int? length = null, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.Count == 0 || (length is { } expected && values.Count != expected))
            throw new ArgumentException($"Found {values.Count} numbers; expected {length?.ToString(CultureInfo.InvariantCulture) ?? "at least one"}.", name);
        foreach (int value in values)
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
    }

    /// <summary>Attention splits its width among the heads.</summary>
    public static void HeadsDivide(int width, int heads)
    {
        if (heads < 1 || width % heads != 0)
            throw new ArgumentException($"{width} channels cannot be split among {heads} heads.", nameof(heads));
    }

    /// <summary>"[6, 6, 6]".</summary>
    public static string Text(IReadOnlyList<int> values) => "[" + string.Join(", ", values) + "]";
}
