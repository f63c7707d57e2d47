using Gir.Models.Tensors;

namespace Gir.Benchmarks.Networks;

/// <summary>An engine that hands every operator to another one and notes its time and its operations while the profile is on.</summary>
internal sealed class ProfilingBackend(TensorBackend inner, OperatorProfile profile) : TensorBackend
{
    public override string Name => inner.Name;

    public override TensorStorage Allocate(int length) => inner.Allocate(length);

    public override void Fill(Tensor y, float value)
    {
        using OperatorProfile.Call call = profile.Begin($"fill {y.Shape}");
        inner.Fill(y, value);
    }

    public override void Copy(Tensor x, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"copy {x.Shape}");
        inner.Copy(x, y);
    }

    public override void AddScaled(Tensor x, float alpha, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"add scaled {x.Shape}");
        inner.AddScaled(x, alpha, y);
    }

    public override void ScaleAndShift(Tensor x, float scale, float shift, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"scale and shift {x.Shape}");
        inner.ScaleAndShift(x, scale, shift, y);
    }

    public override void Unary(UnaryOperation operation, Tensor x, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"{operation.Function} {x.Shape}");
        inner.Unary(operation, x, y);
    }

    public override void UnaryGradient(UnaryOperation operation, Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        using OperatorProfile.Call call = profile.Begin($"{operation.Function} gradient {x.Shape}");
        inner.UnaryGradient(operation, x, y, dy, dx);
    }

    public override void Binary(BinaryOperation operation, Tensor a, Tensor b, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"{operation} {a.Shape}, {b.Shape}");
        inner.Binary(operation, a, b, y);
    }

    public override void Gate(Tensor x, int outer, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"gate {x.Shape}");
        inner.Gate(x, outer, y);
    }

    public override void GateGradient(Tensor x, Tensor dy, int outer, Tensor dx)
    {
        using OperatorProfile.Call call = profile.Begin($"gate gradient {x.Shape}");
        inner.GateGradient(x, dy, outer, dx);
    }

    public override void Broadcast(Tensor x, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"broadcast {x.Shape}");
        inner.Broadcast(x, y);
    }

    public override void Sum(Tensor x, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"sum {x.Shape}");
        inner.Sum(x, y);
    }

    public override void Max(Tensor x, int dimension, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"max {x.Shape}");
        inner.Max(x, dimension, y);
    }

    public override void MaxGradient(Tensor x, Tensor dy, int dimension, Tensor dx)
    {
        using OperatorProfile.Call call = profile.Begin($"max gradient {dy.Shape}");
        inner.MaxGradient(x, dy, dimension, dx);
    }

    public override void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor? bias, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"matmul {a.Shape}{(transposeA ? "^T" : "")} {b.Shape}{(transposeB ? "^T" : "")}", 2L * y.Length * a.Shape[transposeA ? -2 : -1]);
        inner.MatMul(a, transposeA, b, transposeB, bias, y);
    }

    public override void Conv2d(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"conv2d {Describe(weight, geometry)} of {x.Shape}", 2L * y.Length * weight.Length / weight.Shape[0]);
        inner.Conv2d(x, weight, bias, in geometry, y);
    }

    public override void Conv2dInputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor dx)
    {
        using OperatorProfile.Call call = profile.Begin($"conv2d input gradient {Describe(weight, geometry)} of {dy.Shape}", 2L * dy.Length * weight.Length / weight.Shape[0]);
        inner.Conv2dInputGradient(dy, weight, bias, in geometry, dx);
    }

    public override void Conv2dWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dweight)
    {
        using OperatorProfile.Call call = profile.Begin($"conv2d weight gradient {Describe(dweight, geometry)} of {x.Shape}", 2L * dy.Length * dweight.Length / dweight.Shape[0]);
        inner.Conv2dWeightGradient(x, dy, in geometry, dweight);
    }

    public override void Softmax(Tensor x, in AxisExtent extent, bool logarithm, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"softmax {x.Shape}");
        inner.Softmax(x, in extent, logarithm, y);
    }

    public override void SoftmaxGradient(Tensor y, Tensor dy, in AxisExtent extent, bool logarithm, Tensor dx)
    {
        using OperatorProfile.Call call = profile.Begin($"softmax gradient {y.Shape}");
        inner.SoftmaxGradient(y, dy, in extent, logarithm, dx);
    }

    public override void Normalize(
        Tensor x, Tensor? weight, Tensor? bias, in AxisExtent extent, float epsilon, bool subtractMean, Tensor y, Tensor mean, Tensor reciprocal)
    {
        using OperatorProfile.Call call = profile.Begin($"normalize {x.Shape}, {extent}");
        inner.Normalize(x, weight, bias, in extent, epsilon, subtractMean, y, mean, reciprocal);
    }

    public override void NormalizeGradient(
        Tensor x, Tensor? weight, Tensor mean, Tensor reciprocal, Tensor dy, in AxisExtent extent, bool subtractMean, Tensor dx, Tensor? dweight, Tensor? dbias)
    {
        using OperatorProfile.Call call = profile.Begin($"normalize gradient {x.Shape}");
        inner.NormalizeGradient(x, weight, mean, reciprocal, dy, in extent, subtractMean, dx, dweight, dbias);
    }

    public override void Permute(Tensor x, ReadOnlySpan<int> order, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"permute {x.Shape} to {y.Shape}");
        inner.Permute(x, order, y);
    }

    public override void Slice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"slice {x.Shape} to {y.Shape}");
        inner.Slice(x, starts, steps, y);
    }

    public override void PutSlice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"put slice {x.Shape} in {y.Shape}");
        inner.PutSlice(x, starts, steps, y);
    }

    public override void Pad2d(Tensor x, in Padding2d padding, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"pad2d {x.Shape}");
        inner.Pad2d(x, in padding, y);
    }

    public override void Pad2dGradient(Tensor dy, in Padding2d padding, Tensor dx)
    {
        using OperatorProfile.Call call = profile.Begin($"pad2d gradient {dy.Shape}");
        inner.Pad2dGradient(dy, in padding, dx);
    }

    public override void Gather(Tensor x, int[] rows, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"gather {x.Shape}");
        inner.Gather(x, rows, y);
    }

    public override void ScatterAdd(Tensor dy, int[] rows, Tensor dx)
    {
        using OperatorProfile.Call call = profile.Begin($"scatter add {dy.Shape}");
        inner.ScatterAdd(dy, rows, dx);
    }

    public override void Resample(Tensor x, ResamplingTaps rows, ResamplingTaps columns, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"resample {x.Shape}");
        inner.Resample(x, rows, columns, y);
    }

    public override void ResampleGradient(Tensor dy, ResamplingTaps rows, ResamplingTaps columns, Tensor dx)
    {
        using OperatorProfile.Call call = profile.Begin($"resample gradient {dy.Shape}");
        inner.ResampleGradient(dy, rows, columns, dx);
    }

    public override void Unfold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"unfold {x.Shape}");
        inner.Unfold(x, in geometry, y);
    }

    public override void Fold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"fold {x.Shape}");
        inner.Fold(x, in geometry, y);
    }

    public override void MaxPool(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"max pool {x.Shape}");
        inner.MaxPool(x, in geometry, y);
    }

    public override void MaxPoolGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dx)
    {
        using OperatorProfile.Call call = profile.Begin($"max pool gradient {dy.Shape}");
        inner.MaxPoolGradient(x, dy, in geometry, dx);
    }

    public override void Attention(Tensor q, Tensor k, Tensor v, float scale, Tensor? bias, Tensor? mask, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"attention {q.Shape}, {k.Shape}{(mask is null ? "" : ", mask")}", 4L * q.Length * k.Shape[2]);
        inner.Attention(q, k, v, scale, bias, mask, y);
    }

    public override void WindowAttention(Tensor queries, Tensor keysAndValues, in AttentionWindows windows, Tensor? bias, Tensor? mask, Tensor y)
    {
        using OperatorProfile.Call call = profile.Begin($"window attention {y.Shape}, {windows.Size} to {windows.KeySize}{(mask is null ? "" : ", mask")}", 4L * y.Length * windows.Keys);
        inner.WindowAttention(queries, keysAndValues, in windows, bias, mask, y);
    }

    public override void AdamStep(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamStepSettings settings)
    {
        using OperatorProfile.Call call = profile.Begin($"adam step {parameter.Shape}");
        inner.AdamStep(parameter, gradient, firstMoment, secondMoment, in settings);
    }

    public override double SumOfSquares(Tensor x)
    {
        using OperatorProfile.Call call = profile.Begin($"sum of squares {x.Shape}");
        return inner.SumOfSquares(x);
    }

    private static string Describe(Tensor weight, in Conv2dGeometry geometry) =>
        $"{weight.Shape}{(geometry.Stride > 1 ? $" /{geometry.Stride}" : "")}{(geometry.Groups > 1 ? " grouped" : "")}";
}
