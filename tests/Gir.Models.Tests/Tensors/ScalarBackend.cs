using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>
/// The oracle: every operator as its definition says, one element at a time, values kept in double. It proves that the seam holds a
/// second engine (with memory of another type), and is what the fast one is compared with.
/// </summary>
public sealed partial class ScalarBackend : TensorBackend
{
    public override string Name => "scalar";

    public override TensorStorage Allocate(int length) => new DoubleStorage(length);

    public override void Fill(Tensor y, float value) => Of(y).Fill(value);

    public override void Copy(Tensor x, Tensor y) => Of(x).CopyTo(Of(y));

    public override void AddScaled(Tensor x, float alpha, Tensor y)
    {
        Span<double> from = Of(x);
        Span<double> to = Of(y);
        for (int i = 0; i < to.Length; i++)
            to[i] = (to[i] + ((double)alpha * from[i]));
    }

    public override void ScaleAndShift(Tensor x, float scale, float shift, Tensor y)
    {
        Span<double> from = Of(x);
        Span<double> to = Of(y);
        for (int i = 0; i < to.Length; i++)
            to[i] = (((double)scale * from[i]) + shift);
    }

    public override void Unary(UnaryOperation operation, Tensor x, Tensor y)
    {
        Span<double> from = Of(x);
        Span<double> to = Of(y);
        for (int i = 0; i < to.Length; i++)
            to[i] = Value(operation, from[i]);
    }

    public override void UnaryGradient(UnaryOperation operation, Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        Span<double> from = Of(x);
        Span<double> gradient = Of(dy);
        Span<double> to = Of(dx);
        for (int i = 0; i < to.Length; i++)
            to[i] = (gradient[i] * Derivative(operation, from[i]));
    }

    public override void Binary(BinaryOperation operation, Tensor a, Tensor b, Tensor y)
    {
        Span<double> left = Of(a);
        Span<double> right = Of(b);
        Span<double> to = Of(y);
        foreach ((int index, int[] at) in Positions(y.Shape))
        {
            double p = left[Offset(a.Shape, at)];
            double q = right[Offset(b.Shape, at)];
            to[index] = (operation switch
            {
                BinaryOperation.Add => p + q,
                BinaryOperation.Subtract => p - q,
                BinaryOperation.Multiply => p * q,
                _ => p / q,
            });
        }
    }

    public override void Gate(Tensor x, int outer, Tensor y)
    {
        Span<double> from = Of(x);
        Span<double> to = Of(y);
        int half = y.Length / Math.Max(outer, 1);
        for (int i = 0; i < to.Length; i++)
        {
            int first = (i / half * 2 * half) + (i % half);
            to[i] = from[first] * from[first + half];
        }
    }

    public override void GateGradient(Tensor x, Tensor dy, int outer, Tensor dx)
    {
        Span<double> from = Of(x);
        Span<double> gradient = Of(dy);
        Span<double> to = Of(dx);
        int half = dy.Length / Math.Max(outer, 1);
        for (int i = 0; i < gradient.Length; i++)
        {
            int first = (i / half * 2 * half) + (i % half);
            to[first] = gradient[i] * from[first + half];
            to[first + half] = gradient[i] * from[first];
        }
    }

    public override void Broadcast(Tensor x, Tensor y)
    {
        Span<double> from = Of(x);
        Span<double> to = Of(y);
        foreach ((int index, int[] at) in Positions(y.Shape))
            to[index] = from[Offset(x.Shape, at)];
    }

    public override void Sum(Tensor x, Tensor y)
    {
        Span<double> from = Of(x);
        var sums = new double[y.Length];
        foreach ((int index, int[] at) in Positions(x.Shape))
            sums[Offset(y.Shape, at)] += from[index];
        Store(sums, y);
    }

    public override void Max(Tensor x, int dimension, Tensor y)
    {
        int[] places = PlacesOfLargest(x, dimension, y.Shape);
        for (int i = 0; i < places.Length; i++)
            Of(y)[i] = Of(x)[places[i]];
    }

    public override void MaxGradient(Tensor x, Tensor dy, int dimension, Tensor dx)
    {
        Of(dx).Clear();
        int[] places = PlacesOfLargest(x, dimension, dy.Shape);
        for (int i = 0; i < places.Length; i++)
            Of(dx)[places[i]] = Of(dy)[i];
    }

