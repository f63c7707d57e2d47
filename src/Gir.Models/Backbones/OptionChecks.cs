using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gir.Models.Backbones;

/// <summary>What backbones' options have in common to check.</summary>
internal static class OptionChecks
{
    public static void Positive(int value, [CallerArgumentExpression(nameof(value))] string name = "") => InRange(value, 1, int.MaxValue, name);

    public static void InRange(int value, int minimum, int maximum, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < minimum || value > maximum)
            throw new ArgumentOutOfRangeException(name, value, $"Expected {minimum}..{(maximum == int.MaxValue ? "" : maximum)}.");
    }

    public static void OneOf(int value, ReadOnlySpan<int> allowed, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!allowed.Contains(value))
            throw new ArgumentOutOfRangeException(name, value, $"Expected one of {string.Join(", ", allowed.ToArray())}.");
    }

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
}
