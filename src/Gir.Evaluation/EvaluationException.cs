using Gir.Imaging;
using Gir.Imaging.Text;

namespace Gir.Evaluation;

/// <summary>An evaluation cannot be set up, run, resumed or read back.</summary>
public sealed class EvaluationException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was wrong, where, and what was expected; control characters (of quoted text) become spaces, so that it is one line.</param>
    /// <param name="innerException">The cause, if any.</param>
    public EvaluationException(string message, Exception? innerException = null)
        : base(OneLine.Of(message), innerException)
    {
    }
}
