using Gir.Imaging;

namespace Gir.Evaluation;

/// <summary>The pictures of one task on one image (<see cref="Benchmark.Reproduce"/>).</summary>
/// <param name="Reference">The clean image, cropped as the pipeline crops.</param>
/// <param name="Degraded">What restorers are given, rounded to 8 bits.</param>
/// <param name="Restored">What each restorer made of it, in their order, rounded to 8 bits.</param>
public sealed record BenchmarkPictures(ImageBuffer Reference, ImageBuffer Degraded, IReadOnlyList<ImageBuffer> Restored);
