using Gir.Cli.Shell;
using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Resampling;
using Gir.Imaging.Scenes;
using Gir.Metrics;
using Gir.Models.Restoration;

namespace Gir.Cli.Serve;

/// <summary>Degrades, restores and measures one image; keeps nothing.</summary>
internal sealed class Workbench
{
    private const ulong SampleSeed = 5;
    private const int SampleHeight = 320;
    private const int SampleWidth = 480;
    private const long MostPixels = 50_000_000;

    private readonly OrderedDictionary<string, IRestorer> _models;
    private readonly int _side;
    private readonly Parallelism _parallelism;
    private readonly IFullReferenceMetric[] _metrics;

    /// <summary>A workbench.</summary>
    /// <param name="models">The restorers that may be asked for: no request can name a file.</param>
    /// <param name="side">Images are reduced to so many pixels a side.</param>
    /// <param name="threads">Threads to use.</param>
    public Workbench(OrderedDictionary<string, IRestorer> models, int side, int threads)
    {
        (_models, _side, _parallelism) = (models, side, new Parallelism(threads));
        var catalog = new MetricCatalog();
        _metrics = [.. Metrics.Select(catalog.FindFullReference)];
        Sample = ImageFile.Encode(SceneGenerator.Create(SampleSeed, SampleHeight, SampleWidth, parallelism: _parallelism).Image);
    }

    /// <summary>What is measured.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["psnr", "ssim", "under", "over", "sharpness"];

    /// <summary>The names that may be asked for.</summary>
    public IReadOnlyList<string> Models => [.. _models.Keys];

    /// <summary>The picture to begin with, a PNG file.</summary>
    public byte[] Sample { get; }

    /// <summary>Does the work.</summary>
    /// <exception cref="UsageException">There is no such model, or the image holds what is no number.</exception>
    /// <exception cref="GirException">The pipeline or the image file is none.</exception>
    public WorkAnswer Work(WorkRequest request, CancellationToken cancellationToken)
    {
        IRestorer? model = null;
        if (request.Model.Length > 0 && !_models.TryGetValue(request.Model, out model))
            throw new UsageException($"model {request.Model}: is not one of those offered.");
        DegradationPipeline? pipeline = request.Pipeline.Length > 0 ? DegradationPipeline.Parse(request.Pipeline) : null;
        ImageBuffer original = Decode(request);
        ImageBuffer clean = Reduced(original);
        ImageBuffer degraded = pipeline?.Degrade(
            clean, request.Seed, request.Name, estimator: pipeline.UsesDepth ? new HeuristicDepthEstimator() : null, parallelism: _parallelism, cancellationToken: cancellationToken) ?? clean;
        ImageBuffer? restored = model?.Restore(degraded, cancellationToken).Quantized();
        var scores = new List<(string, IReadOnlyList<double>)> { ("degraded", Measure(clean, degraded, cancellationToken)) };
        if (restored is not null)
            scores.Add((request.Model, Measure(clean, restored, cancellationToken)));
        return new WorkAnswer(request, pipeline, original, clean, degraded, restored, scores);
    }

    private ImageBuffer Decode(WorkRequest request)
    {
        using var file = new MemoryStream(request.File.Length > 0 ? request.File : Sample);
        DecodedImage decoded = ImageFile.Read(file, new ImageDecodeOptions { MaxPixels = MostPixels });
        ImageBuffer image = Picture.Of(decoded.Image, decoded.Info).Visible;
        return Finite.Fault(image, $"'{request.Name}'") is { } fault ? throw new UsageException(fault) : image;
    }

    private double[] Measure(ImageBuffer clean, ImageBuffer image, CancellationToken cancellationToken) =>
    [
        .. _metrics.Select(m => image.HasShapeOf(clean) && m.WhyUnfit(clean.Channels, clean.Height, clean.Width) is null
            ? m.Measure(clean, image, _parallelism.WithCancellation(cancellationToken)).Value
            : double.NaN),
    ];

    private ImageBuffer Reduced(ImageBuffer image)
    {
        double scale = (double)_side / Math.Max(image.Height, image.Width);
        return scale >= 1 ? image : Resampler.Resize(
            image, Math.Max(1, (int)(image.Height * scale)), Math.Max(1, (int)(image.Width * scale)), ResamplingKernel.Bicubic, ResamplingConvention.MatlabUint8Symmetric);
    }
}
