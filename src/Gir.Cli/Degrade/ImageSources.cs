using Gir.Cli.Shell;
using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Cli.Degrade;

/// <summary>Makes a degraded image of a clean one.</summary>
internal interface IImageSource
{
    /// <summary>Whether an image of this key can be made.</summary>
    bool Knows(string key);

    /// <summary>Complains where an image that must be made is not among the inputs.</summary>
    /// <param name="keys">The inputs that can be made.</param>
    /// <param name="all">Whether everything must be among them.</param>
    void Check(IReadOnlyCollection<string> keys, bool all);

    /// <summary>Whether a folder's records tell of this very work.</summary>
    bool IsRecorded(RecordLog log, string file, string key);

    /// <summary>What is done, in one line.</summary>
    string Describe(string key);

    /// <summary>The image and its record.</summary>
    (ImageBuffer Image, DegradationRecord Record) Make(string key, ImageBuffer clean, IDepthEstimator depth, CancellationToken cancellationToken);
}

/// <summary>Tells from the command line what is to be made.</summary>
internal static class ImageSources
{
    public static IImageSource Create(DegradeSettings settings)
    {
        int ways = new object?[] { settings.Pipeline, settings.Task, settings.Random, settings.Replay }.Count(w => w is not null);
        if (ways != 1)
            throw new UsageException("Expected one of --pipeline, --task, --random and --replay.");
        Quantization? quantization = ParseQuantization(settings.Quantize);
        if (settings.Replay is not null)
        {
            return quantization is null
                ? ReplaySource.Load(settings.Replay)
                : throw new UsageException("--quantize does not go with --replay: the records tell.");
        }

        return new PipelineSource(settings.Seed, Pipelines(settings, quantization ?? Quantization.Each));
    }

    private static Func<string, DegradationPipeline> Pipelines(DegradeSettings settings, Quantization quantization)
    {
        if (settings.Random is { } order)
        {
            if (order is < 1 or > DegradationPipeline.PaperMaximumOrder)
                throw new UsageException($"--random {order}: expected 1..{DegradationPipeline.PaperMaximumOrder} operators.");
            return key => With(RandomTaskSampler.SamplePipeline(new PhiloxRandom(Philox4x32.DeriveSeed(settings.Seed, key), stream: 1), order), quantization);
        }

        DegradationPipeline pipeline = settings.Pipeline is null
            ? With(TaskSet.ParseOne(settings.Task!).Pipeline, quantization)
            : DegradationPipeline.Parse(settings.Pipeline, new DegradationPipelineOptions { Quantization = quantization });
        return _ => pipeline;
    }

    private static DegradationPipeline With(DegradationPipeline pipeline, Quantization quantization) =>
        new(pipeline.Operators, pipeline.Options with { Quantization = quantization });

    private static Quantization? ParseQuantization(string? text) => text?.ToLowerInvariant() switch
    {
        null => null,
        "each" => Quantization.Each,
        "last" => Quantization.Last,
        "none" => Quantization.None,
        _ => throw new UsageException($"--quantize {text}: expected each, last or none."),
    };
}

/// <summary>Degrades by a pipeline, which may depend on the image.</summary>
internal sealed class PipelineSource(ulong seed, Func<string, DegradationPipeline> pipelines) : IImageSource
{
    public bool Knows(string key) => true;

    public void Check(IReadOnlyCollection<string> keys, bool all)
    {
    }

    public bool IsRecorded(RecordLog log, string file, string key) => log.Contains(file, pipelines(key), seed, key);

    public string Describe(string key) => pipelines(key).ToString()!;

    public (ImageBuffer Image, DegradationRecord Record) Make(string key, ImageBuffer clean, IDepthEstimator depth, CancellationToken cancellationToken)
    {
        DegradationResult result = pipelines(key).Apply(clean, seed, key, estimator: depth, cancellationToken: cancellationToken);
        return (result.Image, result.Record);
    }
}

/// <summary>Rebuilds what records tell.</summary>
internal sealed class ReplaySource : IImageSource
{
    private readonly string _path;
    private readonly Dictionary<string, DegradationRecord> _records;

    private ReplaySource(string path, Dictionary<string, DegradationRecord> records) => (_path, _records) = (path, records);

    public static ReplaySource Load(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"--replay {path}: there is no such file.");
        var records = new Dictionary<string, DegradationRecord>(StringComparer.Ordinal);
        foreach (DegradationRecord record in RecordLog.Read(path))
        {
            if (!records.TryAdd(record.ImageKey, record))
                throw new UsageException($"{path}: two records of '{record.ImageKey}'; expected one of each image.");
        }

        return records.Count > 0 ? new ReplaySource(path, records) : throw new UsageException($"{path}: there are no records in it.");
    }

    public bool Knows(string key) => _records.ContainsKey(key);

    public void Check(IReadOnlyCollection<string> keys, bool all)
    {
        if (keys.Count == 0)
            throw new UsageException($"{_path} has no record of the input; it has one of {string.Join(", ", _records.Keys.Take(5))}.");
        if (all && _records.Keys.Except(keys).FirstOrDefault() is { } missing)
            throw new UsageException($"{_path} has a record of '{missing}', which is not among the inputs.");
    }

    public bool IsRecorded(RecordLog log, string file, string key) => true;

    public string Describe(string key) => _records[key].Pipeline.ToString()!;

    public (ImageBuffer Image, DegradationRecord Record) Make(string key, ImageBuffer clean, IDepthEstimator depth, CancellationToken cancellationToken) =>
        (_records[key].Replay(clean, estimator: depth, cancellationToken: cancellationToken), _records[key]);
}
