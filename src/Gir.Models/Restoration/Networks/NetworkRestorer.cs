using System.Globalization;
using System.Numerics.Tensors;
using Gir.Imaging.Kernels;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;
using Tensor = Gir.Models.Tensors.Tensor;

namespace Gir.Models.Restoration;

/// <summary>Restores images of any size with a network: pads to the sizes it wants, works in tiles, converts channels.</summary>
/// <remarks>
/// The image is mirrored (or padded as the network's authors do) to the size multiple and the result is cropped. A gray network restores each
/// plane of a color image; a color network sees a gray image three times and its planes are averaged. Nothing is clamped.
/// In tiles the result equals the untiled one up to rounding (1e-5 of the range) where the network's receptive field reaches less than
/// (overlap - blend) / 2 pixels, 24 for most networks by default; for those that see farther the seams are blended, and those that use statistics of the whole
/// image (<see cref="TilingSupport.Discouraged"/>) give another result in tiles.
/// Memory: three times the image, and what the network needs for one tile (<see cref="NetworkRestorerOptions.MemoryBudget"/>).
/// </remarks>
public sealed class NetworkRestorer : IRestorer
{
    private const int Orientations = 8;

    private readonly NetworkPass _pass;
    private readonly TilePlanner _planner;

    /// <summary>Wraps a network.</summary>
    /// <param name="network">The network and what it wants of its input.</param>
    /// <param name="options">How images are restored; null means the defaults.</param>
    /// <param name="name">Name for reports; null means the architecture's.</param>
    /// <param name="license">The weights' license, where known.</param>
    /// <param name="training">On what and how they were trained, where known.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the network needs a noise level that is not given.</exception>
    public NetworkRestorer(
        RestorationNetwork network, NetworkRestorerOptions? options = null, string? name = null, string? license = null, string? training = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Options = options ?? new NetworkRestorerOptions();
        Options.Validate();
        if (network.TakesNoiseMap && Options.NoiseLevel is null)
            throw new ArgumentException($"{network.Architecture} is told the noise's strength: set {nameof(NetworkRestorerOptions.NoiseLevel)} (0..255).", nameof(options));
        if (Options.TileSize > 0 && network.Tiling == TilingSupport.Unsupported)
            throw new ArgumentException($"{network.Architecture} knows one size of images alone and cannot work in tiles; set {nameof(NetworkRestorerOptions.TileSize)} to 0 or leave it out.", nameof(options));
        Network = network;
        _pass = new NetworkPass(network, Options.NoiseLevel ?? 0, TilePlanner.SizeGrid(network));
        _planner = new TilePlanner(network, Options, _pass);
        Info = new RestorerInfo(name ?? network.Architecture, Describe(network))
        {
            ParameterCount = network.Module.ParameterCount(),
            Scale = network.Scale,
            Channels = network.InputChannels,
            SizeMultiple = Math.Max(1, network.Size.Multiple),
            License = license,
            Training = training,
        };
    }

    /// <summary>The network.</summary>
    public RestorationNetwork Network { get; }

    /// <summary>How images are restored.</summary>
    public NetworkRestorerOptions Options { get; }

    /// <inheritdoc/>
    public RestorerInfo Info { get; }

    /// <summary>In how many tiles an image of a size is restored, 1 for whole; asked for the first time, it may run the network on a small image.</summary>
    /// <param name="height">Height of the image, at least 1.</param>
    /// <param name="width">Width of the image, at least 1.</param>
    internal int CountTiles(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        using ThreadLimit limit = ThreadLimit.Enter(Options.MaxDegreeOfParallelism);
        return _planner.Plan(height, width).Count;
    }

    /// <summary>How an image of a size lies in the one that the network gets when it is restored whole.</summary>
    internal TileLayout WholeLayout(int height, int width) => new TilePlanner(Network, Options with { TileSize = 0 }, _pass).Plan(height, width);

    /// <summary>
    /// Runs the network on a whole image for the sake of what it makes inside, which a <see cref="ModuleListener"/> hears: once, or once for every plane where a gray
    /// network gets a color image.
    /// </summary>
    /// <param name="image">1 or 3 channels.</param>
    /// <param name="heard">Is told every part's result.</param>
    /// <param name="finished">Is called after every run.</param>
    /// <param name="cancellationToken">Stops the work between the parts.</param>
    internal void RunInside(ImageBuffer image, Action<Module, Tensor> heard, Action finished, CancellationToken cancellationToken)
    {
        using ThreadLimit limit = ThreadLimit.Enter(Options.MaxDegreeOfParallelism);
        TileLayout layout = WholeLayout(image.Height, image.Width);
        foreach (ImageBuffer input in ToNetworkChannels(image))
        {
            using (ModuleListener listening = ModuleListener.Enter(heard))
                _pass.Run([layout.Pad(input, PadModeOf(Network.Size.Padding))], [_pass.Look(input)], cancellationToken);
            finished();
        }
    }

