namespace Gir.Degradations;

/// <summary>What values a parameter takes.</summary>
public enum DegradationParameterKind
{
    /// <summary>A whole number within a range.</summary>
    Integer,

    /// <summary>A finite real number within a range.</summary>
    Number,

    /// <summary>One of a list of words.</summary>
    Choice,

    /// <summary>true or false.</summary>
    Flag,
}
