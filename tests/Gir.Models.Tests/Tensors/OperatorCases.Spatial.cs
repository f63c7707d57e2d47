using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

internal static partial class OperatorCases
{
    private static IEnumerable<OperatorCase> Products()
    {
        yield return new("MatMul/2", "broadcast", d =>
        {
            (int m, int k, int n) = (d.Size(1, 9), d.Size(1, 9), d.Size(1, 9));
            TensorShape batch = TensorShape.Create([.. Enumerable.Range(0, d.Integer(0, 3)).Select(_ => d.Integer(1, 3))]);
            TensorShape other = d.BroadcastOf(batch);
            return Of(d.Leaf([.. batch, m, k]), d.Leaf([.. other, k, n]), (a, b) => a.MatMul(b));
        });
        yield return new("MatMul/2", "of vectors", d =>
        {
            (int m, int k) = (d.Size(1, 9), d.Size(1, 9));
            return d.Integer(0, 2) switch
            {
                0 => Of(d.Leaf([k]), d.Leaf([k]), (a, b) => a.MatMul(b)),
                1 => Of(d.Leaf([2, m, k]), d.Leaf([k]), (a, b) => a.MatMul(b)),
                _ => Of(d.Leaf([k]), d.Leaf([2, k, m]), (a, b) => a.MatMul(b)),
            };
        });
        yield return new("MatMulTransposed/2", "", d =>
        {
            (int m, int k, int n) = (d.Size(1, 9), d.Size(1, 9), d.Size(1, 9));
            return Of(d.Leaf([2, 1, m, k]), d.Leaf([3, n, k]), (a, b) => a.MatMulTransposed(b));
        });
        yield return new("Linear/3", "", d =>
        {
            TensorShape shape = d.Shape(1, 4);
            int outputs = d.Size(1, 7);
            (int x, int weight, int bias) = (d.Leaf(shape), d.Leaf([outputs, shape[-1]]), d.Leaf([outputs]));
            bool withBias = d.Coin();
            return t => t[x].Linear(t[weight], withBias ? t[bias] : null) + (withBias ? 0 * t[bias].Sum() : t[bias].Sum());
        });
        yield return WindowAttention("packed", d => (d.Integer(1, 4), 0, 0), isPacked: true);
        yield return WindowAttention("shifted", d => (4, d.Integer(1, 3), 0), isPacked: false);
        yield return WindowAttention("with larger windows of keys", d => (d.Integer(2, 3), 0, 2), isPacked: true);
        yield return new("Attention/6", "", d =>
        {
            (int windows, int heads, int m, int n, int width) = (d.Integer(1, 2) * 2, d.Integer(1, 2), d.Size(1, 6), d.Size(1, 6), d.Size(1, 5));
            (int q, int k, int v) = (d.Leaf([windows, heads, m, width]), d.Leaf([windows, heads, n, width]), d.Leaf([windows, heads, n, width]));
            int bias = d.Leaf([heads, m, n]);
            float[] mask = d.Values(2 * m * n);
            bool withMask = d.Coin();
            return t => TensorOps.Attention(t[q], t[k], t[v], 0.5f, t[bias], withMask ? Tensor.From(mask, [2, m, n], t[q].Backend) : null);
        });
    }

    private static OperatorCase WindowAttention(string variant, Func<Draw, (int Size, int Shift, int Excess)> draw, bool isPacked) => new("WindowAttention/5", variant, d =>
    {
        (int size, int shift, int excess) = draw(d);
        (int heads, int rows, int columns, int width) = (d.Integer(1, 2), d.Integer(1, 2), d.Integer(1, 2), d.Size(1, 3));
        var windows = new AttentionWindows(heads, size, size + excess, shift, 0.5f);
        int channels = heads * width;
        int queries = d.Leaf([2, rows * size, columns * size, isPacked ? 3 * channels : channels]);
        int others = isPacked ? queries : d.Leaf([2, rows * size, columns * size, 2 * channels]);
        int bias = d.Leaf([heads, windows.Queries, windows.Keys]);
        float[] mask = d.Values(rows * columns * windows.Queries * windows.Keys);
        bool withMask = d.Coin();
        return t => t[queries].WindowAttention(
            t[others], windows, t[bias], withMask ? Tensor.From(mask, [rows * columns, windows.Queries, windows.Keys], t[queries].Backend) : null);
    });

