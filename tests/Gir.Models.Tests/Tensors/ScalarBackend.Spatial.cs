using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

public sealed partial class ScalarBackend
{
    public override void Pad2d(Tensor x, in Padding2d padding, Tensor y)
    {
        foreach ((int target, int source) in Padded(x.Shape, padding, y.Shape))
            Of(y)[target] = source < 0 ? padding.Value : Of(x)[source];
    }

    public override void Pad2dGradient(Tensor dy, in Padding2d padding, Tensor dx)
    {
        var sums = new double[dx.Length];
        foreach ((int target, int source) in Padded(dx.Shape, padding, dy.Shape))
        {
            if (source >= 0)
                sums[source] += Of(dy)[target];
        }

        Store(sums, dx);
    }

    public override void Resample(Tensor x, ResamplingTaps rows, ResamplingTaps columns, Tensor y)
    {
        var sums = new double[y.Length];
        foreach ((int input, int output, double weight) in Taps(rows, columns, x.Shape[0] * x.Shape[1]))
            sums[output] += weight * Of(x)[input];
        Store(sums, y);
    }

    public override void ResampleGradient(Tensor dy, ResamplingTaps rows, ResamplingTaps columns, Tensor dx)
    {
        var sums = new double[dx.Length];
        foreach ((int input, int output, double weight) in Taps(rows, columns, dx.Shape[0] * dx.Shape[1]))
            sums[input] += weight * Of(dy)[output];
        Store(sums, dx);
    }

    public override void Unfold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        foreach ((int image, int column) in Columns(x.Shape, geometry))
            Of(y)[column] = image < 0 ? 0 : Of(x)[image];
    }

    public override void Fold(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        var sums = new double[y.Length];
        foreach ((int image, int column) in Columns(y.Shape, geometry))
        {
            if (image >= 0)
                sums[image] += Of(x)[column];
        }

        Store(sums, y);
    }

    public override void MaxPool(Tensor x, in Conv2dGeometry geometry, Tensor y)
    {
        int[] places = PlacesInWindows(x, geometry, y.Shape);
        for (int i = 0; i < places.Length; i++)
            Of(y)[i] = Of(x)[places[i]];
    }

    public override void MaxPoolGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dx)
    {
        var sums = new double[dx.Length];
        int[] places = PlacesInWindows(x, geometry, dy.Shape);
        for (int i = 0; i < places.Length; i++)
            sums[places[i]] += Of(dy)[i];
        Store(sums, dx);
    }

    private static int[] PlacesInWindows(Tensor x, Conv2dGeometry geometry, TensorShape pooled)
    {
        (int h, int w) = (x.Shape[2], x.Shape[3]);
        var places = new int[pooled.Length];
        foreach ((int index, int[] at) in Positions(pooled))
        {
            double largest = double.NegativeInfinity;
            int found = -1;
            for (int ky = 0; ky < geometry.KernelHeight; ky++)
            for (int kx = 0; kx < geometry.KernelWidth; kx++)
            {
                int iy = (at[2] * geometry.Stride) - geometry.Padding + ky;
                int ix = (at[3] * geometry.Stride) - geometry.Padding + kx;
                if ((uint)iy >= (uint)h || (uint)ix >= (uint)w)
                    continue;
                int place = (((((at[0] * x.Shape[1]) + at[1]) * h) + iy) * w) + ix;
                if (found < 0 || Of(x)[place] > largest)
                    (largest, found) = (Of(x)[place], place);
            }

            places[index] = found;
        }

        return places;
    }

    private static IEnumerable<(int Target, int Source)> Padded(TensorShape x, Padding2d padding, TensorShape y)
    {
        foreach ((int index, int[] at) in Positions(y))
        {
            int iy = Source(at[2] - padding.Top, x[2], padding.Mode);
            int ix = Source(at[3] - padding.Left, x[3], padding.Mode);
            yield return (index, iy < 0 || ix < 0 ? -1 : (((((at[0] * x[1]) + at[1]) * x[2]) + iy) * x[3]) + ix);
        }
    }

    private static int Source(int i, int size, TensorPadMode mode) => mode switch
    {
        TensorPadMode.Replicate => Math.Clamp(i, 0, size - 1),
        TensorPadMode.Reflect => i < 0 ? -i : i >= size ? (2 * size) - 2 - i : i,
        TensorPadMode.Circular => ((i % size) + size) % size,
        _ => (uint)i < (uint)size ? i : -1,
    };

    private static IEnumerable<(int Input, int Output, double Weight)> Taps(ResamplingTaps rows, ResamplingTaps columns, int planes)
    {
        for (int plane = 0; plane < planes; plane++)
        for (int oy = 0; oy < rows.OutputSize; oy++)
        for (int ox = 0; ox < columns.OutputSize; ox++)
        for (int ky = 0; ky < rows.TapCount; ky++)
        for (int kx = 0; kx < columns.TapCount; kx++)
        {
            int iy = rows.Indices[(oy * rows.TapCount) + ky];
            int ix = columns.Indices[(ox * columns.TapCount) + kx];
            double weight = (double)rows.Weights[(oy * rows.TapCount) + ky] * columns.Weights[(ox * columns.TapCount) + kx];
            yield return ((((plane * rows.InputSize) + iy) * columns.InputSize) + ix, (((plane * rows.OutputSize) + oy) * columns.OutputSize) + ox, weight);
        }
    }

    private static IEnumerable<(int Image, int Column)> Columns(TensorShape x, Conv2dGeometry geometry)
    {
        (int oh, int ow) = (geometry.OutputHeight(x[2]), geometry.OutputWidth(x[3]));
        int column = 0;
        for (int n = 0; n < x[0]; n++)
        for (int c = 0; c < x[1]; c++)
        for (int ky = 0; ky < geometry.KernelHeight; ky++)
        for (int kx = 0; kx < geometry.KernelWidth; kx++)
        for (int oy = 0; oy < oh; oy++)
        for (int ox = 0; ox < ow; ox++)
        {
            int iy = (oy * geometry.Stride) - geometry.Padding + (ky * geometry.Dilation);
            int ix = (ox * geometry.Stride) - geometry.Padding + (kx * geometry.Dilation);
            bool inside = (uint)iy < (uint)x[2] && (uint)ix < (uint)x[3];
            yield return (inside ? (((((n * x[1]) + c) * x[2]) + iy) * x[3]) + ix : -1, column++);
        }
    }
}
