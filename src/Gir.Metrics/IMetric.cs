using Gir.Imaging;

namespace Gir.Metrics;

/// <summary>Measures how far an image is from its reference.</summary>
/// <remarks>Implementations are safe for concurrent use and never modify an image.</remarks>
public interface IFullReferenceMetric
{
    /// <summary>The metric's name, e.g. "psnr".</summary>
    string Name { get; }

    /// <summary>Why the metric cannot measure images of this shape, e.g. because they are too small, in a sentence; null where it can.</summary>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    string? WhyUnfit(int channels, int height, int width) => null;

    /// <summary>Scores an image against its reference.</summary>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ or do not fit the metric, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    MetricScore Measure(ImageBuffer reference, ImageBuffer distorted);

    /// <summary>Scores an image against its reference on several threads; the value does not depend on how many.</summary>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <param name="parallelism">Threads that may be used, and a token that stops the work (<see cref="Parallelism.WithCancellation"/>).</param>
    /// <exception cref="ArgumentException">The shapes differ or do not fit the metric, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism) => Measure(reference, distorted);
}

/// <summary>Judges an image without a reference.</summary>
/// <remarks>Implementations are safe for concurrent use and never modify an image.</remarks>
public interface INoReferenceMetric
{
    /// <summary>The metric's name, e.g. "niqe".</summary>
    string Name { get; }

    /// <summary>Why the metric cannot measure images of this shape, e.g. because they are too small, in a sentence; null where it can.</summary>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    string? WhyUnfit(int channels, int height, int width) => null;

    /// <summary>Scores an image.</summary>
    /// <exception cref="ArgumentException">The image's shape does not fit the metric, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    MetricScore Measure(ImageBuffer image);

    /// <summary>Scores an image on several threads; the value does not depend on how many.</summary>
    /// <param name="image">The image to judge.</param>
    /// <param name="parallelism">Threads that may be used, and a token that stops the work (<see cref="Parallelism.WithCancellation"/>).</param>
    /// <exception cref="ArgumentException">The image's shape does not fit the metric, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    MetricScore Measure(ImageBuffer image, Parallelism parallelism) => Measure(image);
}
