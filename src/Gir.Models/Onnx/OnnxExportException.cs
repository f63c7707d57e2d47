using Gir.Imaging;

namespace Gir.Models.Onnx;

/// <summary>A network cannot be written as an ONNX file; the message says why, and what can be done.</summary>
public sealed class OnnxExportException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found, where, and what was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    public OnnxExportException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
