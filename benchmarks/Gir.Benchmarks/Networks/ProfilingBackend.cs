using System.Diagnostics;
using Gir.Models.Tensors;

namespace Gir.Benchmarks.Networks;

/// <summary>An engine that hands every operator to another one and notes its time and its operations while the profile is on.</summary>
internal sealed class ProfilingBackend(TensorBackend inner, OperatorProfile profile) : TensorBackend
{
    public override string Name => inner.Name;

    public override TensorStorage Allocate(int length) => inner.Allocate(length);

    public override void Fill(Tensor y, float value)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Fill(y, value);
        if (profile.IsOn)
            profile.Add($"fill {y.Shape}", start, 0);
    }

    public override void Copy(Tensor x, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Copy(x, y);
        if (profile.IsOn)
            profile.Add($"copy {x.Shape}", start, 0);
    }

    public override void AddScaled(Tensor x, float alpha, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.AddScaled(x, alpha, y);
        if (profile.IsOn)
            profile.Add($"add scaled {x.Shape}", start, 0);
    }

    public override void ScaleAndShift(Tensor x, float scale, float shift, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.ScaleAndShift(x, scale, shift, y);
        if (profile.IsOn)
            profile.Add($"scale and shift {x.Shape}", start, 0);
    }

    public override void Unary(UnaryOperation operation, Tensor x, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Unary(operation, x, y);
        if (profile.IsOn)
            profile.Add($"{operation.Function} {x.Shape}", start, 0);
    }

    public override void UnaryGradient(UnaryOperation operation, Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.UnaryGradient(operation, x, y, dy, dx);
        if (profile.IsOn)
            profile.Add($"{operation.Function} gradient {x.Shape}", start, 0);
    }

    public override void Binary(BinaryOperation operation, Tensor a, Tensor b, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Binary(operation, a, b, y);
        if (profile.IsOn)
            profile.Add($"{operation} {a.Shape}, {b.Shape}", start, 0);
    }

    public override void Gate(Tensor x, int outer, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Gate(x, outer, y);
        if (profile.IsOn)
            profile.Add($"gate {x.Shape}", start, 0);
    }

    public override void GateGradient(Tensor x, Tensor dy, int outer, Tensor dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.GateGradient(x, dy, outer, dx);
        if (profile.IsOn)
            profile.Add($"gate gradient {x.Shape}", start, 0);
    }

    public override void Broadcast(Tensor x, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Broadcast(x, y);
        if (profile.IsOn)
            profile.Add($"broadcast {x.Shape}", start, 0);
    }

    public override void Sum(Tensor x, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Sum(x, y);
        if (profile.IsOn)
            profile.Add($"sum {x.Shape}", start, 0);
    }

    public override void Max(Tensor x, int dimension, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Max(x, dimension, y);
        if (profile.IsOn)
            profile.Add($"max {x.Shape}", start, 0);
    }

    public override void MaxGradient(Tensor x, Tensor dy, int dimension, Tensor dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.MaxGradient(x, dy, dimension, dx);
        if (profile.IsOn)
            profile.Add($"max gradient {dy.Shape}", start, 0);
    }

    public override void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor? bias, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.MatMul(a, transposeA, b, transposeB, bias, y);
        if (profile.IsOn)
            profile.Add($"matmul {a.Shape}{(transposeA ? "^T" : "")} {b.Shape}{(transposeB ? "^T" : "")}", start, 2L * y.Length * a.Shape[transposeA ? -2 : -1]);
    }

    public override void Conv2d(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Conv2d(x, weight, bias, in geometry, y);
        if (profile.IsOn)
            profile.Add($"conv2d {Describe(weight, geometry)} of {x.Shape}", start, 2L * y.Length * weight.Length / weight.Shape[0]);
    }

    public override void Conv2dInputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Conv2dInputGradient(dy, weight, bias, in geometry, dx);
        if (profile.IsOn)
            profile.Add($"conv2d input gradient {Describe(weight, geometry)} of {dy.Shape}", start, 2L * dy.Length * weight.Length / weight.Shape[0]);
    }

    public override void Conv2dWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dweight)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Conv2dWeightGradient(x, dy, in geometry, dweight);
        if (profile.IsOn)
            profile.Add($"conv2d weight gradient {Describe(dweight, geometry)} of {x.Shape}", start, 2L * dy.Length * dweight.Length / dweight.Shape[0]);
    }

    public override void Softmax(Tensor x, in AxisExtent extent, bool logarithm, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Softmax(x, in extent, logarithm, y);
        if (profile.IsOn)
            profile.Add($"softmax {x.Shape}", start, 0);
    }

    public override void SoftmaxGradient(Tensor y, Tensor dy, in AxisExtent extent, bool logarithm, Tensor dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.SoftmaxGradient(y, dy, in extent, logarithm, dx);
        if (profile.IsOn)
            profile.Add($"softmax gradient {y.Shape}", start, 0);
    }

    public override void Normalize(
        Tensor x, Tensor? weight, Tensor? bias, in AxisExtent extent, float epsilon, bool subtractMean, Tensor y, Tensor mean, Tensor reciprocal)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Normalize(x, weight, bias, in extent, epsilon, subtractMean, y, mean, reciprocal);
        if (profile.IsOn)
            profile.Add($"normalize {x.Shape}, {extent}", start, 0);
    }

    public override void NormalizeGradient(
        Tensor x, Tensor? weight, Tensor mean, Tensor reciprocal, Tensor dy, in AxisExtent extent, bool subtractMean, Tensor dx, Tensor? dweight, Tensor? dbias)
    {
        long start = Stopwatch.GetTimestamp();
        inner.NormalizeGradient(x, weight, mean, reciprocal, dy, in extent, subtractMean, dx, dweight, dbias);
        if (profile.IsOn)
            profile.Add($"normalize gradient {x.Shape}", start, 0);
    }

    public override void Permute(Tensor x, ReadOnlySpan<int> order, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Permute(x, order, y);
        if (profile.IsOn)
            profile.Add($"permute {x.Shape} to {y.Shape}", start, 0);
    }

    public override void Slice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Slice(x, starts, steps, y);
        if (profile.IsOn)
            profile.Add($"slice {x.Shape} to {y.Shape}", start, 0);
    }

    public override void PutSlice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.PutSlice(x, starts, steps, y);
        if (profile.IsOn)
            profile.Add($"put slice {x.Shape} in {y.Shape}", start, 0);
    }

    public override void Pad2d(Tensor x, in Padding2d padding, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Pad2d(x, in padding, y);
        if (profile.IsOn)
            profile.Add($"pad2d {x.Shape}", start, 0);
    }

    public override void Pad2dGradient(Tensor dy, in Padding2d padding, Tensor dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Pad2dGradient(dy, in padding, dx);
        if (profile.IsOn)
            profile.Add($"pad2d gradient {dy.Shape}", start, 0);
    }

    public override void Gather(Tensor x, int[] rows, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Gather(x, rows, y);
        if (profile.IsOn)
            profile.Add($"gather {x.Shape}", start, 0);
    }

    public override void ScatterAdd(Tensor dy, int[] rows, Tensor dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.ScatterAdd(dy, rows, dx);
        if (profile.IsOn)
            profile.Add($"scatter add {dy.Shape}", start, 0);
    }

    public override void Resample(Tensor x, ResamplingTaps rows, ResamplingTaps columns, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Resample(x, rows, columns, y);
        if (profile.IsOn)
            profile.Add($"resample {x.Shape}", start, 0);
    }

    public override void ResampleGradient(Tensor dy, ResamplingTaps rows, ResamplingTaps columns, Tensor dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.ResampleGradient(dy, rows, columns, dx);
        if (profile.IsOn)
            profile.Add($"resample gradient {dy.Shape}", start, 0);
    }

    public override void Unfold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Unfold(x, in geometry, y);
        if (profile.IsOn)
            profile.Add($"unfold {x.Shape}", start, 0);
    }

    public override void Fold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Fold(x, in geometry, y);
        if (profile.IsOn)
            profile.Add($"fold {x.Shape}", start, 0);
    }

    public override void MaxPool(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.MaxPool(x, in geometry, y);
        if (profile.IsOn)
            profile.Add($"max pool {x.Shape}", start, 0);
    }

    public override void MaxPoolGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.MaxPoolGradient(x, dy, in geometry, dx);
        if (profile.IsOn)
            profile.Add($"max pool gradient {dy.Shape}", start, 0);
    }

    public override void Attention(Tensor q, Tensor k, Tensor v, float scale, Tensor? bias, Tensor? mask, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Attention(q, k, v, scale, bias, mask, y);
        if (profile.IsOn)
            profile.Add($"attention {q.Shape}, {k.Shape}{(mask is null ? "" : ", mask")}", start, 4L * q.Length * k.Shape[2]);
    }

    public override void WindowAttention(Tensor queries, Tensor keysAndValues, in AttentionWindows windows, Tensor? bias, Tensor? mask, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.WindowAttention(queries, keysAndValues, in windows, bias, mask, y);
        if (profile.IsOn)
            profile.Add($"window attention {y.Shape}, {windows.Size} to {windows.KeySize}{(mask is null ? "" : ", mask")}", start, 4L * y.Length * windows.Keys);
    }

    public override void AdamStep(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamStepSettings settings)
    {
        long start = Stopwatch.GetTimestamp();
        inner.AdamStep(parameter, gradient, firstMoment, secondMoment, in settings);
        if (profile.IsOn)
            profile.Add($"adam step {parameter.Shape}", start, 0);
    }

    public override double SumOfSquares(Tensor x)
    {
        long start = Stopwatch.GetTimestamp();
        double result = inner.SumOfSquares(x);
        if (profile.IsOn)
            profile.Add($"sum of squares {x.Shape}", start, 0);
        return result;
    }

    private static string Describe(Tensor weight, in Conv2dGeometry geometry) =>
        $"{weight.Shape}{(geometry.Stride > 1 ? $" /{geometry.Stride}" : "")}{(geometry.Groups > 1 ? " grouped" : "")}";
}
