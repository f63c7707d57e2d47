using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Onnx.Recording;

/// <summary>Records forward passes of a network.</summary>
internal sealed class NetworkRecorder
{
    private readonly RestorationNetwork _network;
    private readonly Dictionary<TensorStorage, KeyValuePair<string, Tensor>> _weights = new(ReferenceEqualityComparer.Instance);

    public NetworkRecorder(RestorationNetwork network)
    {
        _network = network;
        foreach (KeyValuePair<string, Tensor> entry in network.Module.StateDictionary())
            _weights.TryAdd(entry.Value.Storage, entry);
    }

    /// <summary>What the passes used beside weights.</summary>
    public ConstantPool Constants { get; } = new();

    /// <summary>Records a pass over images of a size.</summary>
    /// <returns>The steps, and the one that makes the result.</returns>
    /// <exception cref="OnnxExportException">The network does what cannot be recorded.</exception>
    /// <exception cref="ArgumentException">The network does not take the size.</exception>
    public (IReadOnlyList<RecordedStep> Steps, int Output) Record(ProbeSize size)
    {
        var backend = new RecordingBackend(_weights, Constants);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        int channels = _network.InputChannels + (_network.TakesNoiseMap ? 1 : 0);
        Tensor image = backend.Input("input", [size.Batch, channels, size.Height, size.Width]);
        Tensor output = _network.Module is IPictureConditioned conditioned ? Conditioned(conditioned) : _network.Module.Call(image);
        TensorShape expected = [size.Batch, _network.OutputChannels, size.Height * _network.Scale, size.Width * _network.Scale];
        if (output.Shape != expected)
            throw new OnnxExportException($"the network made {output.Shape} of an image of {size}; expected {expected}");
        return (backend.Steps, backend.StepOf(output));

        Tensor Conditioned(IPictureConditioned network)
        {
            int side = network.ThumbnailSize;
            return network.Call(image, network.Encode(backend.Input("thumbnail", [size.Batch, PictureThumbnail.Planes(_network.InputChannels), side, side])));
        }
    }

    /// <summary>The same; false where the network does not take the size.</summary>
    public bool TryRecord(ProbeSize size, out IReadOnlyList<RecordedStep> steps)
    {
        try
        {
            steps = Record(size).Steps;
            return true;
        }
        catch (Exception failure) when (failure is OnnxExportException or ArgumentException)
        {
            steps = [];
            return false;
        }
    }
}
