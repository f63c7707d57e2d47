using Gir.Imaging;

namespace Gir.Metrics.Opinions;

/// <summary>A file is no file of opinions, or scores and opinions do not suit each other; the message names file, line and what was expected.</summary>
public sealed class OpinionException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: what was found, where, and what was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    public OpinionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
