using Gir.Models.Tensors;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace Gir.Models.TorchSharp;

public sealed partial class TorchBackend
{
    /// <inheritdoc/>
    public override void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor? bias, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int rank = y.Rank;
        torch.Tensor left = Factor(a);
        torch.Tensor right = Factor(b);
        if (rank > 2 && b.Length == b.Shape[-1] * b.Shape[-2])
        {
            // One matrix for the whole batch: torch then makes one product of it.
            right = right.view(b.Shape[-2], b.Shape[-1]);
        }

        left = transposeA ? left.transpose(-2, -1) : left;
        right = transposeB ? right.transpose(-2, -1) : right;
        torch.Tensor product = rank == 2 && bias is not null ? torch.addmm(Factor(bias), left, right, 1, 1) : torch.matmul(left, right);
        if (rank > 2 && bias is not null)
            product.Add(Factor(bias));
        Put(y, Single(product));
    }

    /// <inheritdoc/>
    public override void Conv2d(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (int stride, int padding, int dilation) = (geometry.Stride, geometry.Padding, geometry.Dilation);
        Put(y, Single(F.conv2d(
            Factor(x), Factor(weight), FactorOrNull(bias), [stride, stride], [padding, padding], [dilation, dilation], geometry.Groups)));
    }

    /// <inheritdoc/>
    public override void Conv2dInputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (int stride, int padding, int dilation) = (geometry.Stride, geometry.Padding, geometry.Dilation);
        // What a stride leaves over at the bottom and right.
        long[] rest =
        [
            dx.Shape[2] - Transposed(dy.Shape[2], geometry.KernelHeight),
            dx.Shape[3] - Transposed(dy.Shape[3], geometry.KernelWidth),
        ];
        Put(dx, Single(F.conv_transpose2d(
            Factor(dy), Factor(weight), FactorOrNull(bias), [stride, stride], [padding, padding], rest, [dilation, dilation], geometry.Groups)));

        long Transposed(int size, int kernel) => ((size - 1L) * stride) - (2L * padding) + (dilation * (kernel - 1L)) + 1;
    }

    /// <inheritdoc/>
    public override void Conv2dWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dweight)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor input = Factor(x);
        torch.Tensor like = torch.empty(Sizes(dweight.Shape), input.dtype, Device);
        Put(dweight, Single(TorchScripts.WeightGradient(geometry, Factor(dy), input, like)));
    }

    /// <inheritdoc/>
    public override void Attention(Tensor q, Tensor k, Tensor v, float scale, Tensor? bias, Tensor? mask, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(y, Attended(Of(q), Of(k), Of(v), scale, bias, mask));
    }

    /// <inheritdoc/>
    public override void WindowAttention(Tensor queries, Tensor keysAndValues, in AttentionWindows windows, Tensor? bias, Tensor? mask, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (int n, int h, int w, int width) = (y.Shape[0], y.Shape[1], y.Shape[2], y.Shape[3]);
        (int heads, int size, int shift, int depth) = (windows.Heads, windows.Size, windows.Shift, width / windows.Heads);
        torch.Tensor q = Partition(Rolled(Of(queries).narrow(3, 0, width), -shift), size, size, heads);
        torch.Tensor pairs = Rolled(Of(keysAndValues).narrow(3, keysAndValues.Shape[3] - (2 * width), 2 * width), -shift);
        torch.Tensor k = Partition(pairs.narrow(3, 0, width), size, windows.KeySize, heads);
        torch.Tensor v = Partition(pairs.narrow(3, width, width), size, windows.KeySize, heads);
        torch.Tensor attended = Attended(q, k, v, windows.Scale, bias, mask);
        torch.Tensor image = attended.view(n, h / size, w / size, heads, size, size, depth).permute(0, 1, 4, 2, 5, 3, 6).reshape(n, h, w, width);
        Put(y, Rolled(image, shift));
    }

    private static torch.Tensor Rolled(torch.Tensor image, int shift) => shift == 0 ? image : image.roll((shift, shift), (1, 2));

    // [n, h, w, c] to [windows, heads, side^2, c / heads]; windows of a larger side overlap and end in zeros.
    private static torch.Tensor Partition(torch.Tensor image, int size, int side, int heads)
    {
        (long n, long h, long w, long c) = (image.shape[0], image.shape[1], image.shape[2], image.shape[3]);
        long margin = (side - size) / 2;
        if (margin > 0)
            image = F.pad(image, [0, 0, margin, margin, margin, margin]);
        // [n, rows, columns, c, side, side].
        torch.Tensor windows = image.unfold(1, side, size).unfold(2, side, size);
        return windows.reshape(n * (h / size) * (w / size), heads, c / heads, side * side).transpose(-2, -1);
    }

    private torch.Tensor Attended(torch.Tensor q, torch.Tensor k, torch.Tensor v, float scale, Tensor? bias, Tensor? mask)
    {
        torch.Tensor scores = torch.matmul(Low(q.Times(scale)), Low(k).transpose(-2, -1));
        (long windows, long heads, long m, long n) = (scores.shape[0], scores.shape[1], scores.shape[2], scores.shape[3]);
        scores = Single(scores);
        if (bias is not null)
            scores.Add(Of(bias).view(1, heads, m, n));
        if (mask is not null)
            scores.view(windows / mask.Shape[0], mask.Shape[0], heads, m, n).Add(Of(mask).view(1, mask.Shape[0], 1, m, n));
        return Single(torch.matmul(Low(scores.softmax(-1)), Low(v)));
    }

    private torch.Tensor Low(torch.Tensor factor) => _low == torch.ScalarType.Float32 ? factor : factor.to(_low);
}
