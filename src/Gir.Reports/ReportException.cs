using Gir.Imaging;

namespace Gir.Reports;

/// <summary>Something that a report cannot show; the message names the file, what was found and what was expected.</summary>
public sealed class ReportException : GirException
{
    /// <summary>An exception.</summary>
    /// <param name="message">File, finding, expectation.</param>
    public ReportException(string message)
        : base(message)
    {
    }
}
