using Gir.Imaging;

namespace Gir.Models.OnnxRuntime;

/// <summary>A file is no ONNX model, or none that makes images of images; or ONNX Runtime cannot run it here. The message says which, and what can be done.</summary>
public sealed class OnnxModelException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">The file, or what stands for it.</param>
    /// <param name="reason">What was found, and what was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    public OnnxModelException(string source, string reason, Exception? innerException = null)
        : base($"{source}: {reason}", innerException)
    {
    }
}
