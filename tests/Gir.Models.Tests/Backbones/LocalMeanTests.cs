using Gir.Models.Tensors;

namespace Gir.Models.Tests.Backbones;

/// <summary>Sliding means against their definition.</summary>
public sealed class LocalMeanTests
{
    [Test]
    public void Every_window_gives_the_mean_of_the_nearest_window_inside([Range(1, 12)] int window)
    {
        const int Height = 7;
        const int Width = 10;
        var values = new float[2 * Height * Width];
        for (int i = 0; i < values.Length; i++)
            values[i] = (i * 37 % 101) - 50;
        float[] actual = Tensor.From(values, [1, 2, Height, Width]).LocalMean(window).ToArray();
        (int rows, int columns) = (Math.Min(window, Height), Math.Min(window, Width));
        var expected = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int c, int y, int x) = (i / (Height * Width), i / Width % Height, i % Width);
            int top = Math.Clamp(y - ((rows - 1) / 2), 0, Height - rows);
            int left = Math.Clamp(x - ((columns - 1) / 2), 0, Width - columns);
            double sum = 0;
            for (int v = 0; v < rows; v++)
            {
                for (int u = 0; u < columns; u++)
                    sum += values[(((c * Height) + top + v) * Width) + left + u];
            }

            expected[i] = sum / (rows * columns);
        }

        Assert.That(Images.MaxDifference(actual, expected), Is.LessThan(1e-5));
    }

    [Test]
    public void A_window_of_nothing_is_refused() =>
        Assert.That(() => Tensor.Ones([1, 1, 2, 2]).LocalMean(0), Throws.InstanceOf<TensorShapeException>());
}
