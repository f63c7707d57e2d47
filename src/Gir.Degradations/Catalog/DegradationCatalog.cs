using System.Diagnostics.CodeAnalysis;
using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>The operators that expressions, JSON and records may name; immutable.</summary>
public sealed class DegradationCatalog
{
    private static readonly Lazy<DegradationCatalog> s_standard = new(() => new DegradationCatalog(StandardOperators.Descriptors()));

    private readonly DegradationDescriptor[] _descriptors;

    private DegradationCatalog(DegradationDescriptor[] descriptors) => _descriptors = descriptors;

    /// <summary>The operators of the GIR paper, in the order of its Table 2.</summary>
    public static DegradationCatalog Standard => s_standard.Value;

    /// <summary>The descriptors of <see cref="Standard"/>.</summary>
    public static IReadOnlyList<DegradationDescriptor> All => Standard.Descriptors;

    /// <summary>The descriptors.</summary>
    public IReadOnlyList<DegradationDescriptor> Descriptors => _descriptors;

    /// <summary>The descriptor of a standard operator.</summary>
    /// <exception cref="DegradationException">There is none of that name; the message lists the names.</exception>
    public static DegradationDescriptor Find(string name) => Standard.Get(name);

    /// <summary>The descriptor of an operator.</summary>
    /// <exception cref="DegradationException">There is none of that name; the message lists the names.</exception>
    public DegradationDescriptor Get(string name) =>
        TryGet(name, out DegradationDescriptor? descriptor) ? descriptor : throw new DegradationException(UnknownOperator(name));

    /// <summary>Looks an operator up by name.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out DegradationDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(name);
        descriptor = System.Array.Find(_descriptors, d => d.Name == name);
        return descriptor is not null;
    }

    /// <summary>A catalog with one more operator.</summary>
    /// <exception cref="ArgumentException">The name or the type is taken.</exception>
    public DegradationCatalog With(DegradationDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (System.Array.Exists(_descriptors, d => d.Name == descriptor.Name || d.OperatorType == descriptor.OperatorType))
            throw new ArgumentException($"The catalogue has an operator '{descriptor.Name}' or one of type {descriptor.OperatorType.Name} already.", nameof(descriptor));
        return new DegradationCatalog([.. _descriptors, descriptor]);
    }

    /// <summary>The descriptor of an operator's type; null where the catalog has none.</summary>
    internal DegradationDescriptor? DescriptorOf(IDegradation degradation)
    {
        foreach (DegradationDescriptor descriptor in _descriptors)
        {
            if (descriptor.OperatorType == degradation.GetType())
                return descriptor;
        }

        return null;
    }

    internal string UnknownOperator(string found) =>
        $"no operator '{Suggestion.Shortened(found)}': expected {Suggestion.Among(found, [.. _descriptors.Select(d => d.Name)])}.";
}
