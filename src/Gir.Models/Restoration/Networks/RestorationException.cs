using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>What a network made is no image: its weights are damaged or overflow.</summary>
public sealed class RestorationException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the network, the first place and, where it is to be found, the damaged weight.</param>
    public RestorationException(string message)
        : base(message)
    {
    }
}
