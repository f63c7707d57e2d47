using Gir.Imaging;

namespace Gir.Evaluation.Tests;

/// <summary>Small images.</summary>
internal static class Pictures
{
    public static ImageBuffer Gradient(int height, int width, ulong seed = 0) => Images.Gradient(height, width, seed);

    public static BenchmarkImage[] Set(int count, int height = 16, int width = 20) =>
        [.. Enumerable.Range(1, count).Select(i => BenchmarkImage.FromBuffer($"image{i}", Gradient(height, width, (ulong)i)))];
}
