using System.Globalization;
using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>An architecture as data: one table of its hyper-parameters serves checkpoints, settings, and what people are told.</summary>
/// <typeparam name="TOptions">The network's options; their defaults are the published configuration.</typeparam>
internal abstract class ArchitectureDescriptor<TOptions> : ArchitectureDescriptor
    where TOptions : class, new()
{
    /// <summary>The hyper-parameters; one that follows from others comes after them.</summary>
    protected abstract IReadOnlyList<HyperParameter<TOptions>> Parameters { get; }

    /// <inheritdoc/>
    public sealed override RestorationNetwork Create(IReadOnlyDictionary<string, TensorShape> keys, HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(hyper);
        Check(keys);
        TOptions options = Read(keys, hyper);
        Check(options, keys);
        return Described(options);
    }

    /// <inheritdoc/>
    public sealed override RestorationNetwork Create(HyperParameters hyper)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        Check(hyper);
        return Described(Read(null, hyper));
    }

    /// <summary>The network of options, with what a caller must know to feed it.</summary>
    protected abstract RestorationNetwork Build(TOptions options);

    /// <summary>Refuses checkpoints of a variant that is not supported.</summary>
    protected virtual void Check(IReadOnlyDictionary<string, TensorShape> keys)
    {
    }

    /// <summary>Refuses settings of a variant that is not supported.</summary>
    protected virtual void Check(HyperParameters hyper)
    {
    }

    /// <summary>Refuses options that contradict the checkpoint.</summary>
    protected virtual void Check(TOptions options, IReadOnlyDictionary<string, TensorShape> keys)
    {
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">The official name.</param>
    /// <param name="get">Reads it from options.</param>
    /// <param name="set">Options with another value.</param>
    /// <param name="shapes">Reads it from a checkpoint; null where shapes do not say it.</param>
    /// <param name="otherwise">What it is where nothing says it, by the ones before it; null means the published default.</param>
    protected static HyperParameter<TOptions> Int(
        string name, Func<TOptions, int> get, Func<TOptions, int, TOptions> set, Func<IReadOnlyDictionary<string, TensorShape>, int>? shapes = null,
        Func<TOptions, int>? otherwise = null) => new(
        name,
        (o, keys, hyper) => set(o, keys is not null && shapes is not null ? shapes(keys) : hyper.Int(name) ?? (otherwise ?? get)(o)),
        o => get(o).ToString(CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    /// <inheritdoc cref="Int"/>
    protected static HyperParameter<TOptions> Number(
        string name, Func<TOptions, double> get, Func<TOptions, double, TOptions> set,
        Func<IReadOnlyDictionary<string, TensorShape>, double, double>? shapes = null, Func<TOptions, double>? otherwise = null) => new(
        name,
        (o, keys, hyper) =>
        {
            double told = hyper.Number(name) ?? (otherwise ?? get)(o);
            return set(o, keys is not null && shapes is not null ? shapes(keys, told) : told);
        },
        o => ((float)get(o)).ToString("R", CultureInfo.InvariantCulture));

    /// <summary>True or false.</summary>
    /// <inheritdoc cref="Int"/>
    protected static HyperParameter<TOptions> Flag(
        string name, Func<TOptions, bool> get, Func<TOptions, bool, TOptions> set, Func<IReadOnlyDictionary<string, TensorShape>, bool>? shapes = null) => new(
        name, (o, keys, hyper) => set(o, keys is not null && shapes is not null ? shapes(keys) : hyper.Flag(name) ?? get(o)), o => get(o) ? "true" : "false");

    /// <summary>Whole numbers.</summary>
    /// <inheritdoc cref="Int"/>
    protected static HyperParameter<TOptions> Ints(
        string name, Func<TOptions, IReadOnlyList<int>> get, Func<TOptions, IReadOnlyList<int>, TOptions> set,
        Func<IReadOnlyDictionary<string, TensorShape>, IReadOnlyList<int>>? shapes = null) => new(
        name,
        (o, keys, hyper) => set(o, keys is not null && shapes is not null ? shapes(keys) : hyper.Ints(name) ?? get(o)),
        o => "[" + string.Join(", ", get(o)) + "]");

    /// <summary>One of several words, each with its value.</summary>
    /// <inheritdoc cref="Int"/>
    protected static HyperParameter<TOptions> Choice<TValue>(
        string name, Func<TOptions, TValue> get, Func<TOptions, TValue, TOptions> set, IReadOnlyList<(string Word, TValue Value)> words,
        Func<IReadOnlyDictionary<string, TensorShape>, HyperParameters, TValue?>? shapes = null)
        where TValue : struct
    {
        TValue Told(TOptions options, HyperParameters hyper)
        {
            if (hyper.Text(name) is not { } word)
                return get(options);
            foreach ((string known, TValue value) in words)
            {
                if (known == word)
                    return value;
            }

            throw new ArgumentException($"Hyper-parameter '{name}': found '{word}'; expected one of {string.Join(", ", words.Select(w => $"'{w.Word}'"))}.", nameof(hyper));
        }

        return new(
            name,
            (o, keys, hyper) => set(o, (keys is not null ? shapes?.Invoke(keys, hyper) : null) ?? Told(o, hyper)),
            o => words.First(w => EqualityComparer<TValue>.Default.Equals(w.Value, get(o))).Word);
    }

    private TOptions Read(IReadOnlyDictionary<string, TensorShape>? keys, HyperParameters hyper) =>
        Parameters.Aggregate(new TOptions(), (options, parameter) => parameter.Read(options, keys, hyper));

    private RestorationNetwork Described(TOptions options) => Build(options) with
    {
        Configuration = string.Join(", ", Parameters.Select(p => (p.Name, Text: p.Text(options))).Where(p => p.Text is not null).Select(p => $"{p.Name}={p.Text}")),
    };
}
