using System.Collections;
using System.Globalization;
using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>Modules named "0", "1", .. that their owner calls itself, as torch's ModuleList.</summary>
/// <typeparam name="T">The modules' type.</typeparam>
public sealed class ModuleList<T> : Module, IReadOnlyList<T>
    where T : Module
{
    private readonly T[] _modules;

    /// <summary>Creates the list.</summary>
    public ModuleList(params IEnumerable<T> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        _modules = [.. modules];
        for (int i = 0; i < _modules.Length; i++)
            Child(i.ToString(CultureInfo.InvariantCulture), _modules[i]);
    }

    /// <inheritdoc/>
    public int Count => _modules.Length;

    /// <inheritdoc/>
    public T this[int index] => _modules[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Not supported: a list has no order of execution.</summary>
    protected override Tensor Forward(Tensor x) => throw new NotSupportedException("A ModuleList is not called; call its modules, or use Sequential.");
}
