namespace Gir.Imaging.Magick;

/// <summary>The native library of Magick.NET is missing, or does not load on this system.</summary>
public sealed class MagickLibraryException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the library, and what to add.</param>
    /// <param name="innerException">The cause.</param>
    public MagickLibraryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
