using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

/// <summary>How interpolation weighs neighbors.</summary>
public enum InterpolationMode
{
    /// <summary>Index floor(i * scale).</summary>
    Nearest,

    /// <summary>Two taps per direction.</summary>
    Bilinear,

    /// <summary>Four taps per direction, A = -0.75.</summary>
    Bicubic,
}

public static partial class TensorOps
{
    /// <summary>Pads (or, in constant mode and with negative amounts, crops) the last two dimensions of [n, c, h, w].</summary>
    public static Tensor Pad2d(this Tensor x, TensorPadMode mode, int left, int right, int top, int bottom, float value = 0)
    {
        Check4d("pad2d", x);
        (int h, int w) = (x.Shape[2], x.Shape[3]);
        int smallest = Math.Min(Math.Min(left, right), Math.Min(top, bottom));
        int limit = mode switch { TensorPadMode.Reflect => 1, TensorPadMode.Circular => 0, _ => int.MinValue };
        bool tooFar = limit != int.MinValue && (Math.Max(left, right) > w - limit || Math.Max(top, bottom) > h - limit);
        (long paddedHeight, long paddedWidth) = ((long)h + top + bottom, (long)w + left + right);
        if (paddedHeight is < 1 or > int.MaxValue || paddedWidth is < 1 or > int.MaxValue || tooFar || (smallest < 0 && mode != TensorPadMode.Constant))
        {
            throw new TensorShapeException(
                "pad2d", $"{x.Shape} with {mode} padding left {left}, right {right}, top {top}, bottom {bottom}",
                "a non-empty result, negative amounts in constant mode only, and reflection no wider than the image less one");
        }

        var padding = new Padding2d(mode, left, right, top, bottom, value);
        Tensor y = Tensor.Empty([x.Shape[0], x.Shape[1], h + top + bottom, w + left + right], x.Backend);
        x.Backend.Pad2d(x, padding, y);
        if (mode == TensorPadMode.Constant)
        {
            return Tape.Record(y, "pad2d", [x], padding, static (dy, p) =>
                [dy.Pad2d(TensorPadMode.Constant, -p.Left, -p.Right, -p.Top, -p.Bottom)]);
        }

        return Tape.Record(y, "pad2d by repetition", [x], (x.Shape, Padding: padding), static (dy, s) =>
        {
            Tensor dx = Tensor.Empty(s.Shape, dy.Backend);
            dy.Backend.Pad2dGradient(dy, s.Padding, dx);
            return [dx];
        });
    }

    /// <summary>Resizes [n, c, h, w] to a given size, as torch's interpolate(size=..).</summary>
    public static Tensor Interpolate(this Tensor x, int height, int width, InterpolationMode mode, bool alignCorners = false)
    {
        Check4d("interpolate", x);
        return Interpolate(x, height, width, mode, alignCorners, null);
    }

    /// <summary>Resizes [n, c, h, w] by a factor, as torch's interpolate(scale_factor=..): the sampling step is exactly 1 / scale.</summary>
    public static Tensor Interpolate(this Tensor x, double scale, InterpolationMode mode)
    {
        Check4d("interpolate", x);
        return Interpolate(x, (int)Math.Floor(x.Shape[2] * scale), (int)Math.Floor(x.Shape[3] * scale), mode, false, scale);
    }

    /// <summary>Sliding local blocks as columns: [n, c, h, w] to [n, c k k, blocks], as torch's unfold.</summary>
    public static Tensor Unfold(this Tensor x, int kernel, int stride = 1, int padding = 0, int dilation = 1)
    {
        Check4d("unfold", x);
        CheckWindow("unfold", kernel, stride, padding, dilation);
        var geometry = new Conv2dGeometry(kernel, kernel, stride, padding, dilation);
        (int height, int width) = (geometry.OutputHeight(x.Shape[2]), geometry.OutputWidth(x.Shape[3]));
        // In double: the product of absurd sizes overflows any integer.
        if (height < 1 || width < 1 || (double)x.Shape[1] * kernel * kernel * height * width > Array.MaxLength)
            throw new TensorShapeException("unfold", $"{x.Shape}, kernel {kernel}, padding {padding}", "an input at least as large as the window, and columns that fit in one tensor");
        return Unfolded(x, geometry, [x.Shape[0], x.Shape[1] * kernel * kernel, height * width]);
    }

