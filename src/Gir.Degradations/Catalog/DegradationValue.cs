using System.Globalization;
using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>The value of one parameter: a number, a word or a truth value.</summary>
public readonly struct DegradationValue : IEquatable<DegradationValue>
{
    private readonly double _number;
    private readonly string? _word;

    private DegradationValue(double number, string? word)
    {
        _number = number;
        _word = word;
    }

    /// <summary>Whether the value is a word (a choice, or true or false) and not a number.</summary>
    public bool IsWord => _word is not null;

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">The value is a word.</exception>
    public double Number => _word is null ? _number : throw new InvalidOperationException($"'{_word}' is no number.");

    /// <summary>The number as an integer.</summary>
    /// <exception cref="InvalidOperationException">The value is a word, or no whole number of 32 bits.</exception>
    public int Integer => Number == (int)Number ? (int)Number : throw new InvalidOperationException($"{this} is no 32-bit integer.");

    /// <summary>The word.</summary>
    /// <exception cref="InvalidOperationException">The value is a number.</exception>
    public string Word => _word ?? throw new InvalidOperationException($"{this} is no word.");

    /// <summary>The truth value.</summary>
    /// <exception cref="InvalidOperationException">The value is neither true nor false.</exception>
    public bool Flag => _word switch
    {
        "true" => true,
        "false" => false,
        _ => throw new InvalidOperationException($"'{this}' is neither true nor false."),
    };

    /// <summary>A number.</summary>
    public static implicit operator DegradationValue(double value) => new(value, null);

    /// <summary>A word: the name of a choice.</summary>
    public static implicit operator DegradationValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(0, value);
    }

    /// <summary>A truth value.</summary>
    public static implicit operator DegradationValue(bool value) => new(0, value ? "true" : "false");

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(DegradationValue left, DegradationValue right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(DegradationValue left, DegradationValue right) => !left.Equals(right);

    /// <summary>The word of an enumeration's member, e.g. "generalized-gaussian" of GeneralizedGaussian.</summary>
    public static DegradationValue OfChoice<TEnum>(TEnum value)
        where TEnum : struct, Enum => ChoiceWords<TEnum>.WordOf(value);

    /// <summary>The member of an enumeration that the word names.</summary>
    /// <exception cref="InvalidOperationException">The value names none.</exception>
    public TEnum Choice<TEnum>()
        where TEnum : struct, Enum => ChoiceWords<TEnum>.Parse(Word);

    /// <inheritdoc/>
    public bool Equals(DegradationValue other) => _number.Equals(other._number) && _word == other._word;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DegradationValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_number, _word);

    /// <summary>As written in an expression; numbers round-trip.</summary>
    public override string ToString() => _word ?? _number.ToString("R", CultureInfo.InvariantCulture);
}
