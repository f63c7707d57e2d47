using System.Text.Json;
using Gir.Degradations.Depth;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>
/// How a degraded image came about: with the clean image (and depth) it rebuilds every pixel, random ones included. Immutable.
/// </summary>
public sealed class DegradationRecord
{
    /// <summary>The version of the JSON form.</summary>
    public const int CurrentVersion = 1;

    private const int LongestText = 4096;
    private const int MostDraws = 65536;

    internal DegradationRecord(DegradationPipeline pipeline, ulong seed, string imageKey, ImageBuffer clean, ImageBuffer degraded, RunObserver log)
        : this(
            pipeline,
            typeof(DegradationRecord).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            seed,
            imageKey,
            null,
            new DegradationInputRecord(clean.Channels, clean.Height, clean.Width, RunObserver.HashOf(clean)),
            log.Depth,
            RunObserver.HashOf(degraded),
            log.Steps)
    {
    }

    private DegradationRecord(
        DegradationPipeline pipeline,
        string library,
        ulong seed,
        string imageKey,
        string? file,
        DegradationInputRecord input,
        DegradationDepthRecord? depth,
        string outputHash,
        IReadOnlyList<DegradationStepRecord> steps)
    {
        Pipeline = pipeline;
        Library = library;
        Seed = seed;
        ImageKey = imageKey;
        File = file;
        Input = input;
        Depth = depth;
        OutputHash = outputHash;
        Steps = steps;
    }

    /// <summary>Version of the library that made the image.</summary>
    public string Library { get; }

    /// <summary>The operators with all parameters, and the settings.</summary>
    public DegradationPipeline Pipeline { get; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The image key.</summary>
    public string ImageKey { get; }

    /// <summary>
    /// The degraded image's file, relative to the folder of the records and never outside of it, with '/' between folders; null where it was not told.
    /// </summary>
    public string? File { get; }

    /// <summary>The clean image: its shape before cropping, and a hash of its samples.</summary>
    public DegradationInputRecord Input { get; }

    /// <summary>The depth that was read; null where no operator reads any.</summary>
    public DegradationDepthRecord? Depth { get; }

    /// <summary>A hash of the degraded image's samples.</summary>
    public string OutputHash { get; }

    /// <summary>For each operator its seed and, for the reader, what it drew.</summary>
    public IReadOnlyList<DegradationStepRecord> Steps { get; }

    /// <summary>Reads the JSON that <see cref="ToJson"/> writes.</summary>
    /// <param name="json">One JSON object; it need not be trusted.</param>
    /// <param name="catalog">The operators that it may name; null means the standard ten.</param>
    /// <exception cref="DegradationException">The message tells the JSON path, what was found and what was expected.</exception>
    public static DegradationRecord FromJson(string json, DegradationCatalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return StrictJson.Read(json, PipelineJson.Source("a record"), root => Read(root, catalog ?? DegradationCatalog.Standard));
    }

    /// <summary>The record as one line of JSON; seeds are decimal strings, because many readers keep only 53 bits of a number.</summary>
    public string ToJson() => PipelineJson.ToText(Write);

    /// <summary>The record of an image that is kept in a file.</summary>
    /// <param name="file">Relative to the folder of the records, with '/' between folders; null: in none.</param>
    /// <exception cref="ArgumentException">The file lies outside the folder, or is no name of a file.</exception>
    public DegradationRecord WithFile(string? file)
    {
        if (file is not null && RelativeFile.Fault(file) is { } fault)
            throw new ArgumentException(fault, nameof(file));
        return new DegradationRecord(Pipeline, Library, Seed, ImageKey, file, Input, Depth, OutputHash, Steps);
    }

    /// <summary>Makes the degraded image again.</summary>
    /// <param name="clean">The clean image, as it was.</param>
    /// <param name="depth">The depth map, as it was, where the record names one.</param>
    /// <param name="estimator">Estimates the depth again, where it was estimated then and is not given now.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The same samples, bit for bit.</returns>
    /// <exception cref="DegradationException">
    /// Image or depth is another one than recorded, this version of the library makes another image of it, or an operator needs masks,
    /// which a record that was read from JSON has lost: then give the pipeline that has them.
    /// </exception>
    public ImageBuffer Replay(
        ImageBuffer clean,
        ImageBuffer? depth = null,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        CancellationToken cancellationToken = default)
    {
        return ReplayBy(Pipeline, clean, depth, estimator, parallelism, cancellationToken);
    }

    /// <summary>
    /// Makes the degraded image again by a pipeline of the program, where operators hold what JSON cannot carry: a damage mask
    /// (<see cref="Damage.DamageDegradation.Mask"/>), snow masks (<see cref="Snow.SnowDegradation.Masks"/>).
    /// </summary>
    /// <param name="pipeline">The pipeline that made the image: its operators, parameters and settings are the recorded ones.</param>
    /// <param name="clean">The clean image, as it was.</param>
    /// <param name="depth">The depth map, as it was, where the record names one.</param>
    /// <param name="estimator">Estimates the depth again, where it was estimated then and is not given now.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The same samples, bit for bit.</returns>
    /// <exception cref="DegradationException">
    /// Pipeline, image, depth or masks are others than recorded, or this version of the library makes another image of them.
    /// </exception>
    public ImageBuffer Replay(
        DegradationPipeline pipeline,
        ImageBuffer clean,
        ImageBuffer? depth = null,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        string found = pipeline.ToJson();
        string recorded = Pipeline.ToJson();
        if (found != recorded)
            throw new DegradationException($"The pipeline is {found}, but the record was made by {recorded}.");
        return ReplayBy(pipeline, clean, depth, estimator, parallelism, cancellationToken);
    }

    /// <summary>
    /// Does to another image of the same size what was done to the recorded one: the same operators with the same draws, e.g. to a second exposure or to the next frame.
    /// </summary>
    /// <param name="other">An image of the recorded height and width, 1 or 3 channels.</param>
    /// <param name="depth">Its depth map, where an operator reads depth.</param>
    /// <param name="estimator">Estimates the depth where none is given.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The degraded image, and a record of its own.</returns>
    /// <exception cref="DegradationException">The image has another size, or does not suit the operators.</exception>
    public DegradationResult ApplyTo(
        ImageBuffer other,
        ImageBuffer? depth = null,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Height != Input.Height || other.Width != Input.Width)
        {
            throw new DegradationException(
                $"The image is {other.Height} x {other.Width} (height x width), but the record was made of {Input.Height} x {Input.Width}: expected the same size, on which the draws depend.");
        }

        return Pipeline.Apply(other, Seed, ImageKey, depth, estimator, parallelism, cancellationToken);
    }

