namespace Gir.Degradations;

/// <summary>The list behind <see cref="DegradationCatalog.Standard"/>; a new operator is one more line here.</summary>
internal static class StandardOperators
{
    public static DegradationDescriptor[] Descriptors() =>
    [
    ];
}
