using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>Writes the values of a key.</summary>
/// <param name="key">The full key.</param>
/// <param name="values">Room for exactly as many as the key's tensor has.</param>
internal delegate void ReadValues(string key, Span<float> values);

/// <summary>
/// A part of a network: parameters, buffers and children under PyTorch's key names, and a forward pass.
/// </summary>
/// <remarks>
/// Names are given explicitly when parts are registered, in PyTorch's order, so that checkpoints of the field fit without translation.
/// While gradients are off, a module may be called from several threads at a time, as long as none changes its weights; training is one thread's work, which the engine spreads over others.
/// </remarks>
public abstract class Module
{
    // A checkpoint of another network may differ in thousands.
    private const int ListedKeys = 20;

    private readonly List<(string Name, Tensor Tensor, bool IsParameter)> _tensors = [];
    private readonly List<(string Name, Module Module)> _children = [];
    private readonly List<string> _derived = [];

    /// <summary>Parameters of this module and its children, with their full keys ("body.0.conv1.weight"), in order of registration.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedParameters() =>
        Entries("").Where(e => e.IsParameter).Select(e => KeyValuePair.Create(e.Key, e.Tensor));

    /// <summary>Parameters and buffers, with their full keys: what a checkpoint holds.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> StateDictionary() => Entries("").Select(e => KeyValuePair.Create(e.Key, e.Tensor));

    /// <summary>The parameters.</summary>
    public IEnumerable<Tensor> Parameters() => NamedParameters().Select(p => p.Value);

    /// <summary>This module and all its parts, in order of registration, each before its own parts.</summary>
    public IEnumerable<Module> Modules() => _children.SelectMany(c => c.Module.Modules()).Prepend(this);

    /// <summary>All parts with their full names ("body.0.conv1"), in order of registration, each before its own parts.</summary>
    internal IEnumerable<(string Name, Module Module)> NamedParts() =>
        _children.SelectMany(c => c.Module.NamedParts().Select(p => (c.Name + "." + p.Name, p.Module)).Prepend((c.Name, c.Module)));

    /// <summary>Whether a result of rank 4 holds tokens, [n, h, w, c], rather than planes, [n, c, h, w].</summary>
    internal virtual bool MakesTokens => false;

    /// <summary>Number of learned values.</summary>
    public long ParameterCount() => Parameters().Sum(p => (long)p.Length);

    /// <summary>Whether batch normalization, where the module has any, uses the batch's own statistics, as it does in training.</summary>
    internal void UseBatchStatistics(bool value)
    {
        foreach (BatchNorm2d normalization in Modules().OfType<BatchNorm2d>())
            normalization.IsTraining = value;
    }

    /// <summary>Forgets all gradients.</summary>
    public void ZeroGradients()
    {
        foreach (Tensor parameter in Parameters())
            parameter.Gradient = null;
    }

    /// <summary>Copies values into all parameters and buffers; when the state does not fit, none is changed.</summary>
    /// <param name="state">Values by full key.</param>
    /// <param name="ignoreUnexpected">Accepts keys that the module does not have.</param>
    /// <exception cref="ArgumentException">
    /// Keys are missing or unexpected, or shapes differ; one message counts them all and names the first twenty of each kind.
    /// </exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state, bool ignoreUnexpected = false)
    {
        ArgumentNullException.ThrowIfNull(state);
        LoadState(state.ToDictionary(e => e.Key, e => e.Value.Shape, StringComparer.Ordinal), (key, values) => state[key].CopyTo(values), ignoreUnexpected);
    }

    /// <summary>The same from anything that has shapes by full key and hands out values.</summary>
    internal void LoadState(IReadOnlyDictionary<string, TensorShape> shapes, ReadValues read, bool ignoreUnexpected = false)
    {
        CheckState(shapes, ignoreUnexpected);
        var values = Array.Empty<float>();
        foreach ((string key, Tensor target) in StateDictionary())
        {
            if (values.Length < target.Length)
                values = new float[target.Length];
            Span<float> own = values.AsSpan(0, target.Length);
            read(key, own);
            target.Storage.Write(own);
        }
    }

