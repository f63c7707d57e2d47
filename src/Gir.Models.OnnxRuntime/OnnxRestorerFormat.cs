using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Zoo;

namespace Gir.Models.OnnxRuntime;

/// <summary>Lets <see cref="Restorers.Create"/> take ONNX files: <c>Restorers.Add(new OnnxRestorerFormat())</c>, once, at a program's start.</summary>
public sealed class OnnxRestorerFormat : IRestorerFormat
{
    /// <inheritdoc/>
    public string Extension => ".onnx";

    /// <summary>What models are told beside what <see cref="RestorerOptions"/> says: providers, layout, range. Default: nothing.</summary>
    public OnnxRestorerOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public IRestorer Load(string path, RestorerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ModelZooOptions network = options.ForNetwork();
        if (network with { Name = null, Restoration = new(), Limits = CheckpointLimits.Default } != new ModelZooOptions())
            throw new ArgumentException("An ONNX model is a graph of its own: hyper-parameters, architectures, wrappers and engines mean nothing to it.", nameof(options));
        return OnnxRestorer.Load(path, Options with { Name = network.Name ?? Options.Name, Restoration = network.Restoration });
    }
}