    private static IEnumerable<OperatorCase> Convolutions()
    {
        yield return Convolution("3 x 3", d => (d.Integer(1, 2), d.Integer(1, 3), d.Integer(1, 3), 3, 1, 1, 1, TensorPadMode.Constant));
        yield return Convolution("3 x 3 of many channels", d => (1, 16 + d.Integer(0, 3), 16 + d.Integer(0, 3), 3, 1, 1, 1, TensorPadMode.Constant));
        yield return Convolution("1 x 1", d => (d.Integer(1, 2), d.Integer(1, 5), d.Integer(1, 5), 1, 1, 0, 1, TensorPadMode.Constant));
        yield return Convolution("any", d =>
            (1, d.Integer(1, 3), d.Integer(1, 3), d.Integer(1, 5), d.Integer(1, 3), d.Integer(0, 2), d.Integer(1, 2), d.OneOf(Enum.GetValues<TensorPadMode>())));
        yield return new("Conv2d/8", "grouped", d =>
        {
            int groups = d.Integer(2, 4);
            (int inputs, int outputs) = (d.Integer(1, 2), d.Integer(1, 2));
            (int stride, int padding) = (d.Integer(1, 2), d.Integer(0, 2));
            (int x, int w, int b) = (d.Leaf([2, groups * inputs, d.Size(3, 9), d.Size(3, 9)]), d.Leaf([groups * outputs, inputs, 3, 2]), d.Leaf([groups * outputs]));
            return t => t[x].Conv2d(t[w], t[b], stride, padding, 1, groups);
        });
        yield return new("Conv2d/8", "depthwise", d =>
        {
            int channels = d.Size(1, 5);
            (int x, int w) = (d.Leaf([1, channels, d.Size(3, 9), d.Size(3, 12)]), d.Leaf([channels, 1, 3, 3]));
            return t => t[x].Conv2d(t[w], null, 1, 1, 1, channels);
        });
        yield return new("ConvTranspose2d/7", "", d =>
        {
            (int stride, int kernel, int groups) = (d.Integer(1, 3), d.Integer(2, 4), d.Integer(1, 2));
            (int outputPadding, int padding) = (d.Integer(0, stride - 1), d.Integer(0, 1));
            (int x, int w, int b) = (d.Leaf([2, 2 * groups, d.Size(2, 6), d.Size(2, 6)]), d.Leaf([2 * groups, 3, kernel, kernel]), d.Leaf([3 * groups]));
            return t => t[x].ConvTranspose2d(t[w], t[b], stride, padding, outputPadding, groups);
        });
    }

