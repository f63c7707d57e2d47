using Gir.Imaging;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Restoration;

/// <summary>Restores images of any size with a network: pads to the sizes it wants, works in tiles, converts channels.</summary>
/// <remarks>
/// The image is mirrored (or padded as the network's authors do) to the size multiple and the result is cropped. A gray network restores each
/// plane of a colour image; a colour network sees a gray image three times and its planes are averaged. Nothing is clamped.
/// In tiles the result equals the untiled one up to rounding (1e-5 of the range) where the network's receptive field reaches less than
/// (overlap - blend) / 2 pixels, 24 by default; for networks that see farther the seams are blended.
/// Memory: three times the image, and what the network needs for one tile.
/// </remarks>
public sealed class NetworkRestorer : IRestorer
{
    // Tiles start on multiples of this, so that strides inside the network fall as they would in the whole image.
    private const int TileGrid = 16;
    private const int Orientations = 8;

    private readonly NetworkRestorerOptions _options;
    private readonly int _multiple;

    /// <summary>Wraps a network.</summary>
    /// <param name="network">The network and what it wants of its input.</param>
    /// <param name="options">How images are restored; null means the defaults.</param>
    /// <param name="name">Name for reports; null means the architecture's.</param>
    /// <param name="license">The weights' licence, where known.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the network needs a noise level that is not given.</exception>
    public NetworkRestorer(RestorationNetwork network, NetworkRestorerOptions? options = null, string? name = null, string? license = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        _options = options ?? new NetworkRestorerOptions();
        _options.Validate();
        if (network.TakesNoiseMap && _options.NoiseLevel is null)
            throw new ArgumentException($"{network.Architecture} is told the noise's strength: set {nameof(NetworkRestorerOptions.NoiseLevel)} (0..255).", nameof(options));
        if (_options.TileSize > 0 && !network.SupportsTiling)
            throw new ArgumentException($"{network.Architecture} looks at the whole image and cannot work in tiles; set {nameof(NetworkRestorerOptions.TileSize)} to 0 or leave it out.", nameof(options));
        Network = network;
        _multiple = Math.Max(1, network.SizeMultiple);
        Info = new RestorerInfo(name ?? network.Architecture, Describe(network))
        {
            ParameterCount = network.Module.ParameterCount(),
            Scale = network.Scale,
            Channels = network.InputChannels,
            SizeMultiple = _multiple,
            License = license,
        };
    }

    /// <summary>The network.</summary>
    public RestorationNetwork Network { get; }

    /// <inheritdoc/>
    public RestorerInfo Info { get; }

