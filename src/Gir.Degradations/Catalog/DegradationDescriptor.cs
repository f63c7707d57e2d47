using Gir.Imaging.Random;
using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>What an operator is, as data: by it expressions and JSON are read and written, and random operators drawn.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class DegradationDescriptor
{
    private readonly Func<DegradationParameterSet, IDegradation> _create;
    private readonly Func<IDegradation, DegradationParameterSet> _describe;
    private readonly Func<PhiloxRandom, RandomRange, IDegradation> _sample;

    private DegradationDescriptor(
        string name,
        string summary,
        Type operatorType,
        IReadOnlyList<DegradationParameter> parameters,
        Func<DegradationParameterSet, IDegradation> create,
        Func<IDegradation, DegradationParameterSet> describe,
        Func<PhiloxRandom, RandomRange, IDegradation> sample)
    {
        Name = name;
        Summary = summary;
        OperatorType = operatorType;
        Parameters = parameters;
        _create = create;
        _describe = describe;
        _sample = sample;
    }

    /// <summary>The operator's name, e.g. "blur": lower-case letters, digits and hyphens.</summary>
    public string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    public string Summary { get; }

    /// <summary>Whether it is weather (rain, haze, snow), which may stand only first in a pipeline.</summary>
    public bool IsWeather { get; private init; }

    /// <summary>Whether it reads depth.</summary>
    public bool UsesDepth { get; private init; }

    /// <summary>The type that implements it.</summary>
    public Type OperatorType { get; }

    /// <summary>Its parameters, in the order of its documentation.</summary>
    public IReadOnlyList<DegradationParameter> Parameters { get; }

    /// <summary>Describes an operator whose parameterless constructor gives the representative (benchmark) parameters.</summary>
    /// <param name="name">Its name: lower-case letters, digits and hyphens.</param>
    /// <param name="summary">What it does, in one sentence.</param>
    /// <param name="sample">Draws one from the paper's random ranges.</param>
    /// <param name="parameters">Its parameters, tied to its properties.</param>
    /// <param name="isWeather">Whether it may stand only first.</param>
    /// <param name="usesDepth">Whether it reads depth.</param>
    /// <exception cref="ArgumentException">The name has other characters, or two parameters have the same name.</exception>
    public static DegradationDescriptor Define<T>(
        string name,
        string summary,
        Func<PhiloxRandom, RandomRange, T> sample,
        IReadOnlyList<DegradationParameterBinding<T>> parameters,
        bool isWeather = false,
        bool usesDepth = false)
        where T : class, IDegradation, new()
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(parameters);
        if (!name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || !char.IsAsciiLetterLower(name[0]))
            throw new ArgumentException($"'{name}' is no operator name: expected lower-case letters, digits and hyphens.", nameof(name));
        if (parameters.Select(b => b.Parameter.Name).Distinct().Count() != parameters.Count)
            throw new ArgumentException($"Two parameters of '{name}' have the same name.", nameof(parameters));

        var representative = new T();
        DegradationParameter[] described = [.. parameters.Select(b => b.Parameter with { Default = b.Get(representative) })];

        IDegradation Create(DegradationParameterSet values)
        {
            T built = representative;
            foreach ((string key, DegradationValue value) in values.Values)
            {
                int index = System.Array.FindIndex(described, p => p.Name == key);
                if (index < 0)
                    throw new DegradationException(UnknownParameter(name, key, described));
                try
                {
                    built = parameters[index].Set(built, described[index].Check(value));
                }
                catch (DegradationException exception)
                {
                    throw new DegradationException($"{name}: {exception.Message}", exception);
                }
            }

            return built;
        }

        DegradationParameterSet Describe(IDegradation built) => built is T typed
            ? new DegradationParameterSet([.. parameters.Select(b => KeyValuePair.Create(b.Parameter.Name, b.Get(typed)))])
            : throw new DegradationException($"'{name}' describes {typeof(T).Name}, not {built.GetType().Name}.");

        return new DegradationDescriptor(name, summary, typeof(T), described, Create, Describe, sample)
        {
            IsWeather = isWeather,
            UsesDepth = usesDepth,
        };
    }

    /// <summary>An operator with the given values; parameters without one keep their default.</summary>
    /// <exception cref="DegradationException">A parameter is unknown, or its value is not allowed.</exception>
    public IDegradation Create(DegradationParameterSet? parameters = null) => _create(parameters ?? DegradationParameterSet.Empty);

    /// <summary>All parameters of an operator.</summary>
    /// <exception cref="DegradationException">The operator is of another type.</exception>
    public DegradationParameterSet Describe(IDegradation degradation)
    {
        ArgumentNullException.ThrowIfNull(degradation);
        return _describe(degradation);
    }

    /// <summary>Draws an operator from the published random ranges.</summary>
    /// <param name="random">Where the draws come from.</param>
    /// <param name="range">Whose ranges.</param>
    public IDegradation Sample(PhiloxRandom random, RandomRange range = RandomRange.Paper)
    {
        ArgumentNullException.ThrowIfNull(random);
        return _sample(random, range);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal static string UnknownParameter(string operatorName, string found, IReadOnlyList<DegradationParameter> parameters) =>
        $"{operatorName} has no parameter '{Suggestion.Shortened(found)}': expected {Suggestion.Among(found, [.. parameters.Select(p => p.Name)])}.";
}
