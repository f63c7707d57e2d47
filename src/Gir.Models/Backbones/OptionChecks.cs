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
}
