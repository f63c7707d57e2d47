using System.Text.Json;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Serialization;

/// <summary>A file of the manifest.</summary>
public sealed record CheckpointFile(string Name, bool MustLoad, string Scope, string Compare)
{
    public string Path => TestData.Golden("models", "files", Name);

    public override string ToString() => Name;
}

/// <summary>The files of golden/models/files, and the tensors they stand for.</summary>
internal static class CheckpointFiles
{
    public static SafeTensors Reference { get; } = SafeTensors.Load(TestData.Golden("models", "files", "reference.safetensors"));

    public static IReadOnlyList<CheckpointFile> All { get; } = ReadManifest();

    private static CheckpointFile[] ReadManifest()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(TestData.Golden("models", "files", "manifest.json")));
        JsonElement list = manifest.RootElement.EnumerateObject().First(p => p.Value.ValueKind == JsonValueKind.Array).Value;
        return
        [
            .. list.EnumerateArray().Select(e => new CheckpointFile(
                e.GetProperty("file").GetString()!,
                e.GetProperty("must").GetString() == "load",
                e.TryGetProperty("scope", out JsonElement scope) ? scope.GetString()! : "",
                e.TryGetProperty("compare", out JsonElement compare) ? compare.GetString()! : "")),
        ];
    }
}

/// <summary>The network that the files belong to: SRCNN 9-1-5 with 6 and 4 features.</summary>
internal sealed class TinySrcnn : Module
{
    private readonly Conv2d _first;
    private readonly Conv2d _second;
    private readonly Conv2d _third;

    public TinySrcnn()
    {
        _first = Child("conv1", new Conv2d(3, 6, 9, padding: 4));
        _second = Child("conv2", new Conv2d(6, 4, 1));
        _third = Child("conv3", new Conv2d(4, 3, 5, padding: 2));
    }

    protected override Tensor Forward(Tensor x) => _third.Call(_second.Call(_first.Call(x).Relu()).Relu());
}