    /// <summary>Sums columns back into an image: the transpose of <see cref="Unfold"/>, as torch's fold.</summary>
    public static Tensor Fold(this Tensor x, int height, int width, int kernel, int stride = 1, int padding = 0, int dilation = 1)
    {
        CheckWindow("fold", kernel, stride, padding, dilation);
        var geometry = new Conv2dGeometry(kernel, kernel, stride, padding, dilation);
        int blocks = geometry.OutputHeight(height) * geometry.OutputWidth(width);
        long area = (long)kernel * kernel;
        if (x.Rank != 3 || area > int.MaxValue || x.Shape[1] % area != 0 || x.Shape[2] != blocks)
            throw new TensorShapeException("fold", $"{x.Shape} to {height} x {width}", $"[n, c * {area}, {blocks}]");
        return Folded(x, geometry, [x.Shape[0], x.Shape[1] / (kernel * kernel), height, width]);
    }

    /// <summary>Largest value of each window; padding never wins, the gradient goes to the first of equals.</summary>
    public static Tensor MaxPool2d(this Tensor x, int kernel, int? stride = null, int padding = 0)
    {
        Conv2dGeometry geometry = PoolGeometry("max_pool2d", x, kernel, stride, padding, out TensorShape shape);
        Tensor y = Tensor.Empty(shape, x.Backend);
        x.Backend.MaxPool(x, geometry, y);
        return Tape.Record(y, "max_pool2d", [x], (X: x, Geometry: geometry), static (dy, s) =>
        {
            Tensor dx = Tensor.Empty(s.X.Shape, dy.Backend);
            dy.Backend.MaxPoolGradient(s.X, dy, s.Geometry, dx);
            return [dx];
        });
    }

    /// <summary>Mean of each window, padding counted as zeros (torch's default).</summary>
    public static Tensor AveragePool2d(this Tensor x, int kernel, int? stride = null, int padding = 0)
    {
        Conv2dGeometry geometry = PoolGeometry("avg_pool2d", x, kernel, stride, padding, out _);
        int channels = x.Shape[1];
        // A depthwise convolution with a constant window: the fast path of every engine.
        Tensor weight = Tensor.Full([channels, 1, kernel, kernel], 1f / (kernel * kernel), x.Backend);
        return x.Conv2d(weight, null, geometry.Stride, padding, 1, channels);
    }

    /// <summary>The mean of each plane: [n, c, h, w] to [n, c, 1, 1].</summary>
    public static Tensor GlobalAveragePool2d(this Tensor x)
    {
        Check4d("adaptive_avg_pool2d", x);
        return x.Mean([2, 3], keepDimensions: true);
    }

    /// <summary>[n, h, w, c] to [n windows, size, size, c], windows row by row (Swin).</summary>
    public static Tensor WindowPartition(this Tensor x, int size)
    {
        if (x.Rank != 4 || size < 1 || x.Shape[1] % size != 0 || x.Shape[2] % size != 0)
            throw new TensorShapeException("window_partition", $"{x.Shape}, window {size}", "[n, h, w, c] with h and w divisible by the window");
        (int n, int h, int w, int c) = (x.Shape[0], x.Shape[1] / size, x.Shape[2] / size, x.Shape[3]);
        return x.Reshape(n, h, size, w, size, c).Permute(0, 1, 3, 2, 4, 5).Reshape(n * h * w, size, size, c);
    }

