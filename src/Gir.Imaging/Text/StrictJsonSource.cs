namespace Gir.Imaging.Text;

/// <summary>What a JSON text is, how large it may be, and which exception tells of its defects.</summary>
/// <param name="Name">What messages call the text, e.g. its file; empty where there is no name to tell.</param>
/// <param name="Kind">What the text should be, e.g. "a recipe".</param>
/// <param name="Exception">Makes the exception of a message and of the cause, if any.</param>
internal sealed record StrictJsonSource(string Name, string Kind, Func<string, Exception?, Exception> Exception)
{
    /// <summary>The longest text, in UTF-16 units or in bytes of UTF-8.</summary>
    public int LongestText { get; init; } = 1 << 26;

    /// <summary>The deepest nesting of objects and arrays.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Whether null may stand somewhere: for "not said". The reader of each value still decides.</summary>
    public bool AllowsNull { get; init; }

    /// <summary>The exception for a defect at a place.</summary>
    /// <param name="place">A path such as "$.steps[3]", or line and byte.</param>
    /// <param name="message">What was found and what was expected.</param>
    /// <param name="inner">The cause, if any.</param>
    public Exception Fault(string place, string message, Exception? inner = null) =>
        Exception(OneLine.Of($"{(Name.Length > 0 ? Name + ": " : "")}{place}: {message}"), inner);
}
