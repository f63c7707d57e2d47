using System.Globalization;
using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>What one parameter of an operator is: its name, kind, unit, range, default and meaning.</summary>
public sealed record DegradationParameter
{
    private DegradationParameter(string name, DegradationParameterKind kind, string unit, string summary)
    {
        Name = name;
        Kind = kind;
        Unit = unit;
        Summary = summary;
    }

    /// <summary>The name, as written in expressions and JSON.</summary>
    public string Name { get; }

    /// <summary>What values it takes.</summary>
    public DegradationParameterKind Kind { get; }

    /// <summary>The unit, e.g. "levels" (of 0..255), "pixels", "degrees"; empty for pure numbers.</summary>
    public string Unit { get; }

    /// <summary>What it does, in one sentence.</summary>
    public string Summary { get; }

    /// <summary>Smallest value, of integers and numbers.</summary>
    public double Minimum { get; private init; }

    /// <summary>Largest value, of integers and numbers; included.</summary>
    public double Maximum { get; private init; }

    /// <summary>A number outside of the range that has a meaning of its own, e.g. 0 for none; null: there is none.</summary>
    public double? SpecialValue { get; private init; }

    /// <summary>What the special value is for: "none", "a drawn one"; empty where there is none.</summary>
    public string SpecialMeaning { get; private init; } = "";

    /// <summary>Whether only odd integers are allowed.</summary>
    public bool IsOdd { get; private init; }

    /// <summary>The words of a choice or a flag; empty otherwise.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>The default: the representative value of the benchmark (set when the parameter is bound to an operator).</summary>
    public DegradationValue Default { get; internal init; }

    /// <summary>What is allowed, in words: "an odd integer in 1..63 (pixels)", "a number in 0.01..10 (pixels), or 0 for none".</summary>
    public string Expected
    {
        get
        {
            string unit = Unit.Length == 0 ? "" : $" ({Unit})";
            string special = SpecialValue is { } value ? string.Create(CultureInfo.InvariantCulture, $", or {value} for {SpecialMeaning}") : "";
            return Kind switch
            {
                DegradationParameterKind.Integer => string.Create(
                    CultureInfo.InvariantCulture, $"an {(IsOdd ? "odd " : "")}integer in {Minimum}..{Maximum}{unit}{special}"),
                DegradationParameterKind.Number => string.Create(CultureInfo.InvariantCulture, $"a number in {Minimum}..{Maximum}{unit}{special}"),
                _ => $"one of {string.Join(", ", Choices)}",
            };
        }
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="minimum">Smallest value.</param>
    /// <param name="maximum">Largest value.</param>
    /// <param name="unit">Unit; empty for a pure number.</param>
    /// <param name="summary">What it does, in one sentence.</param>
    /// <param name="odd">Whether only odd values are allowed.</param>
    public static DegradationParameter Integer(string name, int minimum, int maximum, string unit, string summary, bool odd = false) =>
        new(name, DegradationParameterKind.Integer, unit, summary) { Minimum = minimum, Maximum = maximum, IsOdd = odd };

    /// <summary>A finite real number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="minimum">Smallest value.</param>
    /// <param name="maximum">Largest value.</param>
    /// <param name="unit">Unit; empty for a pure number.</param>
    /// <param name="summary">What it does, in one sentence.</param>
    public static DegradationParameter Number(string name, double minimum, double maximum, string unit, string summary) =>
        new(name, DegradationParameterKind.Number, unit, summary) { Minimum = minimum, Maximum = maximum };

    /// <summary>The same parameter, with a number outside of its range that has a meaning of its own.</summary>
    /// <param name="value">The number.</param>
    /// <param name="meaning">What it is for, to follow the word "for": "none".</param>
    /// <exception cref="InvalidOperationException">The parameter is no number, or the number lies within its range.</exception>
    public DegradationParameter Or(double value, string meaning)
    {
        ArgumentException.ThrowIfNullOrEmpty(meaning);
        return Kind is DegradationParameterKind.Integer or DegradationParameterKind.Number && !Accepts(value)
            ? this with { SpecialValue = value, SpecialMeaning = meaning }
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{Name}: expected {Expected}, of which {value} is none yet."));
    }

    /// <summary>One of an enumeration's members, named by words in lower case joined by hyphens.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="summary">What it does, in one sentence.</param>
    public static DegradationParameter Choice<TEnum>(string name, string summary)
        where TEnum : struct, Enum =>
        new(name, DegradationParameterKind.Choice, "", summary) { Choices = ChoiceWords<TEnum>.Words };

    /// <summary>A truth value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="summary">What it does, in one sentence.</param>
    public static DegradationParameter Flag(string name, string summary) =>
        new(name, DegradationParameterKind.Flag, "", summary) { Choices = ["false", "true"] };

    /// <summary>Whether the value is allowed.</summary>
    public bool Accepts(DegradationValue value) => Kind switch
    {
        DegradationParameterKind.Integer => !value.IsWord && (value.Number == SpecialValue || IsInteger(value.Number)),
        DegradationParameterKind.Number => !value.IsWord && (value.Number == SpecialValue || IsInRange(value.Number)),
        _ => value.IsWord && Choices.Contains(value.Word),
    };

    /// <summary>Passes an allowed value through.</summary>
    /// <exception cref="DegradationException">It is not allowed; the message names the parameter and what was expected.</exception>
    public DegradationValue Check(DegradationValue value) => Accepts(value)
        ? value
        : throw new DegradationException($"{Name} = {value}: expected {Expected}.");

    /// <inheritdoc cref="Check(DegradationValue)"/>
    public double Check(double value) => Check((DegradationValue)value).Number;

    /// <inheritdoc cref="Check(DegradationValue)"/>
    public int Check(int value) => Check((DegradationValue)value).Integer;

    /// <inheritdoc cref="Check(DegradationValue)"/>
    public TEnum Check<TEnum>(TEnum value)
        where TEnum : struct, Enum => Check(DegradationValue.OfChoice(value)).Choice<TEnum>();

    /// <summary>Ties the parameter to a property of an operator.</summary>
    /// <param name="get">Reads the property.</param>
    /// <param name="set">A copy of the operator with the property changed.</param>
    public DegradationParameterBinding<T> Bind<T>(Func<T, DegradationValue> get, Func<T, DegradationValue, T> set)
        where T : class, IDegradation => new(this, get, set);

    private bool IsInteger(double value) => value == Math.Truncate(value) && IsInRange(value) && (!IsOdd || Math.Abs(value % 2) == 1);

    private bool IsInRange(double value) => value >= Minimum && value <= Maximum;
}

/// <summary>A parameter tied to a property of an operator.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Get">Reads the property.</param>
/// <param name="Set">A copy of the operator with the property changed.</param>
public sealed record DegradationParameterBinding<T>(DegradationParameter Parameter, Func<T, DegradationValue> Get, Func<T, DegradationValue, T> Set)
    where T : class, IDegradation;
