namespace Gir.Evaluation;

/// <summary>An evaluation cannot be set up, run, resumed or read back.</summary>
public sealed class EvaluationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: what was wrong, where, and what was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    public EvaluationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
