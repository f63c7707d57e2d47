using Gir.Imaging.Files;

namespace Gir.Imaging.SkiaSharp;

/// <summary>The first call into the native library, which may not be there.</summary>
internal static class SkiaLibrary
{
    public static T Call<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (NativeLibrary.IsMissing(e))
        {
            throw new SkiaLibraryException(
                "The native library of SkiaSharp (libSkiaSharp) was not found or does not load here; add the package SkiaSharp.NativeAssets.Linux.NoDependencies, or that of your system, to the program.", e);
        }
    }
}

/// <summary>The native library of SkiaSharp is missing, or does not load on this system.</summary>
public sealed class SkiaLibraryException : GirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the library, and what to add.</param>
    /// <param name="innerException">The cause.</param>
    public SkiaLibraryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
