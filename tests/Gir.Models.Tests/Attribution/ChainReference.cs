using Gir.Imaging;
using Gir.Models.Attribution;
using Gir.Models.Nn;

namespace Gir.Models.Tests.Attribution;

/// <summary>A chain of convolutions with zeros around and rectifiers between, forward and backward in double precision: SRCNN, written down plainly.</summary>
internal sealed class ChainReference
{
    private readonly List<(double[] Weight, double[] Bias, int Outputs, int Inputs, int Kernel)> _layers = [];

    public ChainReference(Module srcnn)
    {
        var state = srcnn.StateDictionary().ToDictionary(e => e.Key, e => e.Value);
        for (int i = 1; state.TryGetValue($"conv{i}.weight", out var weight); i++)
        {
            int[] sizes = weight.Shape.Sizes.ToArray();
            _layers.Add((ToDoubles(weight.ToArray()), ToDoubles(state[$"conv{i}.bias"].ToArray()), sizes[0], sizes[1], sizes[2]));
        }
    }

    /// <summary>The gradient of the window's edges by the input's samples.</summary>
    public double[] Gradient(double[] input, int height, int width, AttributionWindow window)
    {
        var inputs = new List<double[]>();
        double[] x = input;
        for (int l = 0; l < _layers.Count; l++)
        {
            inputs.Add(x);
            x = Forward(l, x, height, width);
            if (l < _layers.Count - 1)
                x = Array.ConvertAll(x, v => Math.Max(0, v));
        }

        double[] gradient = Edges(x, height, width, window);
        for (int l = _layers.Count - 1; l >= 0; l--)
        {
            gradient = Backward(l, gradient, height, width);
            if (l > 0)
                gradient = [.. gradient.Zip(inputs[l], (g, v) => v > 0 ? g : 0)];
        }

        return gradient;
    }

    /// <summary>Local attribution maps by their equations: image, kernels and all in double precision.</summary>
    public double[] LocalAttributionMap(ImageBuffer image, AttributionWindow window, int steps, double sigma, int size)
    {
        double[] sharp = ToDoubles(image.Array);
        double[][] kernels = [.. Enumerable.Range(0, steps + 1).Select(i => Kernel((sigma * (1 - ((double)i / steps))) + 1e-5, size))];
        double[][] blurred = [.. kernels.Select(k => Blur(sharp, image.Channels, image.Height, image.Width, k, size))];
        var sum = new double[sharp.Length];
        for (int i = 0; i < steps; i++)
        {
            double[] gradient = Gradient(blurred[i + 1], image.Height, image.Width, window);
            for (int s = 0; s < sum.Length; s++)
                sum[s] += gradient[s] * (blurred[i + 1][s] - blurred[i][s]) * steps;
        }

        int plane = image.PlaneLength;
        double[] shares = [.. Enumerable.Range(0, plane).Select(p => Math.Abs(Enumerable.Range(0, image.Channels).Sum(c => sum[(c * plane) + p] / steps)))];
        double largest = shares.Max();
        return Array.ConvertAll(shares, v => v / largest);
    }

    private double[] Forward(int layer, double[] x, int height, int width)
    {
        var y = new double[_layers[layer].Outputs * height * width];
        Visit(layer, height, width, (o, i, w) => y[o] += x[i] * w);
        for (int o = 0; o < y.Length; o++)
            y[o] += _layers[layer].Bias[o / (height * width)];
        return y;
    }

    private double[] Backward(int layer, double[] gradient, int height, int width)
    {
        var x = new double[_layers[layer].Inputs * height * width];
        Visit(layer, height, width, (o, i, w) => x[i] += gradient[o] * w);
        return x;
    }

    private void Visit(int layer, int height, int width, Action<int, int, double> visit)
    {
        (double[] weight, _, int outputs, int inputs, int kernel) = _layers[layer];
        for (int o = 0; o < outputs; o++)
        {
            for (int c = 0; c < inputs; c++)
            {
                for (int ky = 0; ky < kernel; ky++)
                {
                    for (int kx = 0; kx < kernel; kx++)
                    {
                        double w = weight[(((o * inputs) + c) * kernel + ky) * kernel + kx];
                        (int dy, int dx) = (ky - (kernel / 2), kx - (kernel / 2));
                        for (int y = Math.Max(0, -dy); y < Math.Min(height, height - dy); y++)
                        {
                            for (int x = Math.Max(0, -dx); x < Math.Min(width, width - dx); x++)
                                visit((o * height * width) + (y * width) + x, (c * height * width) + ((y + dy) * width) + x + dx, w);
                        }
                    }
                }
            }
        }
    }

    private static double[] Edges(double[] x, int height, int width, AttributionWindow window)
    {
        var gradient = new double[x.Length];
        for (int plane = 0; plane < x.Length; plane += height * width)
        {
            for (int row = window.Top; row < Math.Min(window.Top + window.Height, height - 1); row++)
            {
                for (int column = window.Left; column < Math.Min(window.Left + window.Width, width - 1); column++)
                {
                    int i = plane + (row * width) + column;
                    (double down, double across) = (x[i] - x[i + width], x[i] - x[i + 1]);
                    double root = Math.Sqrt((down * down) + (across * across));
                    gradient[i] += (down + across) / root;
                    gradient[i + width] -= down / root;
                    gradient[i + 1] -= across / root;
                }
            }
        }

        return gradient;
    }

    private static double[] Kernel(double sigma, int size)
    {
        double[] kernel = [.. Enumerable.Range(0, size * size).Select(i =>
        {
            (double y, double x) = ((i / size) - (size / 2), (i % size) - (size / 2));
            return Math.Exp(-((y * y) + (x * x)) / (2 * sigma * sigma));
        })];
        double sum = kernel.Sum();
        return Array.ConvertAll(kernel, k => k / sum);
    }

    private static double[] Blur(double[] image, int channels, int height, int width, double[] kernel, int size)
    {
        var blurred = new double[image.Length];
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    for (int k = 0; k < kernel.Length; k++)
                    {
                        (int row, int column) = (Reflect(y + (k / size) - (size / 2), height), Reflect(x + (k % size) - (size / 2), width));
                        blurred[(((c * height) + y) * width) + x] += kernel[k] * image[(((c * height) + row) * width) + column];
                    }
                }
            }
        }

        return blurred;
    }

    private static int Reflect(int i, int length) => i < 0 ? -i : i >= length ? (2 * length) - 2 - i : i;

    private static double[] ToDoubles(float[] values) => Array.ConvertAll(values, v => (double)v);
}
