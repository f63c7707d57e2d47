using System.Text;
using System.Text.Json;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Backbones;

/// <summary>A network's golden: weights (stored, or by formula), inputs, outputs and gradients, and the tolerances of the manifest.</summary>
internal sealed class ModelGolden
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, JsonElement> s_manifests = new();

    private ModelGolden(string name, SafeTensors data, JsonElement entry)
    {
        Name = name;
        Data = data;
        Entry = entry;
    }

    public string Name { get; }

    public SafeTensors Data { get; }

    public JsonElement Entry { get; }

    public double Tolerance => Entry.GetProperty("tolerance").GetDouble();

    public double GradientTolerance => Entry.GetProperty("gradient_tolerance").GetDouble();

    public HyperParameters Hyper => HyperParameters.FromMetadata(Data.Metadata);

    public static ModelGolden Load(string name, string area = "models")
    {
        JsonElement manifest = s_manifests.GetOrAdd(area, static a => JsonDocument.Parse(File.ReadAllText(TestData.Golden(a, "manifest.json"))).RootElement);
        JsonElement entry = manifest.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("file").GetString() == name + ".safetensors");
        return new ModelGolden(name, SafeTensors.Load(TestData.Golden(area, name + ".safetensors")), entry);
    }

    /// <summary>The stored state.</summary>
    public Dictionary<string, Tensor> State() => Tensors("state.");

    /// <summary>The state that the formula gives; fixed keys are taken from the module as it was made, where it has them.</summary>
    public Dictionary<string, Tensor> ComputedState(Module module)
    {
        ulong seed = ulong.Parse(Data.Metadata["seed"]);
        Dictionary<string, Tensor> made = module.StateDictionary().ToDictionary(e => e.Key, e => e.Value);
        var state = new Dictionary<string, Tensor>();
        foreach (JsonProperty fill in JsonDocument.Parse(Data.Metadata["fill"]).RootElement.EnumerateObject())
        {
            int[] shape = [.. fill.Value[0].EnumerateArray().Select(e => e.GetInt32())];
            var tensorShape = TensorShape.Create(shape);
            float[] values = Formula(fill.Name, seed, tensorShape.Length, fill.Value[1].GetDouble(), fill.Value[2].GetDouble());
            state[fill.Name] = Tensor.From(values, tensorShape);
        }

        foreach (JsonElement key in JsonDocument.Parse(Data.Metadata["fixed"]).RootElement.EnumerateArray())
        {
            if (made.TryGetValue(key.GetString()!, out Tensor? constructed))
                state[key.GetString()!] = constructed;
        }

        return state;
    }

    /// <summary>Tensors whose names begin with a prefix, without it; integers become floats.</summary>
    public Dictionary<string, Tensor> Tensors(string prefix) =>
        Data.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(n => n[prefix.Length..], Read);

    public Tensor Read(string name) =>
        Tensor.From([.. Data.Numbers(name).Select(v => (float)v)], TensorShape.Create(Data.Shape(name)));

    /// <summary>An input, stored or by formula.</summary>
    public Tensor Input(string name)
    {
        if (Data.Contains(name))
            return Read(name);
        JsonElement fill = JsonDocument.Parse(Data.Metadata["fill_input"]).RootElement;
        int index = fill.GetProperty("keys").EnumerateArray().Select(k => k.GetString()).ToList().IndexOf(name);
        var shape = TensorShape.Create([.. fill.GetProperty("shapes")[index].EnumerateArray().Select(s => s.GetInt32())]);
        ulong seed = ulong.Parse(Data.Metadata["seed"]);
        return Tensor.From(Formula(name, seed, shape.Length, fill.GetProperty("center").GetDouble(), fill.GetProperty("scale").GetDouble()), shape);
    }

    /// <summary>max |actual - reference| / max |reference|.</summary>
    public double Error(Tensor actual, string reference)
    {
        Assert.That(actual.Shape.Sizes.ToArray(), Is.EqualTo(Data.Shape(reference)), $"{Name}: shape of {reference}");
        double[] expected = Data.Numbers(reference);
        return Images.MaxDifference(actual.ToArray(), expected) / Math.Max(expected.Max(Math.Abs), 1e-30);
    }

    public void AssertOutput(Tensor actual, string reference)
    {
        double error = Error(actual, reference);
        TestContext.Out.WriteLine(FormattableString.Invariant($"{Name}: {reference}: error {error:E1}, allowed {Tolerance:E1}"));
        Assert.That(error, Is.LessThanOrEqualTo(Tolerance), $"{Name}: {reference}");
    }

    /// <summary>Values that follow from a key and a seed.</summary>
    public static float[] Formula(string key, ulong seed, int count, double center, double scale)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ b) * 0x100000001b3;
        ulong start = hash + (seed * 0x9E3779B97F4A7C15);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            ulong z = start + ((ulong)(i + 1) * 0xD1342543DE82EF95);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            values[i] = (float)(center + (scale * (((z >> 40) * Math.ScaleB(1, -23)) - 1)));
        }

        return values;
    }
}
