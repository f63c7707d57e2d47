namespace Gir.Imaging.Files;

/// <summary>The native libraries of optional packages, which may not be there.</summary>
internal static class NativeLibrary
{
    /// <summary>Whether a call failed since its library is missing, does not load here, or is another one that lacks the function.</summary>
    public static bool IsMissing(Exception e) =>
        e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException || (e is TypeInitializationException && e.InnerException is { } inner && IsMissing(inner));
}
