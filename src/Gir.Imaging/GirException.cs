namespace Gir.Imaging;

/// <summary>Base of the exceptions with which Gir refuses a file, a text or a setting that a user can mend.</summary>
/// <remarks>
/// The message is one line for the user: it names what was found and what was expected. Arguments that a program gets wrong are
/// <see cref="ArgumentException"/>s as everywhere in .NET, and failures of the file system stay <see cref="IOException"/>s.
/// </remarks>
public abstract class GirException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: what was found, where, and what was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    protected GirException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
