using Gir.Imaging;

namespace Gir.Metrics;

/// <summary>Measures how far an image is from its reference.</summary>
public interface IFullReferenceMetric
{
    /// <summary>The metric's name, e.g. "psnr".</summary>
    string Name { get; }

    /// <summary>Scores an image against its reference.</summary>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, or are too small for the metric.</exception>
    MetricScore Measure(ImageBuffer reference, ImageBuffer distorted);

    /// <summary>Scores an image against its reference on several threads; the value does not depend on how many.</summary>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    /// <exception cref="ArgumentException">The shapes differ, or are too small for the metric.</exception>
    MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism) => Measure(reference, distorted);
}

/// <summary>Judges an image without a reference.</summary>
public interface INoReferenceMetric
{
    /// <summary>The metric's name, e.g. "niqe".</summary>
    string Name { get; }

    /// <summary>Scores an image.</summary>
    /// <exception cref="ArgumentException">The image is too small for the metric.</exception>
    MetricScore Measure(ImageBuffer image);

    /// <summary>Scores an image on several threads; the value does not depend on how many.</summary>
    /// <param name="image">The image to judge.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    /// <exception cref="ArgumentException">The image is too small for the metric.</exception>
    MetricScore Measure(ImageBuffer image, Parallelism parallelism) => Measure(image);
}
