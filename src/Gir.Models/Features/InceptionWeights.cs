using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Features;

/// <summary>
/// Reads Inception's convolutions while it walks along the graph, counting channels: every shape must follow from the ones before. The normalization with its running statistics
/// is folded into the convolution, in double precision.
/// </summary>
internal sealed class InceptionWeights : IInceptionWalk<int>
{
    private const double Epsilon = 1e-3;

    // Of TensorFlow's graph 1008, of torchvision's 1000.
    private const int TorchvisionClasses = 1000;

    // A file holds little beside the convolutions.
    private const long Slack = 1 << 16;

    private readonly Dictionary<string, (Tensor Weight, Tensor Bias)> _folded = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, CheckpointTensor> _tensors;
    private long _left;

    private InceptionWeights(IReadOnlyDictionary<string, CheckpointTensor> tensors)
    {
        _tensors = tensors;
        _left = NetworkInFile.ValuesOf(tensors.Values) + Slack;
    }

    /// <summary>The convolutions of a file, and the channels of each block.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, has another shape, or no variance; or the file is torchvision's classifier.</exception>
    public static (IReadOnlyDictionary<string, (Tensor Weight, Tensor Bias)> Convolutions, IReadOnlyList<int> Channels) Read(IReadOnlyDictionary<string, CheckpointTensor> tensors)
    {
        if (tensors.TryGetValue("fc.weight", out CheckpointTensor? classifier) && classifier.Shape.Rank == 2 && classifier.Shape[0] == TorchvisionClasses)
            throw new ArgumentException("'fc.weight' knows 1000 classes: these are torchvision's own weights, with which no FID was published; expected those converted from TensorFlow (pt_inception-2015-12-05), of 1008.", nameof(tensors));
        var walk = new InceptionWeights(tensors);
        using TensorScope persistent = TensorScope.Suspend();
        IReadOnlyList<int> channels = InceptionGraph.Blocks(walk, 3);
        return (walk._folded, channels);
    }

    /// <inheritdoc/>
    public int Convolve(int x, InceptionStep step)
    {
        CheckpointTensor weight = Find(step.Name + ".conv.weight");
        TensorShape shape = weight.Shape;
        if (shape.Rank != 4 || shape[0] < 1 || shape[1] != x || shape[2] != step.Height || shape[3] != step.Width)
            throw new ArgumentException($"'{step.Name}.conv.weight' is {shape}; expected [o, {x}, {step.Height}, {step.Width}].", nameof(step));
        int outputs = shape[0];
        // Views of a little memory may claim any size.
        if ((_left -= shape.Length) < 0)
            throw new ArgumentException($"'{step.Name}.conv.weight' is {shape}, more than the file holds.", nameof(step));
        double[] gain = Values(step.Name + ".bn.weight", outputs);
        double[] offset = Values(step.Name + ".bn.bias", outputs);
        double[] mean = Values(step.Name + ".bn.running_mean", outputs);
        double[] variance = Values(step.Name + ".bn.running_var", outputs);
        float[] values = weight.ToArray();
        var bias = new float[outputs];
        int taps = values.Length / outputs;
        for (int o = 0; o < outputs; o++)
        {
            double scale = gain[o] / Math.Sqrt(variance[o] + Epsilon);
            bias[o] = (float)(offset[o] - (mean[o] * scale));
            if (!float.IsFinite(bias[o]))
                throw new ArgumentException($"'{step.Name}.bn' scales output {o} by {scale} and shifts it by {bias[o]}; expected finite numbers and a variance of at least 0.", nameof(step));
            foreach (ref float value in values.AsSpan(o * taps, taps))
                value = (float)(value * scale);
        }

        _folded[step.Name] = (Tensor.From(values, shape), Tensor.From(bias, [outputs]));
        return outputs;
    }

    /// <inheritdoc/>
    public int Largest(int x, int stride, int padding) => x;

    /// <inheritdoc/>
    public int Average(int x) => x;

    /// <inheritdoc/>
    public int Join(params ReadOnlySpan<int> parts)
    {
        int sum = 0;
        foreach (int part in parts)
            sum += part;
        return sum;
    }

    private CheckpointTensor Find(string key) => _tensors.TryGetValue(key, out CheckpointTensor? tensor)
        ? tensor
        : throw new ArgumentException($"There is no '{key}'; expected all of Inception-v3's convolutions and normalizations under torchvision's names, as pytorch-fid has them.", nameof(key));

    private double[] Values(string key, int count)
    {
        CheckpointTensor tensor = Find(key);
        return tensor.Length == count
            ? [.. tensor.ToArray().Select(v => (double)v)]
            : throw new ArgumentException($"'{key}' is {tensor.Shape}; expected {count} numbers.", nameof(key));
    }
}