    /// <inheritdoc/>
    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default) => Restore(degraded, null, cancellationToken);

    /// <summary>Restores one image and tells after every tile how far it is.</summary>
    /// <param name="degraded">Samples in [0, 1]; 1 (gray) or 3 (RGB) channels.</param>
    /// <param name="progress">Is told after every tile; may be null.</param>
    /// <param name="cancellationToken">Stops the work between tiles.</param>
    /// <exception cref="ArgumentException">The image has another number of channels.</exception>
    public ImageBuffer Restore(ImageBuffer degraded, IProgress<RestorationProgress>? progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(degraded);
        if (degraded.Channels is not (1 or 3))
            throw new ArgumentException($"The image is {degraded} (channels x height x width); {Info.Name} restores 1 (gray) or 3 (RGB) channels.", nameof(degraded));
        ImageBuffer[] inputs = ToNetworkChannels(degraded);
        var counter = new Counter(progress, inputs.Length * (_options.SelfEnsemble ? Orientations : 1));
        return FromNetworkChannels([.. inputs.Select(i => Ensemble(i, counter, cancellationToken))], degraded.Channels);
    }

    private static string Describe(RestorationNetwork network) =>
        network.Configuration.Length == 0 ? network.Architecture : $"{network.Architecture}: {network.Configuration}";

    private ImageBuffer[] ToNetworkChannels(ImageBuffer image)
    {
        if (image.Channels == Network.InputChannels)
            return [image];
        if (Network.InputChannels == 1)
            return [.. Enumerable.Range(0, image.Channels).Select(c => new ImageBuffer(1, image.Height, image.Width, image.Plane(c).ToArray()))];
        return Network.InputChannels == 3
            ? [new ImageBuffer(3, image.Height, image.Width, [.. image.Samples, .. image.Samples, .. image.Samples])]
            : throw new ArgumentException($"{Info.Name} takes {Network.InputChannels} channels; images have 1 or 3.", nameof(image));
    }

    private static ImageBuffer FromNetworkChannels(ImageBuffer[] outputs, int channels)
    {
        ImageBuffer first = outputs[0];
        if (outputs.Length > 1)
            return new ImageBuffer(channels, first.Height, first.Width, [.. outputs.SelectMany(o => o.Array)]);
        if (first.Channels == channels)
            return first;
        var gray = new ImageBuffer(1, first.Height, first.Width);
        for (int i = 0; i < gray.PlaneLength; i++)
        {
            float sum = 0;
            for (int c = 0; c < first.Channels; c++)
                sum += first.Array[(c * first.PlaneLength) + i];
            gray.Array[i] = sum / first.Channels;
        }

        return gray;
    }

    private ImageBuffer Ensemble(ImageBuffer image, Counter counter, CancellationToken cancellationToken)
    {
        if (!_options.SelfEnsemble)
            return RestoreOne(image, counter, cancellationToken);
        ImageBuffer? sum = null;
        for (int orientation = 0; orientation < Orientations; orientation++)
        {
            ImageBuffer restored = TurnBack(RestoreOne(Turn(image, orientation), counter, cancellationToken), orientation);
            if (sum is null)
            {
                sum = restored;
                continue;
            }

            for (int i = 0; i < sum.Array.Length; i++)
                sum.Array[i] += restored.Array[i];
        }

        for (int i = 0; i < sum!.Array.Length; i++)
            sum.Array[i] /= Orientations;
        return sum;
    }

    // Bit 0 transposes, then bit 1 mirrors left and right, then bit 2 top and bottom; back in the opposite order.
    private static ImageBuffer Turn(ImageBuffer image, int orientation)
    {
        image = (orientation & 1) != 0 ? image.Transpose() : image;
        image = (orientation & 2) != 0 ? image.FlipHorizontal() : image;
        return (orientation & 4) != 0 ? image.FlipVertical() : image;
    }

    private static ImageBuffer TurnBack(ImageBuffer image, int orientation)
    {
        image = (orientation & 4) != 0 ? image.FlipVertical() : image;
        image = (orientation & 2) != 0 ? image.FlipHorizontal() : image;
        return (orientation & 1) != 0 ? image.Transpose() : image;
    }

    private ImageBuffer RestoreOne(ImageBuffer image, Counter counter, CancellationToken cancellationToken)
    {
        int tile = TileFor(image);
        (int height, int width) = PaddedSize(image, tile);
        (int top, int left) = Network.PadsCentred ? ((height - image.Height) / 2, (width - image.Width) / 2) : (0, 0);
        ImageBuffer padded = (height, width) == (image.Height, image.Width)
            ? image
            : image.Pad(top, height - image.Height - top, left, width - image.Width - left, PadModeOf(Network.PaddingMode));
        int grid = Grid;
        TileAxis rows = TileAxis.Create(height, tile == 0 ? height : tile, _options.TileOverlap, grid, Network.Scale);
        TileAxis columns = TileAxis.Create(width, tile == 0 ? width : tile, _options.TileOverlap, grid, Network.Scale);
        counter.Begin(rows.Count * columns.Count);
        ImageBuffer restored = rows.Count * columns.Count == 1 ? Whole(padded, counter, cancellationToken) : InTiles(padded, rows, columns, counter, cancellationToken);
        int scale = Network.Scale;
        return (restored.Height, restored.Width) == (image.Height * scale, image.Width * scale)
            ? restored
            : restored.Crop(top * scale, left * scale, image.Height * scale, image.Width * scale);
    }

    private int Grid => _multiple * TileGrid / Gcd(_multiple, TileGrid);

    private int TileFor(ImageBuffer image)
    {
        int size = _options.TileSize ?? NetworkRestorerOptions.AutomaticTileSize;
        bool isSmall = _options.TileSize is null && image.PlaneLength <= NetworkRestorerOptions.LargestWholeSize * NetworkRestorerOptions.LargestWholeSize;
        return size == 0 || isSmall || !Network.SupportsTiling ? 0 : RoundUp(Math.Max(size, Network.MinimumSize), Grid);
    }

    private (int Height, int Width) PaddedSize(ImageBuffer image, int tile)
    {
        int height = RoundUp(Math.Max(image.Height, Network.MinimumSize), _multiple);
        int width = RoundUp(Math.Max(image.Width, Network.MinimumSize), _multiple);
        if (!Network.RequiresSquare || (height == width && tile == 0))
            return (height, width);
        // Whole: a square around the image. In tiles: each tile is a square, unless the image is smaller than one.
        int side = Math.Max(height, width);
        return tile == 0 || side <= tile ? (side, side) : (Math.Max(height, tile), Math.Max(width, tile));
    }

    private ImageBuffer Whole(ImageBuffer padded, Counter counter, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImageBuffer restored = Run(padded);
        counter.Advance();
        return restored;
    }

    private ImageBuffer InTiles(ImageBuffer padded, TileAxis rows, TileAxis columns, Counter counter, CancellationToken cancellationToken)
    {
        int scale = Network.Scale;
        var result = new ImageBuffer(Network.OutputChannels, padded.Height * scale, padded.Width * scale);
        for (int i = 0; i < rows.Count; i++)
        {
            float[] rowWeights = rows.Weights(i);
            for (int j = 0; j < columns.Count; j++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ImageBuffer tile = Run(padded.Crop(rows.Start(i), columns.Start(j), rows.Size(i), columns.Size(j)));
                Add(tile, rowWeights, columns.Weights(j), result, rows.Start(i) * scale, columns.Start(j) * scale);
                counter.Advance();
            }
        }

        return result;
    }

    private static void Add(ImageBuffer tile, float[] rowWeights, float[] columnWeights, ImageBuffer result, int top, int left)
    {
        for (int c = 0; c < tile.Channels; c++)
        {
            for (int y = 0; y < tile.Height; y++)
            {
                float weight = rowWeights[y];
                if (weight == 0)
                    continue;
                ReadOnlySpan<float> source = tile.Row(c, y);
                Span<float> target = result.Row(c, top + y).Slice(left, tile.Width);
                for (int x = 0; x < source.Length; x++)
                    target[x] += weight * columnWeights[x] * source[x];
            }
        }
    }

    /// <summary>The network on one image whose size it accepts.</summary>
    private ImageBuffer Run(ImageBuffer image)
    {
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        Tensor output = Network.Module.Call(ToTensor(image));
        TensorShape expected = [1, Network.OutputChannels, image.Height * Network.Scale, image.Width * Network.Scale];
        if (output.Shape != expected)
            throw new InvalidOperationException($"{Info.Name} made {output.Shape} of an image of {image}; expected {expected}.");
        var restored = new ImageBuffer(expected[1], expected[2], expected[3]);
        output.CopyTo(restored.Samples);
        if (Network.Range != 1)
        {
            foreach (ref float sample in restored.Samples)
                sample /= Network.Range;
        }

        return restored;
    }

    private Tensor ToTensor(ImageBuffer image)
    {
        int channels = image.Channels + (Network.TakesNoiseMap ? 1 : 0);
        if (channels == image.Channels && Network.Range == 1)
            return Tensor.From(image.Samples, [1, channels, image.Height, image.Width]);
        var values = new float[channels * image.PlaneLength];
        for (int i = 0; i < image.Array.Length; i++)
            values[i] = image.Array[i] * Network.Range;
        if (Network.TakesNoiseMap)
            values.AsSpan(image.Array.Length).Fill((float)(_options.NoiseLevel!.Value / 255) * Network.Range);
        return Tensor.From(values, [1, channels, image.Height, image.Width]);
    }

    private static PadMode PadModeOf(TensorPadMode mode) => mode switch
    {
        TensorPadMode.Constant => PadMode.Zero,
        TensorPadMode.Replicate => PadMode.Replicate,
        _ => PadMode.Reflect101,
    };

    private static int RoundUp(int value, int multiple) => checked((value + multiple - 1) / multiple * multiple);

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);

    /// <summary>Counts tiles over planes and orientations; orientations of one image have equally many.</summary>
    private sealed class Counter(IProgress<RestorationProgress>? progress, int rounds)
    {
        private int _done;
        private int _total;

        public void Begin(int tiles) => _total = tiles * rounds;

        public void Advance() => progress?.Report(new RestorationProgress(++_done, _total));
    }
}
