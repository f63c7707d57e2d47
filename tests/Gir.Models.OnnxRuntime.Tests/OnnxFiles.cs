using Gir.Models.Onnx;
using Gir.Models.Onnx.Format;
using Gir.Models.Zoo;

namespace Gir.Models.OnnxRuntime.Tests;

/// <summary>Model files, exported or made by hand as strangers make them.</summary>
internal sealed class OnnxFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _count;

    public string Path(string name) => _folder[name];

    public string Bytes(byte[] content)
    {
        string path = Path($"model{_count++}.onnx");
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Export(RestorationNetwork network, OnnxExportOptions? options = null)
    {
        string path = Path($"model{_count++}.onnx");
        OnnxExporter.Export(network, path, options);
        return path;
    }

    /// <summary>A model without any metadata but what is given.</summary>
    public string Make(OnnxPort[] inputs, OnnxPort[] outputs, Func<OnnxGraph, string> result, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var graph = new OnnxGraph();
        graph.Inputs.AddRange(inputs);
        graph.Outputs.AddRange(outputs);
        graph.Name(result(graph), outputs[0].Name);
        using var stream = new MemoryStream();
        graph.Write(stream, "made", "made by hand", metadata ?? new Dictionary<string, string>());
        return Bytes(stream.ToArray());
    }

    public static OnnxPort Nchw(string name, long channels = 3, OnnxType type = OnnxType.Float32) => new(name, ["n", channels, "h" + name, "w" + name], type);

    public void Dispose() => _folder.Dispose();
}
