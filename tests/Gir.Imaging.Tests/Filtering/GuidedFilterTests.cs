using Gir.Imaging.Filtering;
using MathNet.Numerics.LinearAlgebra;

namespace Gir.Imaging.Tests.Filtering;

public class GuidedFilterTests
{
    [TestCase(1, 1, 3, 1e-2)]
    [TestCase(1, 3, 5, 1e-4)]
    [TestCase(3, 1, 2, 1e-3)]
    [TestCase(3, 2, 12, 1e-3)]
    public void The_output_is_the_average_of_the_windows_fits(int guideChannels, int inputChannels, int radius, double epsilon)
    {
        ImageBuffer guide = Pictures.Noise(guideChannels, 15, 13, seed: 3);
        ImageBuffer input = Pictures.Noise(inputChannels, 15, 13, seed: 4);
        double[] expected = Naive(guide, input, radius, epsilon);
        // Coefficients are stored in float32; slopes of noise against noise stay of the order of 1.
        Assert.That(Images.MaxDifference(GuidedFilter.Apply(guide, input, radius, epsilon).Samples, expected), Is.LessThan(2e-6));
    }

    [Test]
    public void An_input_that_is_a_line_of_the_guide_comes_back_where_the_guide_has_contrast()
    {
        ImageBuffer guide = Pictures.Noise(3, 30, 30);
        var input = new ImageBuffer(1, 30, 30);
        for (int i = 0; i < input.PlaneLength; i++)
            input.Samples[i] = (0.5f * guide.Plane(0)[i]) - (0.25f * guide.Plane(1)[i]) + 0.3f;
        double[] expected = System.Array.ConvertAll(input.Array, v => (double)v);
        Assert.That(Images.MaxDifference(GuidedFilter.Apply(guide, input, 4, 1e-9).Samples, expected), Is.LessThan(1e-5));
    }

    [Test]
    public void Threads_do_not_change_a_bit([Values(1, 3)] int guideChannels)
    {
        ImageBuffer guide = Pictures.Noise(guideChannels, 150, 33, seed: 5);
        ImageBuffer input = Pictures.Noise(1, 150, 33, seed: 6);
        float[] one = GuidedFilter.Apply(guide, input, 6, 1e-3).Array;
        Assert.That(GuidedFilter.Apply(guide, input, 6, 1e-3, new Parallelism(2)).Array, Is.EqualTo(one));
        Assert.That(GuidedFilter.Apply(guide, input, 6, 1e-3, new Parallelism(3)).Array, Is.EqualTo(one));
    }

    [Test]
    public void Tiny_images_and_bad_arguments_are_defined()
    {
        ImageBuffer pixel = new(1, 1, 1, [0.5f]);
        Assert.That(GuidedFilter.Apply(pixel, pixel, 60, 1e-3)[0, 0, 0], Is.EqualTo(0.5f).Within(1e-6));
        Assert.That(() => GuidedFilter.Apply(new ImageBuffer(2, 1, 1), pixel, 1, 1e-3), Throws.ArgumentException.With.Message.Contains("1 or 3 channels"));
        Assert.That(() => GuidedFilter.Apply(pixel, new ImageBuffer(1, 2, 1), 1, 1e-3), Throws.ArgumentException.With.Message.Contains("1 x 2 x 1"));
        Assert.That(() => GuidedFilter.Apply(pixel, pixel, 1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("epsilon"));
    }

    // The definition, window by window, with a general solver.
    private static double[] Naive(ImageBuffer guide, ImageBuffer input, int radius, double epsilon)
    {
        (int h, int w, int n) = (guide.Height, guide.Width, guide.Channels);
        var result = new double[input.Samples.Length];
        var hits = new int[h * w];
        for (int cy = 0; cy < h; cy++)
        {
            for (int cx = 0; cx < w; cx++)
            {
                var window = (from y in Enumerable.Range(Math.Max(0, cy - radius), Math.Min(h - 1, cy + radius) - Math.Max(0, cy - radius) + 1)
                              from x in Enumerable.Range(Math.Max(0, cx - radius), Math.Min(w - 1, cx + radius) - Math.Max(0, cx - radius) + 1)
                              select (y, x)).ToArray();
                Matrix<double> samples = Matrix<double>.Build.Dense(window.Length, n, (i, j) => guide[j, window[i].y, window[i].x]);
                Vector<double> mean = samples.ColumnSums() / window.Length;
                Matrix<double> centered = Matrix<double>.Build.Dense(window.Length, n, (i, j) => samples[i, j] - mean[j]);
                Matrix<double> system = (centered.TransposeThisAndMultiply(centered) / window.Length) + (epsilon * Matrix<double>.Build.DenseIdentity(n));
                for (int c = 0; c < input.Channels; c++)
                {
                    Vector<double> p = Vector<double>.Build.Dense(window.Length, i => input[c, window[i].y, window[i].x]);
                    double meanInput = p.Sum() / window.Length;
                    Vector<double> slope = system.Solve(centered.TransposeThisAndMultiply(p) / window.Length);
                    foreach ((int y, int x) in window)
                    {
                        double value = meanInput;
                        for (int j = 0; j < n; j++)
                            value += slope[j] * (guide[j, y, x] - mean[j]);
                        result[(((c * h) + y) * w) + x] += value;
                    }
                }

                foreach ((int y, int x) in window)
                    hits[(y * w) + x]++;
            }
        }

        for (int i = 0; i < result.Length; i++)
            result[i] /= hits[i % hits.Length];
        return result;
    }
}