    /// <summary>Checks that there is a tensor of the right shape for every key, and no other tensor.</summary>
    /// <exception cref="ArgumentException">Keys are missing or unexpected, or shapes differ.</exception>
    internal void CheckState(IReadOnlyDictionary<string, TensorShape> shapes, bool ignoreUnexpected = false)
    {
        Dictionary<string, TensorShape> own = StateDictionary().ToDictionary(e => e.Key, e => e.Value.Shape, StringComparer.Ordinal);
        string[] missing = [.. own.Keys.Where(k => !shapes.ContainsKey(k))];
        var derived = new HashSet<string>(DerivedKeys(""), StringComparer.Ordinal);
        string[] unexpected = ignoreUnexpected
            ? []
            : [.. shapes.Keys.Where(k => !own.ContainsKey(k) && !derived.Contains(k)).Order(StringComparer.Ordinal)];
        string[] misshapen = [.. own.Where(e => shapes.TryGetValue(e.Key, out TensorShape found) && found != e.Value)
            .Select(e => $"{e.Key} is {shapes[e.Key]}, expected {e.Value}")];
        if (missing.Length + unexpected.Length + misshapen.Length > 0)
        {
            string[] findings = [.. new[] { List("missing", missing), List("unexpected", unexpected), List("of another shape", misshapen) }.Where(l => l.Length > 0)];
            throw new ArgumentException($"The state does not fit: {string.Join("; ", findings)}.", "state");
        }
    }

    /// <summary>Runs the module; while gradients are off, everything made inside is handed back except the result.</summary>
    public Tensor Call(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return ModuleListener.Tell(this, Scopes.Run((Module: this, x), static s => s.Module.Forward(s.x)));
    }

    /// <summary>The forward pass; call it through <see cref="Call"/>.</summary>
    protected abstract Tensor Forward(Tensor x);

    /// <summary>Registers a learned tensor; it is made outside of all scopes.</summary>
    protected Tensor Parameter(string name, TensorShape shape, Initializer initializer) => Parameter(name, shape, initializer, mayBeCompact: false);

    /// <summary>The same of a weight that convolutions and matrix products alone read: a network loaded for inference may keep it in 16 bits.</summary>
    private protected Tensor CompactParameter(string name, TensorShape shape, Initializer initializer) => Parameter(name, shape, initializer, mayBeCompact: true);

    private Tensor Parameter(string name, TensorShape shape, Initializer initializer, bool mayBeCompact)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        Initializer.Charge(shape.Length);
        CheckName(name);
        Tensor tensor = Persistent(() => initializer.Create(shape, name, mayBeCompact));
        tensor.RequiresGradient = !tensor.Storage.IsCompact;
        _tensors.Add((name, tensor, true));
        return tensor;
    }

    /// <summary>Registers a tensor that is saved but not learned, e.g. running statistics.</summary>
    protected Tensor Buffer(string name, TensorShape shape, float value)
    {
        Initializer.Charge(shape.Length);
        CheckName(name);
        Tensor tensor = Persistent(() => Tensor.Full(shape, value));
        _tensors.Add((name, tensor, false));
        return tensor;
    }

    /// <summary>
    /// Registers the name of a tensor that published checkpoints hold but that follows from the configuration, e.g. an index table:
    /// loading accepts it and ignores its values.
    /// </summary>
    private protected void Derived(string name) => _derived.Add(name);

    /// <summary>Registers a child; a name with dots stands for nested ones.</summary>
    protected T Child<T>(string name, T module)
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        CheckName(name);
        _children.Add((name, module));
        return module;
    }

    /// <summary>Registers the parts of a module as this module's own, under the names that they have there.</summary>
    internal void Adopt(Module module)
    {
        foreach ((string name, Tensor tensor, bool isParameter) in module._tensors)
        {
            CheckName(name);
            _tensors.Add((name, tensor, isParameter));
        }

        foreach ((string name, Module child) in module._children)
            Child(name, child);
        _derived.AddRange(module._derived);
    }

    // Two parts of one name would make one key of the checkpoint.
    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_tensors.Exists(t => t.Name == name) || _children.Exists(c => c.Name == name))
            throw new ArgumentException($"This module already has a part named '{name}'.", nameof(name));
    }

    private static Tensor Persistent(Func<Tensor> create)
    {
        using TensorScope persistent = TensorScope.Suspend();
        return create();
    }

    private static string List(string what, string[] entries) => entries.Length == 0
        ? ""
        : $"{entries.Length} {what} ({string.Join(", ", entries.Take(ListedKeys))}{(entries.Length > ListedKeys ? ", .." : "")})";

    private IEnumerable<string> DerivedKeys(string prefix) =>
        _derived.Select(name => prefix + name).Concat(_children.SelectMany(c => c.Module.DerivedKeys(prefix + c.Name + ".")));

    private IEnumerable<(string Key, Tensor Tensor, bool IsParameter)> Entries(string prefix)
    {
        foreach ((string name, Tensor tensor, bool isParameter) in _tensors)
            yield return (prefix + name, tensor, isParameter);
        foreach ((string name, Module module) in _children)
        {
            foreach ((string Key, Tensor Tensor, bool IsParameter) entry in module.Entries(prefix + name + "."))
                yield return entry;
        }
    }
}