    private static IEnumerable<OperatorCase> Images()
    {
        foreach (TensorPadMode mode in Enum.GetValues<TensorPadMode>())
        {
            yield return new("Pad2d/7", $"{mode}", d =>
            {
                TensorShape shape = d.Images(minimumSide: 4);
                int[] by = [.. Enumerable.Range(0, 4).Select(_ => d.Integer(mode == TensorPadMode.Constant ? -1 : 0, 3))];
                return Of(d.Leaf(shape), x => x.Pad2d(mode, by[0], by[1], by[2], by[3], 0.5f));
            });
        }

        foreach (InterpolationMode mode in Enum.GetValues<InterpolationMode>())
        {
            yield return new("Interpolate/5", $"{mode}", d =>
            {
                (int height, int width, bool align) = (d.Size(1, 13), d.Size(1, 13), d.Coin());
                return Of(d.Leaf(d.Images()), x => x.Interpolate(height, width, mode, align));
            });
            yield return new("Interpolate/3", $"{mode}", d =>
            {
                double scale = d.OneOf(0.5, 0.75, 1.5, 2, 3);
                return Of(d.Leaf(d.Images(minimumSide: 2)), x => x.Interpolate(scale, mode));
            });
        }

        yield return new("Unfold/5", "", d =>
        {
            (int kernel, int stride, int padding, int dilation) = (d.Integer(1, 3), d.Integer(1, 2), d.Integer(0, 2), d.Integer(1, 2));
            return Of(d.Leaf(d.Images(minimumSide: 5)), x => x.Unfold(kernel, stride, padding, dilation));
        });
        yield return new("Fold/7", "", d =>
        {
            (int kernel, int stride, int padding, int dilation) = (d.Integer(1, 3), d.Integer(1, 2), d.Integer(0, 2), d.Integer(1, 2));
            (int height, int width) = (d.Size(5, 9), d.Size(5, 9));
            var geometry = new Conv2dGeometry(kernel, kernel, stride, padding, dilation);
            int blocks = geometry.OutputHeight(height) * geometry.OutputWidth(width);
            return Of(d.Leaf([2, 2 * kernel * kernel, blocks]), x => x.Fold(height, width, kernel, stride, padding, dilation));
        });
        yield return new("MaxPool2d/4", "", d =>
        {
            (int kernel, int stride) = (d.Integer(1, 3), d.Integer(1, 3));
            int padding = d.Integer(0, kernel / 2);
            return Of(d.Leaf(d.Images(minimumSide: 3)), x => x.MaxPool2d(kernel, stride, padding));
        });
        yield return new("AveragePool2d/4", "", d =>
        {
            (int kernel, int stride) = (d.Integer(1, 3), d.Integer(1, 3));
            int padding = d.Integer(0, kernel / 2);
            return Of(d.Leaf(d.Images(minimumSide: 3)), x => x.AveragePool2d(kernel, stride, padding));
        });
        yield return new("LocalMean/2", "", d =>
        {
            int window = d.Integer(1, 9);
            return Of(d.Leaf(d.Images(minimumSide: 2)), x => x.LocalMean(window));
        });
        yield return new("GlobalAveragePool2d/1", "", d => Of(d.Leaf(d.Images()), x => x.GlobalAveragePool2d()));
        yield return new("WindowPartition/2", "", d =>
        {
            int size = d.Integer(1, 3);
            return Of(d.Leaf([2, size * d.Size(1, 3), size * d.Size(1, 3), d.Integer(1, 4)]), x => x.WindowPartition(size));
        });
        yield return new("WindowReverse/4", "", d =>
        {
            (int size, int h, int w) = (d.Integer(1, 3), d.Size(1, 3), d.Size(1, 3));
            return Of(d.Leaf([2 * h * w, size, size, d.Integer(1, 4)]), x => x.WindowReverse(size, h * size, w * size));
        });
        yield return new("PixelShuffle/2", "", d =>
        {
            int factor = d.Integer(1, 3);
            return Of(d.Leaf(d.Images(channelFactor: factor * factor)), x => x.PixelShuffle(factor));
        });
        yield return new("PixelUnshuffle/2", "", d =>
        {
            int factor = d.Integer(1, 3);
            return Of(d.Leaf([2, 2, factor * d.Size(1, 4), factor * d.Size(1, 4)]), x => x.PixelUnshuffle(factor));
        });
    }

