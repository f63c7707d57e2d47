using Gir.Imaging.Files;
using Gir.Models.Nn;
using Gir.Models.Onnx.Format;
using Gir.Models.Onnx.Recording;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Onnx;

/// <summary>
/// Writes networks as ONNX files (operator set 17), which other programs run. The input "input" is [batch, channels, height, width], the output "output"
/// likewise, times the network's scale; what else a caller must know is in the metadata: <see cref="OnnxModelDescription"/>.
/// </summary>
/// <remarks>
/// A forward pass is recorded for several sizes of images; what differs between the recordings becomes a formula of the image's size, which the graph
/// computes, and which further recordings must confirm. Nothing is computed meanwhile, and weights are written one after another: the memory needed
/// is that of the largest one. The same network and options give the same bytes. Safe for concurrent use, as long as nobody changes the weights.
/// </remarks>
public static class OnnxExporter
{
    private const string InputName = "input";
    private const string ThumbnailName = "thumbnail";
    private const string OutputName = "output";

    // Diverse, lest two formulas agree, and never both even: networks that fill an image up to whole windows must do so.
    private static readonly (int Batch, int Height, int Width)[] s_units =
        [(2, 37, 53), (3, 61, 42), (2, 84, 97), (5, 101, 67), (3, 45, 146), (4, 130, 75), (2, 211, 173), (3, 119, 198), (2, 232, 35), (2, 1023, 34), (3, 35, 645), (2, 517, 38)];

    // The same in units of what the network's sizes are multiples of.
    private static readonly (int Batch, int Height, int Width)[] s_multiples =
        [(2, 3, 5), (3, 5, 4), (2, 7, 11), (5, 6, 3), (3, 9, 7), (4, 4, 9), (2, 11, 6), (3, 5, 13), (2, 13, 10), (2, 63, 3), (3, 4, 47)];

    /// <summary>Writes a network to a file, which appears complete or not at all.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; an existing one is replaced; its folder must exist.</param>
    /// <param name="options">How; null means the defaults.</param>
    /// <returns>What the file says of itself.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="OnnxExportException">The network cannot be written in this way; the message says why.</exception>
    /// <exception cref="IOException">The path is a directory, or writing failed.</exception>
    public static OnnxModelDescription Export(RestorationNetwork network, string path, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxModelDescription? description = null;
        AtomicFile.Write(path, stream => description = Export(network, stream, options));
        return description!;
    }

    /// <summary>Writes a network to a stream, at its current position; it needs not be seekable.</summary>
    /// <inheritdoc cref="Export(RestorationNetwork, string, OnnxExportOptions?)"/>
    public static OnnxModelDescription Export(RestorationNetwork network, Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new OnnxExportOptions();
        if (options.WeightType is not (CheckpointDataType.Float32 or CheckpointDataType.Float16))
            throw new ArgumentException($"Found {options.WeightType}; expected Float32 or Float16.", nameof(options));
        (int Height, int Width)? size = options.FixedSize;
        if (size is null && network.Tiling == TilingSupport.Unsupported)
            size = (network.Size.Minimum, network.Size.Minimum);
        CheckSize(network, size, nameof(options));

        var recorder = new NetworkRecorder(network);
        ProgramOfAnySize? free = size is null ? AnySize(network, recorder) : null;
        RecordedProgram program = free?.Program ?? OneSize(network, recorder, size!.Value);
        OnnxModelDescription description = Describe(network, options, free?.Minimum, size);
        Graph(network, recorder, program, free is { } any ? (any.TakesBatches, null) : (false, size), options.WeightType)
            .Write(stream, network.Architecture, $"{network.Architecture} ({network.Configuration})", All(options.Metadata, description));
        return description;
    }

    private static void CheckSize(RestorationNetwork network, (int Height, int Width)? size, string name)
    {
        if (size is not (int height, int width))
            return;
        int multiple = network.Size.Multiple;
        if (height < network.Size.Minimum || width < network.Size.Minimum || height % multiple != 0 || width % multiple != 0 || (network.Size.IsSquare && height != width))
        {
            throw new ArgumentException(
                $"{nameof(OnnxExportOptions.FixedSize)} is {height} x {width}; {network.Architecture} takes sizes of at least {network.Size.Minimum}"
                + $"{(multiple > 1 ? $", multiples of {multiple}" : "")}{(network.Size.IsSquare ? ", of equal height and width" : "")}.",
                name);
        }
    }

    private static OnnxModelDescription Describe(RestorationNetwork network, OnnxExportOptions options, int? minimum, (int Height, int Width)? size)
    {
        OnnxModelDescription description = OnnxModelDescription.Of(network);
        return description with
        {
            Size = description.Size with { Minimum = Math.Max(description.Size.Minimum, minimum ?? 1) },
            FixedSize = size,
            Name = options.Metadata.GetValueOrDefault("name"),
            License = options.Metadata.GetValueOrDefault("license"),
            Training = options.Metadata.GetValueOrDefault("training"),
        };
    }

    private static Dictionary<string, string> All(IReadOnlyDictionary<string, string> texts, OnnxModelDescription description)
    {
        var all = new Dictionary<string, string>(description.ToMetadata(), StringComparer.Ordinal);
        foreach ((string key, string text) in texts)
            all[key] = text;
        return all;
    }

