namespace Gir.Imaging.Files;

/// <summary>The native libraries of optional packages, which may not be there.</summary>
internal static class NativeLibrary
{
    /// <summary>Whether a call failed since its library is missing or does not load here.</summary>
    public static bool IsMissing(Exception e) =>
        e is DllNotFoundException or BadImageFormatException || (e is TypeInitializationException && e.InnerException is { } inner && IsMissing(inner));
}