    private ImageBuffer ReplayBy(
        DegradationPipeline pipeline,
        ImageBuffer clean,
        ImageBuffer? depth,
        IDepthEstimator? estimator,
        Parallelism parallelism,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clean);
        if (clean.Channels != Input.Channels || clean.Height != Input.Height || clean.Width != Input.Width)
            throw new DegradationException($"The clean image is {clean}, but the record was made of {Input.Channels} x {Input.Height} x {Input.Width}.");
        RequireHash("clean image", RunObserver.HashOf(clean), Input.Hash);
        if (Depth is not null && depth is not null)
            RequireHash("depth map", RunObserver.HashOf(depth), Depth.Hash);

        DegradationResult again = pipeline.Apply(clean, Seed, ImageKey, depth, estimator, parallelism, cancellationToken);
        if (Depth is not null)
            RequireHash("depth map", again.Record.Depth?.Hash ?? "none", Depth.Hash);
        if (again.Record.OutputHash != OutputHash)
        {
            throw new DegradationException(
                $"The replayed image has the hash {again.Record.OutputHash}, but {OutputHash} was recorded (by version {Library}, this is {again.Record.Library}).");
        }

        return again.Image;
    }

    private static void RequireHash(string what, string actual, string recorded)
    {
        if (actual != recorded)
            throw new DegradationException($"The {what} has the hash {actual}, but the record was made of one with {recorded}.");
    }

    private static DegradationRecord Read(StrictJson node, DegradationCatalog catalog)
    {
        node.Object("version", "library", "seed", "imageKey", "file", "input", "depth", "output", "pipeline", "steps");
        node.Property("version").Integer(CurrentVersion, CurrentVersion);
        DegradationPipeline pipeline = PipelineJson.Read(node.Property("pipeline"), catalog);
        ulong seed = node.Property("seed").UInt64Text();
        string imageKey = node.Property("imageKey").Text();
        StrictJson input = node.Property("input").Object("channels", "height", "width", "hash");
        var shape = new DegradationInputRecord(
            input.Property("channels").Integer(1, 3),
            input.Property("height").Integer(1, int.MaxValue),
            input.Property("width").Integer(1, int.MaxValue),
            ReadHash(input.Property("hash")));
        return new DegradationRecord(
            pipeline,
            ReadText(node.Property("library")),
            seed,
            imageKey,
            node.Optional("file") is { } file ? ReadFile(file) : null,
            shape,
            ReadDepth(node.Property("depth")),
            ReadHash(node.Property("output").Object("hash").Property("hash")),
            ReadSteps(node.Property("steps"), pipeline, Philox4x32.DeriveSeed(seed, imageKey)));
    }

    private static DegradationDepthRecord? ReadDepth(StrictJson node)
    {
        if (node.IsNull)
            return null;
        node.Object("source", "height", "width", "hash");
        return new DegradationDepthRecord(
            ReadText(node.Property("source")),
            node.Property("height").Integer(1, int.MaxValue),
            node.Property("width").Integer(1, int.MaxValue),
            ReadHash(node.Property("hash")));
    }

    private static DegradationStepRecord[] ReadSteps(StrictJson node, DegradationPipeline pipeline, ulong imageSeed)
    {
        IReadOnlyList<StrictJson> items = node.Items(pipeline.Order);
        if (items.Count != pipeline.Order)
            throw node.Fault($"found {items.Count} steps, expected {pipeline.Order}, one for each operator.");
        return [.. items.Select((item, i) => ReadStep(item, Philox4x32.DeriveSeed(imageSeed, (ulong)i)))];
    }

    private static DegradationStepRecord ReadStep(StrictJson node, ulong expectedSeed)
    {
        node.Object("seed", "drawn");
        StrictJson seed = node.Property("seed");
        if (seed.UInt64Text() != expectedSeed)
            throw seed.Mismatch($"\"{expectedSeed}\", which follows from seed, imageKey and position");
        return new DegradationStepRecord(expectedSeed, [.. node.Property("drawn").Items(MostDraws).Select(ReadDraw)]);
    }

    private static KeyValuePair<string, double> ReadDraw(StrictJson node)
    {
        IReadOnlyList<StrictJson> pair = node.Items(2);
        return pair.Count == 2 ? KeyValuePair.Create(ReadText(pair[0]), pair[1].Number()) : throw node.Mismatch("[name, value]");
    }

    private static string ReadText(StrictJson node)
    {
        string text = node.Text();
        return text.Length <= LongestText ? text : throw node.Fault($"found {text.Length} characters, expected at most {LongestText}.");
    }

    private static string ReadFile(StrictJson node)
    {
        string file = node.Text();
        return RelativeFile.Fault(file) is { } fault ? throw node.Fault(fault) : file;
    }

    private static string ReadHash(StrictJson node)
    {
        string hash = node.Text();
        bool isHash = hash.Length == 22 && hash.StartsWith("xxh64:", StringComparison.Ordinal) && hash[6..].All(char.IsAsciiHexDigitLower);
        return isHash ? hash : throw node.Mismatch("\"xxh64:\" and 16 hexadecimal digits");
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", CurrentVersion);
        writer.WriteString("library", Library);
        writer.WriteString("seed", Decimal(Seed));
        writer.WriteString("imageKey", ImageKey);
        if (File is not null)
            writer.WriteString("file", File);
        writer.WriteStartObject("input");
        writer.WriteNumber("channels", Input.Channels);
        writer.WriteNumber("height", Input.Height);
        writer.WriteNumber("width", Input.Width);
        writer.WriteString("hash", Input.Hash);
        writer.WriteEndObject();
        if (Depth is null)
        {
            writer.WriteNull("depth");
        }
        else
        {
            writer.WriteStartObject("depth");
            writer.WriteString("source", Depth.Source);
            writer.WriteNumber("height", Depth.Height);
            writer.WriteNumber("width", Depth.Width);
            writer.WriteString("hash", Depth.Hash);
            writer.WriteEndObject();
        }

        writer.WriteStartObject("output");
        writer.WriteString("hash", OutputHash);
        writer.WriteEndObject();
        writer.WritePropertyName("pipeline");
        PipelineJson.Write(writer, Pipeline);
        writer.WriteStartArray("steps");
        foreach (DegradationStepRecord step in Steps)
            WriteStep(writer, step);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter writer, DegradationStepRecord step)
    {
        writer.WriteStartObject();
        writer.WriteString("seed", Decimal(step.Seed));
        writer.WriteStartArray("drawn");
        foreach ((string name, double value) in step.Drawn)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(name);
            writer.WriteNumberValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Decimal(ulong value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The clean image of a record.</summary>
/// <param name="Channels">1 or 3.</param>
/// <param name="Height">Rows, before cropping.</param>
/// <param name="Width">Columns, before cropping.</param>
/// <param name="Hash">"xxh64:" and the XXH64 of the little-endian float32 samples.</param>
public sealed record DegradationInputRecord(int Channels, int Height, int Width, string Hash);

/// <summary>The depth map of a record.</summary>
/// <param name="Source">"given", or the name of the estimator.</param>
/// <param name="Height">Rows of the map as it was given.</param>
/// <param name="Width">Columns of the map as it was given.</param>
/// <param name="Hash">"xxh64:" and the XXH64 of the little-endian float32 samples.</param>
public sealed record DegradationDepthRecord(string Source, int Height, int Width, string Hash);

/// <summary>One operator's run.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Drawn">What it drew, in order; for the reader: replaying needs only parameters and seed.</param>
public sealed record DegradationStepRecord(ulong Seed, IReadOnlyList<KeyValuePair<string, double>> Drawn);
