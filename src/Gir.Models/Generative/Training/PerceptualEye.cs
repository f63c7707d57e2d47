using Gir.Models.Features;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Training;

/// <summary>A frozen network through which losses see images of 0..1; gradients pass to the images.</summary>
internal sealed class PerceptualEye
{
    private readonly PerceptualNetwork _network;
    private readonly Tensor _mean;
    private readonly Tensor _scale;

    /// <param name="network">The network.</param>
    /// <param name="heads">What is learned beside it.</param>
    public PerceptualEye(PerceptualNetwork network, IEnumerable<float[]>? heads = null)
    {
        using TensorScope persistent = TensorScope.Suspend();
        _network = network;
        _mean = Tensor.From([.. network.Input.Mean], [1, 3, 1, 1]);
        _scale = Tensor.From([.. network.Input.Deviation.Select(d => 1 / d)], [1, 3, 1, 1]);
        var fingerprint = new Fingerprint();
        foreach (float[] values in network.Chain.Parameters().Select(p => p.ToArray()).Concat(heads ?? []))
            fingerprint.Add(values);
        Fingerprint = fingerprint.Value;
    }

    /// <summary>Tells other weights.</summary>
    public ulong Fingerprint { get; }

    /// <summary>The network's layers of images [n, 3, h, w].</summary>
    public IReadOnlyList<Tensor> Layers(Tensor images) => _network.Chain.Layers((images - _mean) * _scale);
}
