using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Metrics.Analysis;
using Gir.Metrics.FullReference;
using Gir.Metrics.Learned;
using Gir.Models.Features.Layouts;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>What is measured of an image against its scene.</summary>
/// <param name="Psnr">PSNR in dB, RGB.</param>
/// <param name="Ssim">SSIM.</param>
/// <param name="Deep">Distance of the classifier's features of all layers, LPIPS's form with weights of 1: no LPIPS.</param>
/// <param name="Alignment">A*, calibrated on the study's own scenes.</param>
/// <param name="Local">The mean cosine of features at the same place, calibrated likewise: unlike Alignment it knows where things are.</param>
/// <param name="Flip">1 where the classifier sees another layout than in the scene, else 0.</param>
internal readonly record struct StudyScores(double Psnr, double Ssim, double Deep, double Alignment, double Local, double Flip)
{
    public static IReadOnlyList<string> Names { get; } = ["psnr", "ssim", "deep", "alignment", "local", "flips"];

    public double[] ToArray() => [Psnr, Ssim, Deep, Alignment, Local, Flip];
}

/// <summary>The study's metrics, over the classifier of layouts: it knows these scenes. Safe for concurrent use.</summary>
internal sealed class StudyMeter
{
    // Beyond this two images are the same for every purpose here; a mean needs a number.
    private const double MostDecibels = 60;

    private readonly LayoutClassifier _classifier = LayoutClassifier.Shipped;
    private readonly Psnr _psnr = new();
    private readonly Ssim _ssim = new();
    private readonly Lpips _deep;

    /// <param name="scenes">Different scenes, by which Alignment is calibrated.</param>
    public StudyMeter(IReadOnlyList<ImageBuffer> scenes)
    {
        double[][] ones = [.. _classifier.Extract(scenes[0], _classifier.Layers).Select(m => Enumerable.Repeat(1.0, m.Channels).ToArray())];
        _deep = new Lpips(_classifier, _classifier.Layers, ones);
        Calibration = SemanticsCalibration.Measure(_classifier, scenes, _classifier.DescriptorLayer);
        Alignment = new Alignment(_classifier, Calibration);
    }

    /// <summary>The chance that Alignment is calibrated by.</summary>
    public SemanticsCalibration Calibration { get; }

    /// <summary>The metric.</summary>
    public Alignment Alignment { get; }

    public StudyScores Measure(ImageBuffer scene, ImageBuffer image)
    {
        AlignmentScores alignment = Alignment.MeasureAll(scene, image);
        return new StudyScores(
            Math.Min(_psnr.Measure(scene, image).Value, MostDecibels), _ssim.Measure(scene, image).Value, _deep.Measure(scene, image).Value,
            alignment.Calibrated, (alignment.Local - Calibration.Local) / (1 - Calibration.Local), _classifier.Classify(image) == Class(scene) ? 0 : 1);
    }

    /// <summary>The layout that the classifier sees.</summary>
    public SceneLayout Class(ImageBuffer image) => _classifier.Classify(image);

    /// <summary>Unbiased kernel distance of images' descriptors to those of other scenes, which say what such scenes look like; in units of the scenes' own mean square.</summary>
    public double Distance(FeatureSet scenes, IReadOnlyList<ImageBuffer> images)
    {
        double scale = 1 / Math.Sqrt(System.Numerics.Tensors.TensorPrimitives.SumOfSquares(scenes.Values) / scenes.Values.Length);
        FeatureSet Scaled(FeatureSet set)
        {
            var values = new double[set.Values.Length];
            System.Numerics.Tensors.TensorPrimitives.Multiply(set.Values, scale, values);
            return new FeatureSet(values, set.Count, set.Dimension);
        }

        return KernelDistance.Compute(Scaled(scenes), Scaled(Descriptors(images)));
    }

    /// <summary>Descriptors of images: the means of the classifier's deepest features.</summary>
    public FeatureSet Descriptors(IReadOnlyList<ImageBuffer> images)
    {
        ImageBuffer[] maps = [.. images.Select(i => _classifier.Extract(i, [_classifier.DescriptorLayer])[0])];
        var values = new List<double>();
        foreach (ImageBuffer map in maps)
        {
            for (int c = 0; c < map.Channels; c++)
                values.Add(System.Numerics.Tensors.TensorPrimitives.Sum<float>(map.Plane(c)) / map.PlaneLength);
        }

        return new FeatureSet([.. values], maps.Length, maps[0].Channels);
    }
}
