namespace Gir.Degradations;

/// <summary>A degradation cannot be built, parsed or applied.</summary>
public sealed class DegradationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: what was wrong, where, and what was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    public DegradationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
