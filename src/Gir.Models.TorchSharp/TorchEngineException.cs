using Gir.Imaging;

namespace Gir.Models.TorchSharp;

/// <summary>libtorch's native part is missing or does not load, or the device is not there.</summary>
public sealed class TorchEngineException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: what was found, and what helps.</param>
    /// <param name="innerException">The cause, if any.</param>
    public TorchEngineException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