    private static IEnumerable<OperatorCase> Normalizations()
    {
        yield return Softmax("Softmax/2", (x, dimension) => x.Softmax(dimension));
        yield return Softmax("LogSoftmax/2", (x, dimension) => x.LogSoftmax(dimension));
        foreach (bool subtractMean in new[] { true, false })
        {
            yield return new("LayerNorm/5", subtractMean ? "" : "bias-free", d =>
            {
                TensorShape shape = [.. d.Shape(0, 3), d.Size(2, 9)];
                (int x, int w, int b) = (d.Leaf(shape), d.Leaf([shape[-1]]), d.Leaf([shape[-1]]));
                return t => t[x].LayerNorm(t[w], t[b], 1e-3f, subtractMean);
            });
        }

        yield return new("LayerNorm2d/4", "", d =>
        {
            int channels = d.Size(2, 6);
            (int x, int w, int b) = (d.Leaf([2, channels, d.Size(1, 5), d.Size(1, 5)]), d.Leaf([channels]), d.Leaf([channels]));
            return t => t[x].LayerNorm2d(t[w], t[b], 1e-3f);
        });
        yield return new("BiasFreeLayerNorm2d/3", "", d =>
        {
            int channels = d.Size(2, 6);
            (int x, int w) = (d.Leaf([2, channels, d.Size(1, 5), d.Size(1, 5)]), d.Leaf([channels]));
            return t => t[x].BiasFreeLayerNorm2d(t[w], 1e-3f);
        });
        yield return new("InstanceNorm/4", "", d =>
        {
            int channels = d.Integer(1, 4);
            (int x, int w, int b) = (d.Leaf([2, channels, d.Size(2, 5), d.Size(2, 5)]), d.Leaf([channels]), d.Leaf([channels]));
            return t => t[x].InstanceNorm(t[w], t[b], 1e-3f);
        });
        yield return new("GroupNorm/5", "", d =>
        {
            (int groups, int each) = (d.Integer(1, 3), d.Integer(1, 3));
            (int x, int w, int b) = (d.Leaf([2, groups * each, d.Size(2, 5), d.Size(2, 5)]), d.Leaf([groups * each]), d.Leaf([groups * each]));
            return t => t[x].GroupNorm(groups, t[w], t[b], 1e-3f);
        });
        yield return new("BatchNorm/6", "", d =>
        {
            int channels = d.Integer(1, 4);
            (int x, int mean, int variance) = (d.Leaf([2, channels, d.Size(1, 5), d.Size(1, 5)]), d.Leaf([channels]), d.Leaf([channels], 0.5, 2));
            (int w, int b) = (d.Leaf([channels]), d.Leaf([channels]));
            return t => t[x].BatchNorm(t[mean], t[variance], t[w], t[b]);
        });
        yield return new("BatchNormTraining/7", "", d =>
        {
            int channels = d.Integer(1, 4);
            (int x, int w, int b) = (d.Leaf([2, channels, d.Size(2, 5), d.Size(2, 5)]), d.Leaf([channels]), d.Leaf([channels]));
            return t => t[x].BatchNormTraining(
                Tensor.Zeros([channels], t[x].Backend), Tensor.Ones([channels], t[x].Backend), t[w], t[b], epsilon: 1e-3f);
        });
    }

    private static OperatorCase Softmax(string method, Func<Tensor, int, Tensor> function) => new(method, "", d =>
    {
        TensorShape shape = d.Shape(1, 4);
        int dimension = d.Dimension(shape.Rank);
        return Of(d.Leaf(shape), x => function(x, dimension));
    });

    private static OperatorCase Convolution(
        string variant, Func<Draw, (int N, int Inputs, int Outputs, int Kernel, int Stride, int Padding, int Dilation, TensorPadMode Mode)> options) => new("Conv2d/8", variant, d =>
    {
        var o = options(d);
        int extent = (o.Dilation * (o.Kernel - 1)) + 1;
        TensorShape shape = [o.N, o.Inputs, Math.Max(extent, d.Size(3, 11)), Math.Max(extent, d.Size(3, 13))];
        (int x, int w, int b) = (d.Leaf(shape), d.Leaf([o.Outputs, o.Inputs, o.Kernel, o.Kernel]), d.Leaf([o.Outputs]));
        return t => t[x].Conv2d(t[w], t[b], o.Stride, o.Padding, o.Dilation, 1, o.Mode);
    });
}