    private static RecordedProgram OneSize(RestorationNetwork network, NetworkRecorder recorder, (int Height, int Width) size)
    {
        try
        {
            var probe = new ProbeSize(1, size.Height, size.Width);
            return RecordedProgram.Of([recorder.Record(probe)], [probe]);
        }
        catch (Exception failure) when (failure is OnnxExportException or ArgumentException)
        {
            throw new OnnxExportException($"{network.Architecture} cannot be written as ONNX for images of {size.Height} x {size.Width}: {failure.Message}", failure);
        }
    }

    private static ProgramOfAnySize AnySize(RestorationNetwork network, NetworkRecorder recorder)
    {
        Exception? first = null;
        foreach (bool takesBatches in new[] { true, false })
        {
            // Beyond the largest windows of local means, and of positions that are looked at, images are treated alike.
            foreach (int more in new[] { 0, 512, 1024 })
            {
                try
                {
                    ProbeSize[] probes = Probes(network, takesBatches, more);
                    RecordedProgram program = RecordedProgram.Of([.. probes.Select(recorder.Record)], probes);
                    if (Confirms(recorder, program, Others(network, takesBatches, more)))
                        return new ProgramOfAnySize(program, takesBatches, Minimum(network, recorder, program, takesBatches));
                }
                catch (Exception failure) when (failure is OnnxExportException or ArgumentException)
                {
                    first ??= failure;
                }
            }
        }

        throw new OnnxExportException(
            $"{network.Architecture} cannot be written for images of any size: {first?.Message ?? "large images are treated in another way than small ones"}. "
            + $"Say one size: {nameof(OnnxExportOptions)}.{nameof(OnnxExportOptions.FixedSize)}.",
            first);
    }

    private static ProbeSize[] Probes(RestorationNetwork network, bool takesBatches, int more) =>
        Sizes(network, takesBatches, more, network.Size.Multiple == 1 ? s_units : s_multiples);

    // Long rather than large: a large network's widest maps of a large image would be no tensors any more.
    private static ProbeSize[] Others(RestorationNetwork network, bool takesBatches, int more) =>
        Sizes(network, takesBatches, more, network.Size.Multiple == 1 ? [(2, 1531, 41), (2, 44, 1173), (3, 203, 310)] : [(2, 73, 4), (2, 3, 59), (3, 11, 17)]);

    private static ProbeSize[] Sizes(RestorationNetwork network, bool takesBatches, int more, (int Batch, int Height, int Width)[] units)
    {
        int multiple = network.Size.Multiple;
        more = (Math.Max(more, network.Size.Minimum - (3 * multiple)) + multiple - 1) / multiple * multiple;
        return [.. units.Select(u => new ProbeSize(
            takesBatches ? u.Batch : 1, (u.Height * multiple) + more, ((network.Size.IsSquare ? u.Height : u.Width) * multiple) + more))];
    }

    private static bool Confirms(NetworkRecorder recorder, RecordedProgram program, ProbeSize[] sizes)
    {
        // Of several images, where there may be several: one may take another way inside, to the same result.
        foreach (ProbeSize size in sizes)
        {
            if (!recorder.TryRecord(size, out IReadOnlyList<RecordedStep> steps) || !program.IsThatOf(steps, size))
                return false;
        }

        return true;
    }

    /// <summary>The smallest height and width from which on the program is the network's; found by trying small ones.</summary>
    private static int Minimum(RestorationNetwork network, NetworkRecorder recorder, RecordedProgram program, bool takesBatches)
    {
        int multiple = network.Size.Multiple;
        int smallest = (Math.Max(network.Size.Minimum, 1) + multiple - 1) / multiple * multiple;
        for (int size = smallest; ; size += multiple)
        {
            // Whole windows need no filling up, which then is no step: their neighbors tell.
            int side = multiple == 1 ? size | 1 : size;
            var probe = new ProbeSize(takesBatches ? 2 : 1, side, side);
            if (size >= 2048 || (recorder.TryRecord(probe, out IReadOnlyList<RecordedStep> steps) && program.IsThatOf(steps, probe)))
                return size;
        }
    }

    private static OnnxGraph Graph(
        RestorationNetwork network, NetworkRecorder recorder, RecordedProgram program, (bool TakesBatches, (int Height, int Width)? Size) kind, CheckpointDataType weightType)
    {
        object batch = kind.TakesBatches ? "batch" : 1L;
        int channels = network.InputChannels + (network.TakesNoiseMap ? 1 : 0);
        var inputs = new List<OnnxPort>
        {
            new(InputName, [batch, (long)channels, kind.Size is { } s ? (long)s.Height : "height", kind.Size is { } t ? (long)t.Width : "width"]),
        };
        if (network.ThumbnailSize > 0)
            inputs.Add(new(ThumbnailName, [batch, (long)PictureThumbnail.Planes(network.InputChannels), (long)network.ThumbnailSize, (long)network.ThumbnailSize]));
        string scaled = network.Scale > 1 ? "scaled_" : "";
        var output = new OnnxPort(
            OutputName,
            [
                batch, (long)network.OutputChannels, kind.Size is { } h ? (long)h.Height * network.Scale : scaled + "height",
                kind.Size is { } w ? (long)w.Width * network.Scale : scaled + "width",
            ]);
        Dictionary<string, Tensor> weights = network.Module.StateDictionary().ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        return new GraphBuilder(program, weights, recorder.Constants, weightType).Build(inputs, output);
    }

    private sealed record ProgramOfAnySize(RecordedProgram Program, bool TakesBatches, int Minimum);
}
