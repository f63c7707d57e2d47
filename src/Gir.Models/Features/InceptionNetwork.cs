using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Features;

/// <summary>
/// Inception-v3 as FID and KID see images through it, from a file of the user's: pytorch-fid's pt_inception-2015-12-05, which was converted from TensorFlow's graph. Images are resized
/// to 299 x 299 between the two nearest pixels of each direction (half-pixel centers, no antialiasing) and scaled to -1..1, as pytorch-fid does.
/// </summary>
/// <remarks>Layers are pytorch-fid's blocks, "block0" to "block2" as maps, "block3" averaged over places to the 2048 features of FID. Safe for concurrent use.</remarks>
public sealed class InceptionNetwork : IFeatureExtractor
{
    private const int Side = 299;

    private readonly Forward _forward;

    private InceptionNetwork(IReadOnlyDictionary<string, (Tensor Weight, Tensor Bias)> convolutions, int features)
    {
        _forward = new Forward(convolutions);
        Features = features;
    }

    /// <inheritdoc/>
    public string Name => "inception-v3";

    /// <inheritdoc/>
    public FeatureInput Input { get; } = new() { Side = Side, Mean = [0.5f, 0.5f, 0.5f], Deviation = [0.5f, 0.5f, 0.5f] };

    /// <inheritdoc/>
    public IReadOnlyList<string> Layers { get; } = ["block0", "block1", "block2", "block3"];

    /// <summary>The layer of FID and KID.</summary>
    public string FeatureLayer => Layers[^1];

    /// <summary>Numbers in <see cref="FeatureLayer"/>; 2048 as published.</summary>
    public int Features { get; }

    /// <summary>Reads a network.</summary>
    /// <param name="path">A safetensors file, or what torch.save wrote, with pytorch-fid's names ("Mixed_5b.branch1x1.conv.weight").</param>
    /// <param name="limits">What the file may ask for; null means the defaults.</param>
    /// <exception cref="CheckpointFormatException">The file is damaged or hostile, or holds no such network.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static InceptionNetwork Load(string path, CheckpointLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            (IReadOnlyDictionary<string, (Tensor Weight, Tensor Bias)> convolutions, IReadOnlyList<int> channels) = InceptionWeights.Read(Checkpoint.Load(path, limits).Unwrap());
            return new InceptionNetwork(convolutions, channels[^1]);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointFormatException(path, 0, $"taken for Inception-v3: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ImageBuffer> Extract(ImageBuffer image, IReadOnlyList<string> layers, CancellationToken cancellationToken = default)
    {
        int[] indices = FeatureRequest.Check(this, image, layers);
        using ForwardCancellation cancellation = ForwardCancellation.Enter(cancellationToken);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        Tensor x = FeatureRequest.ToTensor(image, Input).Interpolate(Side, Side, InterpolationMode.Bilinear);
        IReadOnlyList<Tensor> blocks = InceptionGraph.Blocks(_forward, x);
        return [.. indices.Select(i => i == Layers.Count - 1 ? blocks[i].GlobalAveragePool2d() : blocks[i]).Select(t => new ImageBuffer(t.Shape[1], t.Shape[2], t.Shape[3], t.ToArray()))];
    }

    /// <summary>Runs images through the graph.</summary>
    private sealed class Forward(IReadOnlyDictionary<string, (Tensor Weight, Tensor Bias)> convolutions) : IInceptionWalk<Tensor>
    {
        public Tensor Convolve(Tensor x, InceptionStep step)
        {
            ForwardCancellation.ThrowIfRequested();
            (Tensor weight, Tensor bias) = convolutions[step.Name];
            int padding = step.IsPadded ? step.Height / 2 : 0;
            // The engine pads both directions alike.
            if (step.IsPadded && step.Height != step.Width)
            {
                x = x.Pad2d(TensorPadMode.Constant, step.Width / 2, step.Width / 2, step.Height / 2, step.Height / 2);
                padding = 0;
            }

            return x.Conv2d(weight, bias, step.Stride, padding).Relu();
        }

        // Maps are rectified, so zeros around are as good as nothing.
        public Tensor Largest(Tensor x, int stride, int padding) => x.MaxPool2d(3, stride, padding);

        public Tensor Average(Tensor x) => x.AveragePool2d(3, 1, 1) * Shares(x.Shape[2], x.Shape[3]);

        public Tensor Join(params ReadOnlySpan<Tensor> parts) => TensorOps.Concatenate(1, parts);

        // 9 by the pixels of the window that lie inside of the map.
        private static Tensor Shares(int height, int width)
        {
            var shares = new float[height * width];
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                    shares[(y * width) + x] = 9f / (Inside(y, height) * Inside(x, width));
            }

            return Tensor.From(shares, [1, 1, height, width]);
        }

        private static int Inside(int at, int size) => Math.Min(at + 1, size - 1) - Math.Max(at - 1, 0) + 1;
    }
}
