using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>Two-dimensional cross-correlation, as torch's conv2d.</summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="weight">[o, c / groups, kh, kw].</param>
    /// <param name="bias">[o] or null.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="padding">Padding on every side.</param>
    /// <param name="dilation">Distance of neighboring taps.</param>
    /// <param name="groups">Independent groups of channels.</param>
    /// <param name="paddingMode">What padding repeats; zeros by default.</param>
    /// <returns>[n, o, oh, ow].</returns>
    public static Tensor Conv2d(
        this Tensor x, Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int dilation = 1, int groups = 1,
        TensorPadMode paddingMode = TensorPadMode.Constant)
    {
        Check4d("conv2d", x);
        CheckGeometry("conv2d", stride, padding, dilation, groups);
        if (weight.Rank != 4 || weight.Shape[2] < 1 || weight.Shape[3] < 1 || x.Shape[1] != weight.Shape[1] * groups || weight.Shape[0] % groups != 0)
            throw new TensorShapeException("conv2d", $"input {x.Shape}, weight {weight.Shape}, {groups} groups", $"weight [o, {x.Shape[1] / groups}, kh, kw] with o divisible by {groups}");
        CheckBias("conv2d", bias, weight.Shape[0]);
        CheckEngine("conv2d", x, weight, bias);
        if (paddingMode != TensorPadMode.Constant && padding > 0)
        {
            x = x.Pad2d(paddingMode, padding, padding, padding, padding);
            padding = 0;
        }

        var geometry = new Conv2dGeometry(weight.Shape[2], weight.Shape[3], stride, padding, dilation, groups);
        (int height, int width) = (geometry.OutputHeight(x.Shape[2]), geometry.OutputWidth(x.Shape[3]));
        if (height < 1 || width < 1)
            throw new TensorShapeException("conv2d", $"input {x.Shape}, weight {weight.Shape}, padding {padding}, dilation {dilation}", "an input at least as large as the window");
        return Convolution(x, weight, bias, geometry, [x.Shape[0], weight.Shape[0], height, width]);
    }

    /// <summary>Two-dimensional transposed convolution, as torch's conv_transpose2d.</summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="weight">[c, o / groups, kh, kw].</param>
    /// <param name="bias">[o] or null.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="padding">Removed from every side of the output.</param>
    /// <param name="outputPadding">Added at the bottom and right of the output.</param>
    /// <param name="groups">Independent groups of channels.</param>
    /// <returns>[n, o, (h - 1) stride - 2 padding + kh + outputPadding, ..].</returns>
    public static Tensor ConvTranspose2d(
        this Tensor x, Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int outputPadding = 0, int groups = 1)
    {
        Check4d("conv_transpose2d", x);
        CheckGeometry("conv_transpose2d", stride, padding, 1, groups);
        if (weight.Rank != 4 || weight.Shape[2] < 1 || weight.Shape[3] < 1 || x.Shape[1] != weight.Shape[0] || x.Shape[1] % groups != 0)
            throw new TensorShapeException("conv_transpose2d", $"input {x.Shape}, weight {weight.Shape}, {groups} groups", $"weight [{x.Shape[1]}, o / {groups}, kh, kw] and input channels divisible by {groups}");
        int channels = weight.Shape[1] * groups;
        CheckBias("conv_transpose2d", bias, channels);
        CheckEngine("conv_transpose2d", x, weight, bias);
        var geometry = new Conv2dGeometry(weight.Shape[2], weight.Shape[3], stride, padding, 1, groups);
        long height = ((x.Shape[2] - 1L) * stride) - (2L * padding) + weight.Shape[2] + outputPadding;
        long width = ((x.Shape[3] - 1L) * stride) - (2L * padding) + weight.Shape[3] + outputPadding;
        if (height is < 1 or > int.MaxValue || width is < 1 or > int.MaxValue || outputPadding < 0 || outputPadding >= stride)
            throw new TensorShapeException("conv_transpose2d", $"input {x.Shape}, output {height} x {width}, output padding {outputPadding}", "a non-empty output and an output padding below the stride");
        return InputGradient(x, weight, bias, geometry, [x.Shape[0], channels, (int)height, (int)width]);
    }

    // A convolution, its input's and its weight's gradient: the gradients of each are the other two. In place of a missing bias stands the first operand, whose
    // gradient from there is null.
    private static Tensor Convolution(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, TensorShape shape)
    {
        Tensor y = Tensor.Empty(shape, x.Backend);
        MultiplyAddMeter.Count((long)y.Length * (weight.Length / weight.Shape[0]));
        x.Backend.Conv2d(x, weight, bias, geometry, y);
        return Tape.Record(y, "conv2d", [x, weight, bias ?? x], (X: x, Weight: weight, Bias: bias, Geometry: geometry), static (dy, s) =>
        [
            s.X.IsSought ? InputGradient(dy, s.Weight, null, s.Geometry, s.X.Shape) : null,
            s.Weight.IsSought ? WeightGradient(s.X, dy, s.Geometry, s.Weight.Shape) : null,
            s.Bias is { IsSought: true } ? dy.Sum([0, 2, 3], keepDimensions: false) : null,
        ]);
    }

    private static Tensor InputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, TensorShape shape)
    {
        Tensor dx = Tensor.Empty(shape, dy.Backend);
        MultiplyAddMeter.Count((long)dy.Length * (weight.Length / weight.Shape[0]));
        dy.Backend.Conv2dInputGradient(dy, weight, bias, geometry, dx);
        return Tape.Record(dx, "conv_transpose2d", [dy, weight, bias ?? dy], (X: dy, Weight: weight, Bias: bias, Geometry: geometry), static (g, s) =>
        [
            s.X.IsSought ? Convolution(g, s.Weight, null, s.Geometry, s.X.Shape) : null,
            s.Weight.IsSought ? WeightGradient(g, s.X, s.Geometry, s.Weight.Shape) : null,
            s.Bias is { IsSought: true } ? g.Sum([0, 2, 3], keepDimensions: false) : null,
        ]);
    }

    private static Tensor WeightGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, TensorShape shape)
    {
        Tensor dweight = Tensor.Empty(shape, x.Backend);
        x.Backend.Conv2dWeightGradient(x, dy, geometry, dweight);
        return Tape.Record(dweight, "conv2d_weight_gradient", [x, dy], (X: x, Dy: dy, Geometry: geometry), static (g, s) =>
        [
            s.X.IsSought ? InputGradient(s.Dy, g, null, s.Geometry, s.X.Shape) : null,
            s.Dy.IsSought ? Convolution(s.X, g, null, s.Geometry, s.Dy.Shape) : null,
        ]);
    }

    private static void CheckGeometry(string operation, int stride, int padding, int dilation, int groups)
    {
        if (stride < 1 || padding < 0 || dilation < 1 || groups < 1)
        {
            throw new TensorShapeException(
                operation, $"stride {stride}, padding {padding}, dilation {dilation}, groups {groups}", "a padding of at least 0, and at least 1 for each of the others");
        }
    }

    private static void CheckWindow(string operation, int kernel, int stride, int padding, int dilation)
    {
        if (kernel < 1 || stride < 1 || padding < 0 || dilation < 1)
        {
            throw new TensorShapeException(
                operation, $"kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}", "a padding of at least 0, and at least 1 for each of the others");
        }
    }

    private static void CheckBias(string operation, Tensor? bias, int channels)
    {
        if (bias is not null && (bias.Rank != 1 || bias.Length != channels))
            throw new TensorShapeException(operation, $"bias {bias.Shape}", $"[{channels}]");
    }
}
