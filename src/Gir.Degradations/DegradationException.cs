using Gir.Imaging;
using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>A degradation cannot be built, parsed or applied.</summary>
public sealed class DegradationException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was wrong, where, and what was expected; control characters (of quoted text) become spaces, so that it is one line.</param>
    /// <param name="innerException">The cause, if any.</param>
    public DegradationException(string message, Exception? innerException = null)
        : base(OneLine.Of(message), innerException)
    {
    }
}