    /// <summary>The inverse of <see cref="WindowPartition"/>.</summary>
    public static Tensor WindowReverse(this Tensor x, int size, int height, int width)
    {
        if (x.Rank != 4 || size < 1 || height < 1 || width < 1 || x.Shape[1] != size || x.Shape[2] != size || height % size != 0 || width % size != 0 || x.Shape[0] % Math.Max(height / size * (width / size), 1) != 0)
            throw new TensorShapeException("window_reverse", $"{x.Shape} to {height} x {width}, window {size}", $"[n windows, {size}, {size}, c] and a whole number of windows");
        (int h, int w, int c) = (height / size, width / size, x.Shape[3]);
        int n = x.Shape[0] / (h * w);
        return x.Reshape(n, h, w, size, size, c).Permute(0, 1, 3, 2, 4, 5).Reshape(n, height, width, c);
    }

    private static Tensor Interpolate(Tensor x, int height, int width, InterpolationMode mode, bool alignCorners, double? scale)
    {
        if (height < 1 || width < 1 || x.Shape[2] < 1 || x.Shape[3] < 1)
            throw new TensorShapeException("interpolate", $"{x.Shape} to {height} x {width}", "sizes of at least 1");
        TensorShape shape = [x.Shape[0], x.Shape[1], height, width];
        ResamplingTaps rows = InterpolationTaps.Create(x.Shape[2], height, mode, alignCorners, scale);
        ResamplingTaps columns = InterpolationTaps.Create(x.Shape[3], width, mode, alignCorners, scale);
        return Resampled(x, rows, columns, shape);
    }

    // Resampling by tables and its transpose: the gradient of each is the other.
    internal static Tensor Resampled(Tensor x, ResamplingTaps rows, ResamplingTaps columns, TensorShape shape)
    {
        Tensor y = Tensor.Empty(shape, x.Backend);
        x.Backend.Resample(x, rows, columns, y);
        return Tape.Record(y, "resample", [x], (x.Shape, Rows: rows, Columns: columns), static (dy, s) => [ResampledBack(dy, s.Rows, s.Columns, s.Shape)]);
    }

    private static Tensor ResampledBack(Tensor dy, ResamplingTaps rows, ResamplingTaps columns, TensorShape shape)
    {
        Tensor dx = Tensor.Empty(shape, dy.Backend);
        dy.Backend.ResampleGradient(dy, rows, columns, dx);
        return Tape.Record(dx, "resample_transposed", [dy], (dy.Shape, Rows: rows, Columns: columns), static (g, s) => [Resampled(g, s.Rows, s.Columns, s.Shape)]);
    }

    private static Tensor Unfolded(Tensor x, in Conv2dGeometry geometry, TensorShape shape)
    {
        Tensor y = Tensor.Empty(shape, x.Backend);
        x.Backend.Unfold(x, geometry, y);
        return Tape.Record(y, "unfold", [x], (x.Shape, Geometry: geometry), static (dy, s) => [Folded(dy, s.Geometry, s.Shape)]);
    }

    private static Tensor Folded(Tensor x, in Conv2dGeometry geometry, TensorShape shape)
    {
        Tensor y = Tensor.Empty(shape, x.Backend);
        x.Backend.Fold(x, geometry, y);
        return Tape.Record(y, "fold", [x], (x.Shape, Geometry: geometry), static (dy, s) => [Unfolded(dy, s.Geometry, s.Shape)]);
    }

    private static Conv2dGeometry PoolGeometry(string operation, Tensor x, int kernel, int? stride, int padding, out TensorShape shape)
    {
        Check4d(operation, x);
        CheckWindow(operation, kernel, stride ?? kernel, padding, 1);
        var geometry = new Conv2dGeometry(kernel, kernel, stride ?? kernel, padding);
        (int height, int width) = (geometry.OutputHeight(x.Shape[2]), geometry.OutputWidth(x.Shape[3]));
        if (height < 1 || width < 1 || padding > kernel / 2)
            throw new TensorShapeException(operation, $"{x.Shape}, kernel {kernel}, padding {padding}", "an input at least as large as the window and padding of at most half of it");
        shape = [x.Shape[0], x.Shape[1], height, width];
        return geometry;
    }
}
