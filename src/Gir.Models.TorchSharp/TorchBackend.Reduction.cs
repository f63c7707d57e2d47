using Gir.Models.Tensors;
using TorchSharp;

namespace Gir.Models.TorchSharp;

public sealed partial class TorchBackend
{
    /// <inheritdoc/>
    public override void Sum(Tensor x, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[] dimensions = [.. Enumerable.Range(0, x.Rank).Where(d => x.Shape[d] != y.Shape[d]).Select(d => (long)d)];
        Put(y, dimensions.Length == 0 ? Of(x).clone() : Of(x).sum(dimensions, keepdim: true));
    }

    /// <inheritdoc/>
    public override void Max(Tensor x, int dimension, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(y, Of(x).max(dimension, keepdim: true).values);
    }

    /// <inheritdoc/>
    public override void MaxGradient(Tensor x, Tensor dy, int dimension, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor value = Of(x);
        torch.Tensor places = value.max(dimension, keepdim: true).indexes;
        Put(dx, torch.zeros_like(value).scatter_(dimension, places, Flat(dy).view(places.shape)));
    }

    /// <inheritdoc/>
    public override double SumOfSquares(Tensor x) => SumOfSquares([x]);

    /// <inheritdoc/>
    public override double SumOfSquares(IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0)
            return 0;
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor sum = torch.zeros(1, torch.ScalarType.Float64, Device);
        foreach (Tensor tensor in tensors)
            sum.Add(Flat(tensor).to(torch.ScalarType.Float64).square().sum());
        CountTransfer();
        return sum.cpu().item<double>();
    }

    /// <inheritdoc/>
    public override void Softmax(Tensor x, in AxisExtent extent, bool logarithm, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor value = Seen(x, extent);
        Put(y, logarithm ? value.log_softmax(1) : value.softmax(1));
    }

    /// <inheritdoc/>
    public override void SoftmaxGradient(Tensor y, Tensor dy, in AxisExtent extent, bool logarithm, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor value, torch.Tensor gradient) = (Seen(y, extent), Seen(dy, extent));
        if (logarithm)
        {
            Put(dx, gradient.sub(value.exp().mul_(gradient.sum(1, keepdim: true))));
            return;
        }

        torch.Tensor product = value.mul(gradient);
        Put(dx, product.sub(value.mul(product.sum(1, keepdim: true))));
    }

    /// <inheritdoc/>
    public override void Normalize(
        Tensor x, Tensor? weight, Tensor? bias, in AxisExtent extent, float epsilon, bool subtractMean, Tensor y, Tensor mean, Tensor reciprocal)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor value = Seen(x, extent);
        if (subtractMean)
        {
            // Lines that lie apart are brought together: two copies cost less than five passes.
            torch.Tensor[] parts = TorchScripts.Normalize(
                extent.Count, epsilon, Lines(value, extent), weight is null ? null : Flat(weight), bias is null ? null : Flat(bias));
            Put(y, extent.Inner == 1 ? parts[0] : parts[0].transpose(1, 2));
            Put(mean, parts[1]);
            Put(reciprocal, parts[2]);
            return;
        }

        (torch.Tensor average, torch.Tensor scale) = Statistics(value, epsilon);
        torch.Tensor result = value.mul(scale);
        if (weight is not null)
            result.mul_(Flat(weight).view(1, extent.Count, 1));
        if (bias is not null)
            result.Add(Flat(bias).view(1, extent.Count, 1));
        Put(y, result);
        Put(mean, average);
        Put(reciprocal, scale);
    }

    // Sums: libtorch's own variance works off one number after the other on the processor.
    private static (torch.Tensor Mean, torch.Tensor Reciprocal) Statistics(torch.Tensor value, float epsilon)
    {
        torch.Tensor mean = value.mean([1], keepdim: true);
        torch.Tensor variance = value.sub(mean).square().mean([1], keepdim: true);
        return (mean, variance.Add(epsilon).rsqrt_());
    }

    private static torch.Tensor Lines(torch.Tensor seen, in AxisExtent extent) => extent.Inner == 1
        ? seen.view(extent.Outer, extent.Count)
        : seen.transpose(1, 2).contiguous();

    /// <inheritdoc/>
    public override void NormalizeGradient(
        Tensor x, Tensor? weight, Tensor mean, Tensor reciprocal, Tensor dy, in AxisExtent extent, bool subtractMean, Tensor dx, Tensor? dweight, Tensor? dbias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor gradient = Seen(dy, extent);
        torch.Tensor average = Flat(mean).view(extent.Outer, 1, extent.Inner);
        torch.Tensor scale = Flat(reciprocal).view(extent.Outer, 1, extent.Inner);
        torch.Tensor centered = Seen(x, extent).sub(average);
        torch.Tensor shifted = subtractMean ? centered : Seen(x, extent);
        long[] others = [0, 2];
        if (dweight is not null)
            Put(dweight, gradient.mul(shifted).mul_(scale).sum(others));
        if (dbias is not null)
            Put(dbias, gradient.sum(others));
        torch.Tensor inner = weight is null ? gradient : gradient.mul(Flat(weight).view(1, extent.Count, 1));
        // y = (x - s) r with r depending on the variance: dr/dx = -r^3 (x - mean) / n.
        torch.Tensor product = inner.mul(shifted).mean([1], keepdim: true).mul_(scale.square());
        torch.Tensor result = subtractMean ? inner.sub(inner.mean([1], keepdim: true)) : inner.clone();
        Put(dx, result.sub_(centered.mul_(product)).mul_(scale));
    }

    private torch.Tensor Seen(Tensor x, in AxisExtent extent) => Flat(x).view(extent.Outer, extent.Count, extent.Inner);
}
