using System.Text;
using System.Text.Json;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Backbones.Transformers;

/// <summary>A golden network: weights under official keys, inputs, outputs and gradients, and the manifest's tolerances.</summary>
internal sealed class TransformerGolden
{
    private static readonly Dictionary<string, JsonElement> s_entries = LoadManifest();
    private readonly SafeTensors _file;
    private readonly JsonElement? _fill;

    public TransformerGolden(string name)
    {
        _file = SafeTensors.Load(TestData.Golden("models", name + ".safetensors"));
        JsonElement entry = s_entries[name + ".safetensors"];
        Tolerance = entry.GetProperty("tolerance").GetDouble();
        GradientTolerance = entry.TryGetProperty("gradient_tolerance", out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
        Hyper = HyperParameters.FromMetadata(_file.Metadata);
        if (_file.Metadata.TryGetValue("fill", out string? fill))
        {
            _fill = JsonDocument.Parse(fill).RootElement;
            State = FilledState();
        }
        else
        {
            // One file has no weights of its own: it repeats another with padding.
            State = StoredState(name == "restormer_odd_padded" ? SafeTensors.Load(TestData.Golden("models", "restormer_biasfree.safetensors")) : _file);
        }

        Shapes = State.ToDictionary(e => e.Key, e => e.Value.Shape, StringComparer.Ordinal);
    }

    public double Tolerance { get; }

    public double? GradientTolerance { get; }

    public HyperParameters Hyper { get; }

    public IReadOnlyDictionary<string, Tensor> State { get; }

    public IReadOnlyDictionary<string, TensorShape> Shapes { get; }

    public IEnumerable<string> GradientKeys => _file.Names.Where(n => n.StartsWith("grad.", StringComparison.Ordinal) && n != "grad.input").Select(n => n[5..]);

    public bool Has(string name) => _file.Contains(name) || (name.StartsWith("input", StringComparison.Ordinal) && _fill is not null && InputShape(name) is not null);

    public Tensor Tensor(string name)
    {
        if (_file.Contains(name))
            return Gir.Models.Tensors.Tensor.From(_file.Floats(name), TensorShape.Create(_file.Shape(name)));
        JsonElement fill = FillInput();
        return Filled(name, InputShape(name)!, fill.GetProperty("center").GetDouble(), fill.GetProperty("scale").GetDouble());
    }

    /// <summary>max |actual - expected| / max |expected|.</summary>
    public double Error(Tensor actual, string name)
    {
        double[] expected = _file.Doubles(name);
        Assert.That(actual.Shape, Is.EqualTo(TensorShape.Create(_file.Shape(name))), name);
        return Images.MaxDifference(actual.ToArray(), expected) / expected.Max(Math.Abs);
    }

    private static Dictionary<string, Tensor> StoredState(SafeTensors file) => file.Names
        .Where(n => n.StartsWith("state.", StringComparison.Ordinal))
        .ToDictionary(
            n => n[6..],
            n => Gir.Models.Tensors.Tensor.From(Array.ConvertAll(file.Numbers(n), v => (float)v), TensorShape.Create(file.Shape(n))),
            StringComparer.Ordinal);

    private Dictionary<string, Tensor> FilledState() => _fill!.Value.EnumerateObject().ToDictionary(
        e => e.Name,
        e => Filled(e.Name, [.. e.Value[0].EnumerateArray().Select(s => s.GetInt32())], e.Value[1].GetDouble(), e.Value[2].GetDouble()),
        StringComparer.Ordinal);

    private JsonElement FillInput() => JsonDocument.Parse(_file.Metadata["fill_input"]).RootElement;

    private int[]? InputShape(string name)
    {
        JsonElement fill = FillInput();
        int index = fill.GetProperty("keys").EnumerateArray().Select(k => k.GetString()).ToList().IndexOf(name);
        return index < 0 ? null : [.. fill.GetProperty("shapes")[index].EnumerateArray().Select(s => s.GetInt32())];
    }

    // The manifest's formula: FNV-1a of the key, a counter, splitmix64's finaliser.
    private Tensor Filled(string key, int[] shape, double center, double scale)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ b) * 0x100000001b3;
        ulong start = unchecked(hash + (ulong.Parse(_file.Metadata["seed"]) * 0x9E3779B97F4A7C15));
        var values = new float[TensorShape.Create(shape).Length];
        for (int i = 0; i < values.Length; i++)
        {
            ulong z = unchecked(start + ((ulong)(i + 1) * 0xD1342543DE82EF95));
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
            z ^= z >> 31;
            values[i] = (float)(center + (scale * (((z >> 40) * Math.ScaleB(1, -23)) - 1)));
        }

        return Gir.Models.Tensors.Tensor.From(values, TensorShape.Create(shape));
    }

    private static Dictionary<string, JsonElement> LoadManifest() => JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("models", "manifest.json"))).RootElement
        .GetProperty("entries").EnumerateArray().ToDictionary(e => e.GetProperty("file").GetString()!, e => e, StringComparer.Ordinal);
}
