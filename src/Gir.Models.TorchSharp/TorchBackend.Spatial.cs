using Gir.Models.Tensors;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace Gir.Models.TorchSharp;

public sealed partial class TorchBackend
{
    /// <inheritdoc/>
    public override void Pad2d(Tensor x, in Padding2d padding, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        PaddingModes mode = padding.Mode switch
        {
            TensorPadMode.Reflect => PaddingModes.Reflect,
            TensorPadMode.Replicate => PaddingModes.Replicate,
            TensorPadMode.Circular => PaddingModes.Circular,
            _ => PaddingModes.Constant,
        };
        Put(y, F.pad(Of(x), [padding.Left, padding.Right, padding.Top, padding.Bottom], mode, padding.Mode == TensorPadMode.Constant ? padding.Value : 0));
    }

    /// <inheritdoc/>
    public override void Pad2dGradient(Tensor dy, in Padding2d padding, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor gradient = Of(dy);
        if (padding.Mode == TensorPadMode.Constant)
        {
            Put(dx, F.pad(gradient, [-padding.Left, -padding.Right, -padding.Top, -padding.Bottom]));
            return;
        }

        (int n, int c, int h, int w) = (dx.Shape[0], dx.Shape[1], dx.Shape[2], dx.Shape[3]);
        (int oh, int ow) = (dy.Shape[2], dy.Shape[3]);
        torch.Tensor rows = Zeros(n, c, h, ow).index_add_(2, _indices.OfPadding(oh, h, padding.Top, padding.Mode), gradient, Numbers.Number(1));
        Put(dx, Zeros(n, c, h, w).index_add_(3, _indices.OfPadding(ow, w, padding.Left, padding.Mode), rows, Numbers.Number(1)));
    }

    /// <inheritdoc/>
    public override void Resample(Tensor x, ResamplingTaps rows, ResamplingTaps columns, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(y, Resampled(Resampled(Of(x), rows, 2), columns, 3));
    }

    /// <inheritdoc/>
    public override void ResampleGradient(Tensor dy, ResamplingTaps rows, ResamplingTaps columns, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(dx, Spread(Spread(Of(dy), columns, 3), rows, 2));
    }

    // In memory of its own.
    private torch.Tensor Resampled(torch.Tensor x, ResamplingTaps taps, int dimension)
    {
        DeviceIndices.Taps table = _indices.Of(taps);
        torch.Tensor? sum = null;
        for (int t = 0; t < table.Positions.Length; t++)
        {
            torch.Tensor part = x.index_select(dimension, table.Positions[t]);
            if (table.Weights is { } weights)
                part.mul_(Along(weights[t], dimension));
            sum = sum is null ? part : sum.Add(part);
        }

        return sum!;
    }

    private torch.Tensor Spread(torch.Tensor dy, ResamplingTaps taps, int dimension)
    {
        DeviceIndices.Taps table = _indices.Of(taps);
        long[] sizes = dy.shape;
        sizes[dimension] = taps.InputSize;
        torch.Tensor sum = torch.zeros(sizes, torch.ScalarType.Float32, Device);
        for (int t = 0; t < table.Positions.Length; t++)
            sum.index_add_(dimension, table.Positions[t], table.Weights is { } weights ? dy.mul(Along(weights[t], dimension)) : dy, Numbers.Number(1));
        return sum;
    }

    private static torch.Tensor Along(torch.Tensor weights, int dimension) => dimension == 2 ? weights.view(-1, 1) : weights;

    /// <inheritdoc/>
    public override void Unfold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (long stride, long padding, long dilation) = (geometry.Stride, geometry.Padding, geometry.Dilation);
        Put(y, F.unfold(Of(x), (geometry.KernelHeight, geometry.KernelWidth), (dilation, dilation), (padding, padding), (stride, stride)));
    }

    /// <inheritdoc/>
    public override void Fold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (long stride, long padding, long dilation) = (geometry.Stride, geometry.Padding, geometry.Dilation);
        Put(y, F.fold(
            Of(x), (y.Shape[2], y.Shape[3]), (geometry.KernelHeight, geometry.KernelWidth), (dilation, dilation), (padding, padding), (stride, stride)));
    }

    /// <inheritdoc/>
    public override void MaxPool(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(y, F.max_pool2d(
            Of(x), [geometry.KernelHeight, geometry.KernelWidth], [geometry.Stride, geometry.Stride], [geometry.Padding, geometry.Padding]));
    }

    /// <inheritdoc/>
    public override void MaxPoolGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (int planes, int pixels, int outputs) = (x.Shape[0] * x.Shape[1], x.Shape[2] * x.Shape[3], dy.Shape[2] * dy.Shape[3]);
        (_, torch.Tensor places) = F.max_pool2d_with_indices(
            Of(x), [geometry.KernelHeight, geometry.KernelWidth], [geometry.Stride, geometry.Stride], [geometry.Padding, geometry.Padding]);
        torch.Tensor sums = torch.zeros(planes, pixels, torch.ScalarType.Float32, Device);
        Put(dx, sums.scatter_add_(1, places.view(planes, outputs), Flat(dy).view(planes, outputs)));
    }

    private torch.Tensor Zeros(params long[] sizes) => torch.zeros(sizes, torch.ScalarType.Float32, Device);
}