    private static int[] PlacesOfLargest(Tensor x, int dimension, TensorShape kept)
    {
        Span<double> values = Of(x);
        var places = new int[kept.Length];
        foreach ((int index, int[] at) in Positions(x.Shape))
        {
            int target = Offset(kept, at);
            if (at[dimension] == 0 || values[index] > values[places[target]])
                places[target] = index;
        }

        return places;
    }

    public override void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor? bias, Tensor y)
    {
        Span<double> left = Of(a);
        Span<double> right = Of(b);
        Span<double> to = Of(y);
        int inner = a.Shape[transposeA ? -2 : -1];
        foreach ((int index, int[] at) in Positions(y.Shape))
        {
            double sum = bias is null ? 0 : Of(bias)[at[^1]];
            var p = (int[])at.Clone();
            var q = (int[])at.Clone();
            for (int k = 0; k < inner; k++)
            {
                (p[^2], p[^1]) = transposeA ? (k, at[^2]) : (at[^2], k);
                (q[^2], q[^1]) = transposeB ? (at[^1], k) : (k, at[^1]);
                sum += (double)left[Offset(a.Shape, p)] * right[Offset(b.Shape, q)];
            }

            to[index] = sum;
        }
    }

    public override void Conv2d(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor y)
    {
        Span<double> input = Of(x);
        Span<double> w = Of(weight);
        var sums = new double[y.Length];
        foreach (ConvolutionTap tap in Taps(x.Shape, weight.Shape, geometry, y.Shape))
            sums[tap.Output] += (double)input[tap.Input] * w[tap.Weight];
        AddBias(sums, bias, y.Shape);
        Store(sums, y);
    }

    public override void Conv2dInputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor dx)
    {
        Span<double> gradient = Of(dy);
        Span<double> w = Of(weight);
        var sums = new double[dx.Length];
        foreach (ConvolutionTap tap in Taps(dx.Shape, weight.Shape, geometry, dy.Shape))
            sums[tap.Input] += (double)gradient[tap.Output] * w[tap.Weight];
        AddBias(sums, bias, dx.Shape);
        Store(sums, dx);
    }

    public override void Conv2dWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dweight)
    {
        Span<double> input = Of(x);
        Span<double> gradient = Of(dy);
        var sums = new double[dweight.Length];
        foreach (ConvolutionTap tap in Taps(x.Shape, dweight.Shape, geometry, dy.Shape))
            sums[tap.Weight] += (double)input[tap.Input] * gradient[tap.Output];
        Store(sums, dweight);
    }

    public override void Permute(Tensor x, ReadOnlySpan<int> order, Tensor y)
    {
        Span<double> from = Of(x);
        Span<double> to = Of(y);
        var source = new int[x.Rank];
        foreach ((int index, int[] at) in Positions(y.Shape))
        {
            for (int i = 0; i < at.Length; i++)
                source[order[i]] = at[i];
            to[index] = from[Offset(x.Shape, source)];
        }
    }

    public override void Slice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y)
    {
        Span<double> from = Of(x);
        Span<double> to = Of(y);
        var source = new int[x.Rank];
        foreach ((int index, int[] at) in Positions(y.Shape))
        {
            for (int i = 0; i < at.Length; i++)
                source[i] = starts[i] + (at[i] * steps[i]);
            to[index] = from[Offset(x.Shape, source)];
        }
    }

    public override void PutSlice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y)
    {
        Span<double> from = Of(x);
        Span<double> to = Of(y);
        var target = new int[x.Rank];
        foreach ((int index, int[] at) in Positions(x.Shape))
        {
            for (int i = 0; i < at.Length; i++)
                target[i] = starts[i] + (at[i] * steps[i]);
            to[Offset(y.Shape, target)] = from[index];
        }
    }

    public override void Gather(Tensor x, int[] rows, Tensor y)
    {
        int width = y.Length / Math.Max(rows.Length, 1);
        for (int i = 0; i < rows.Length; i++)
            Of(x).Slice(rows[i] * width, width).CopyTo(Of(y).Slice(i * width, width));
    }

    public override void ScatterAdd(Tensor dy, int[] rows, Tensor dx)
    {
        int width = dy.Length / Math.Max(rows.Length, 1);
        var sums = new double[dx.Length];
        for (int i = 0; i < sums.Length; i++)
            sums[i] = Of(dx)[i];
        for (int i = 0; i < dy.Length; i++)
            sums[(rows[i / width] * width) + (i % width)] += Of(dy)[i];
        Store(sums, dx);
    }

    public override double SumOfSquares(Tensor x)
    {
        double sum = 0;
        foreach (double value in Of(x))
            sum += (double)value * value;
        return sum;
    }

    /// <summary>The values of a tensor of this engine, unrounded; of another engine's tensor a copy, to read only.</summary>
    public static Span<double> Of(Tensor tensor) =>
        tensor.Storage is DoubleStorage own ? own.Values : Array.ConvertAll(tensor.ToArray(), v => (double)v);

    private static void Store(double[] values, Tensor y)
    {
        Span<double> to = Of(y);
        for (int i = 0; i < to.Length; i++)
            to[i] = values[i];
    }

    private static void AddBias(double[] sums, Tensor? bias, TensorShape shape)
    {
        if (bias is null)
            return;
        int plane = shape[2] * shape[3];
        Span<double> offsets = Of(bias);
        for (int i = 0; i < sums.Length; i++)
            sums[i] += offsets[i / plane % shape[1]];
    }

    private static IEnumerable<(int Index, int[] At)> Positions(TensorShape shape)
    {
        var at = new int[shape.Rank];
        for (int index = 0; index < shape.Length; index++)
        {
            int rest = index;
            for (int d = shape.Rank - 1; d >= 0; d--)
            {
                at[d] = rest % shape[d];
                rest /= shape[d];
            }

            yield return (index, at);
        }
    }

    // Broadcasting: missing leading dimensions and dimensions of size 1 take index 0.
    private static int Offset(TensorShape shape, int[] at)
    {
        int offset = 0;
        for (int d = 0; d < shape.Rank; d++)
        {
            int size = shape.Sizes[d];
            offset = (offset * size) + (size == 1 ? 0 : at[at.Length - shape.Rank + d]);
        }

        return offset;
    }

    private static IEnumerable<ConvolutionTap> Taps(TensorShape x, TensorShape weight, Conv2dGeometry geometry, TensorShape y)
    {
        int outputsPerGroup = weight[0] / geometry.Groups;
        for (int n = 0; n < y[0]; n++)
        for (int o = 0; o < y[1]; o++)
        for (int oy = 0; oy < y[2]; oy++)
        for (int ox = 0; ox < y[3]; ox++)
        for (int c = 0; c < weight[1]; c++)
        for (int ky = 0; ky < geometry.KernelHeight; ky++)
        for (int kx = 0; kx < geometry.KernelWidth; kx++)
        {
            int iy = (oy * geometry.Stride) - geometry.Padding + (ky * geometry.Dilation);
            int ix = (ox * geometry.Stride) - geometry.Padding + (kx * geometry.Dilation);
            if ((uint)iy >= (uint)x[2] || (uint)ix >= (uint)x[3])
                continue;
            int channel = (o / outputsPerGroup * weight[1]) + c;
            yield return new ConvolutionTap(
                (((((n * x[1]) + channel) * x[2]) + iy) * x[3]) + ix,
                (((((o * weight[1]) + c) * weight[2]) + ky) * weight[3]) + kx,
                (((((n * y[1]) + o) * y[2]) + oy) * y[3]) + ox);
        }
    }

    private readonly record struct ConvolutionTap(int Input, int Weight, int Output);

    private sealed class DoubleStorage(int length) : TensorStorage
    {
        private double[]? _values = new double[length];

        public override int Length => length;

        public override bool IsReleased => _values is null;

        public double[] Values => _values ?? throw new InvalidOperationException("The tensor's memory was handed back.");

        public override void Write(ReadOnlySpan<float> source)
        {
            for (int i = 0; i < source.Length; i++)
                Values[i] = source[i];
        }

        public override void Read(Span<float> destination)
        {
            for (int i = 0; i < destination.Length; i++)
                destination[i] = (float)Values[i];
        }

        public override void Release() => _values = null;
    }
}