    /// <summary>SHA-256 of the architecture, its configuration, the weights as they are now and the options, in hexadecimal.</summary>
    public string Identity => RestorerIdentity.Of(Network, Options);

    /// <inheritdoc/>
    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default) => Restore(degraded, null, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The image has another number of channels, or samples that are not finite or far outside of [0, 1].</exception>
    /// <exception cref="RestorationException">The network made NaN or infinity, and <see cref="NetworkRestorerOptions.AllowNonFinite"/> is not set.</exception>
    public ImageBuffer Restore(ImageBuffer degraded, IProgress<RestorationProgress>? progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(degraded);
        return RestoreBatch([degraded], progress, cancellationToken)[0];
    }

    /// <summary>Restores several images, of any sizes; those of one size run through the network together, as many as the memory budget allows.</summary>
    /// <param name="degraded">The images, each of 1 (gray) or 3 (RGB) channels.</param>
    /// <param name="progress">Is told after every tile; may be null.</param>
    /// <param name="cancellationToken">Stops the work between the layers of the network.</param>
    /// <returns>
    /// The restored images, in the order of the inputs. Each equals the one restored alone up to rounding (1e-5 of the range): for images of few pixels
    /// the engine chooses another algorithm when there are several.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// An image has another number of channels, or samples that are not finite or far outside of [0, 1]; the message says which.
    /// </exception>
    /// <exception cref="RestorationException">The network made NaN or infinity, and <see cref="NetworkRestorerOptions.AllowNonFinite"/> is not set.</exception>
    public IReadOnlyList<ImageBuffer> RestoreBatch(
        IReadOnlyList<ImageBuffer> degraded, IProgress<RestorationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(degraded);
        for (int i = 0; i < degraded.Count; i++)
        {
            if (degraded[i]?.Channels is not (1 or 3))
                throw new ArgumentException($"{(degraded.Count == 1 ? "The image" : $"Image {i}")} is {degraded[i]?.ToString() ?? "null"} (channels x height x width); {Info.Name} restores 1 (gray) or 3 (RGB) channels.", nameof(degraded));
        }

        for (int i = 0; i < degraded.Count; i++)
            SampleRange.Check(degraded[i], nameof(degraded), degraded.Count == 1 ? null : $"Image {i}");
        using TimedWork.Piece work = ModelsTelemetry.Restoring.Begin(Info.Name);
        using ThreadLimit limit = ThreadLimit.Enter(Options.MaxDegreeOfParallelism);
        var groups = Enumerable.Range(0, degraded.Count)
            .GroupBy(i => (degraded[i].Height, degraded[i].Width, degraded[i].Channels))
            .Select(g => (Layout: _planner.Plan(g.Key.Height, g.Key.Width), Planes: PlanesOf(g.Key.Channels), Indices: g.ToArray()))
            .ToArray();
        var counter = new Counter(progress, groups.Sum(g => g.Indices.Length * g.Planes * g.Layout.Count) * (Options.SelfEnsemble ? Orientations : 1));
        var restored = new ImageBuffer[degraded.Count];
        foreach ((TileLayout layout, int planes, int[] indices) in groups)
        {
            int batch = _planner.BatchOf(layout, indices.Length * planes);
            foreach (int[] chunk in indices.Chunk(Math.Max(1, batch / planes)))
            {
                ImageBuffer[] inputs = [.. chunk.SelectMany(i => ToNetworkChannels(degraded[i]))];
                ImageBuffer[] outputs = Ensemble(inputs, batch, counter, cancellationToken);
                for (int i = 0; i < chunk.Length; i++)
                    restored[chunk[i]] = FromNetworkChannels(outputs[(i * planes)..((i + 1) * planes)], degraded[chunk[i]].Channels);
            }
        }

        if (!Options.AllowNonFinite)
        {
            foreach (ImageBuffer image in restored)
                CheckFinite(image);
        }

        return work.Complete(restored);
    }

    private void CheckFinite(ImageBuffer image)
    {
        int index = MagnitudeScan.FirstBeyond(image.Samples, float.MaxValue);
        if (index < 0)
            return;
        (int channel, int pixel) = Math.DivRem(index, image.PlaneLength);
        string? weight = Network.Module.StateDictionary().FirstOrDefault(e => MagnitudeScan.FirstBeyond(e.Value.ToArray(), float.MaxValue) >= 0).Key;
        throw new RestorationException(string.Create(
            CultureInfo.InvariantCulture,
            $"{Info.Name} ({Network.Architecture}) made {image.Samples[index]} at channel {channel}, row {pixel / image.Width}, column {pixel % image.Width} (from 0); expected finite samples. ")
            + (weight is null ? "Its weights are finite: sums overflow." : $"Its weights hold NaN or infinity, first in '{weight}'."));
    }

    private static string Describe(RestorationNetwork network) =>
        network.Configuration.Length == 0 ? network.Architecture : $"{network.Architecture}: {network.Configuration}";

    /// <summary>How many images of the network an image is.</summary>
    private int PlanesOf(int channels) => Network.InputChannels == 1 ? channels : 1;

    private ImageBuffer[] ToNetworkChannels(ImageBuffer image)
    {
        if (image.Channels == Network.InputChannels)
            return [image];
        if (Network.InputChannels == 1)
            return [.. Enumerable.Range(0, image.Channels).Select(c => new ImageBuffer(1, image.Height, image.Width, image.Plane(c).ToArray()))];
        return Network.InputChannels == 3
            ? [image.GrayAsColor()]
            : throw new ArgumentException($"{Info.Name} takes {Network.InputChannels} channels; images have 1 or 3.", nameof(image));
    }

    private static ImageBuffer FromNetworkChannels(ImageBuffer[] outputs, int channels)
    {
        ImageBuffer first = outputs[0];
        if (outputs.Length > 1)
        {
            var color = new ImageBuffer(channels, first.Height, first.Width);
            for (int c = 0; c < channels; c++)
                outputs[c].Samples.CopyTo(color.Plane(c));
            return color;
        }

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

    private ImageBuffer[] Ensemble(ImageBuffer[] images, int batch, Counter counter, CancellationToken cancellationToken)
    {
        if (!Options.SelfEnsemble)
            return RestoreAll(images, batch, counter, cancellationToken);
        ImageBuffer[]? sums = null;
        for (int orientation = 0; orientation < Orientations; orientation++)
        {
            ImageBuffer[] turned = Array.ConvertAll(images, i => Turn(i, orientation));
            ImageBuffer[] restored = Array.ConvertAll(RestoreAll(turned, batch, counter, cancellationToken), i => TurnBack(i, orientation));
            if (sums is null)
            {
                sums = restored;
                continue;
            }

            for (int i = 0; i < sums.Length; i++)
                TensorPrimitives.Add(sums[i].Samples, restored[i].Samples, sums[i].Samples);
        }

        foreach (ImageBuffer sum in sums!)
            TensorPrimitives.Divide(sum.Samples, Orientations, sum.Samples);
        return sums;
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

    /// <summary>Restores images of one size, a batch at a time.</summary>
    private ImageBuffer[] RestoreAll(ImageBuffer[] images, int batch, Counter counter, CancellationToken cancellationToken)
    {
        (int height, int width) = (images[0].Height, images[0].Width);
        TileLayout layout = _planner.Plan(height, width);
        PadMode mode = PadModeOf(Network.Size.Padding);
        var restored = new List<ImageBuffer>(images.Length);
        foreach (ImageBuffer[] chunk in images.Chunk(batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ImageBuffer[] padded = Array.ConvertAll(chunk, i => layout.Pad(i, mode));
            // Without the padding: it is no part of the picture.
            float[][] codes = Array.ConvertAll(chunk, _pass.Look);
            ImageBuffer[] outputs = layout.Count > 1
                ? [.. padded.Select((p, i) => InTiles(p, codes[i], layout, counter, cancellationToken))]
                : Whole(padded, codes, counter, cancellationToken);
            restored.AddRange(outputs.Select(o => layout.Crop(o, height, width, Network.Scale)));
        }

        return [.. restored];
    }

    private ImageBuffer[] Whole(ImageBuffer[] padded, float[][] codes, Counter counter, CancellationToken cancellationToken)
    {
        ImageBuffer[] restored = _pass.Run(padded, codes, cancellationToken);
        counter.Advance(padded.Length);
        return restored;
    }

    private ImageBuffer InTiles(ImageBuffer padded, float[] code, TileLayout layout, Counter counter, CancellationToken cancellationToken)
    {
        (TileAxis rows, TileAxis columns, int scale) = (layout.Rows, layout.Columns, Network.Scale);
        var result = new ImageBuffer(Network.OutputChannels, padded.Height * scale, padded.Width * scale);
        for (int i = 0; i < rows.Count; i++)
        {
            float[] rowWeights = rows.Weights(i);
            for (int j = 0; j < columns.Count; j++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ImageBuffer tile = _pass.Run([padded.Crop(rows.Start(i), columns.Start(j), rows.Size(i), columns.Size(j))], [code], cancellationToken)[0];
                Add(tile, rowWeights, columns.Weights(j), result, rows.Start(i) * scale, columns.Start(j) * scale);
                counter.Advance(1);
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

    internal static PadMode PadModeOf(TensorPadMode mode) => mode switch
    {
        TensorPadMode.Constant => PadMode.Zero,
        TensorPadMode.Replicate => PadMode.Replicate,
        _ => PadMode.Reflect101,
    };

    /// <summary>Counts tiles over images, planes and orientations.</summary>
    private sealed class Counter(IProgress<RestorationProgress>? progress, int total)
    {
        private int _done;

        public void Advance(int tiles)
        {
            _done += tiles;
            ModelsTelemetry.Tiles.Add(tiles);
            progress?.Report(new RestorationProgress(_done, total));
        }
    }
}
