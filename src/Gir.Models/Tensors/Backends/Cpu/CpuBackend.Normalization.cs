using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Softmax(Tensor x, in AxisExtent extent, bool logarithm, Tensor y)
    {
        int length = extent.Count;
        if (extent.Inner == 1)
        {
            ForRows(extent.Outer, length, (start, end) =>
            {
                for (int row = start; row < end; row++)
                    SoftmaxRows.Forward(Of(x) + ((long)row * length), Of(y) + ((long)row * length), length, logarithm);
            });
            return;
        }

        OverTransposed(extent, [x], [y], (line, from, to) => SoftmaxRows.Forward(from[0], to[0], length, logarithm));
    }

    /// <inheritdoc/>
    public override void SoftmaxGradient(Tensor y, Tensor dy, in AxisExtent extent, bool logarithm, Tensor dx)
    {
        int length = extent.Count;
        if (extent.Inner == 1)
        {
            ForRows(extent.Outer, length, (start, end) =>
            {
                for (int row = start; row < end; row++)
                {
                    long at = (long)row * length;
                    SoftmaxRows.Gradient(Of(y) + at, Of(dy) + at, Of(dx) + at, length, logarithm);
                }
            });
            return;
        }

        OverTransposed(extent, [y, dy], [dx], (line, from, to) => SoftmaxRows.Gradient(from[0], from[1], to[0], length, logarithm));
    }

    /// <inheritdoc/>
    public override void Normalize(
        Tensor x, Tensor? weight, Tensor? bias, in AxisExtent extent, float epsilon, bool subtractMean, Tensor y, Tensor mean, Tensor reciprocal)
    {
        int length = extent.Count;
        void Line(int number, float* from, float* to)
        {
            double average = Sums.Run(from, length) / length;
            double variance = Sums.SquaredDeviations(from, average, length) / length;
            float scale = (float)(1 / Math.Sqrt(variance + epsilon));
            Of(mean)[number] = (float)average;
            Of(reciprocal)[number] = scale;
            NormalizeRows.Apply(from, subtractMean ? (float)average : 0, scale, OfOptional(weight), OfOptional(bias), to, length);
        }

        if (extent.Inner == 1)
        {
            ForRows(extent.Outer, length, (start, end) =>
            {
                for (int row = start; row < end; row++)
                    Line(row, Of(x) + ((long)row * length), Of(y) + ((long)row * length));
            });
            return;
        }

        OverTransposed(extent, [x], [y], (line, from, to) => Line(line, from[0], to[0]));
    }

    /// <inheritdoc/>
    public override void NormalizeGradient(
        Tensor x, Tensor? weight, Tensor mean, Tensor reciprocal, Tensor dy, in AxisExtent extent, bool subtractMean, Tensor dx, Tensor? dweight, Tensor? dbias)
    {
        int length = extent.Count;
        void Line(int number, float* from, float* gradient, float* to)
        {
            float average = Of(mean)[number];
            float scale = Of(reciprocal)[number];
            (double sum, double product) = (0, 0);
            float* factor = OfOptional(weight);
            for (int k = 0; k < length; k++)
            {
                double g = (factor == null ? 1.0 : factor[k]) * gradient[k];
                sum += g;
                product += g * ((double)from[k] - (subtractMean ? average : 0));
            }

            float projection = (float)((double)scale * scale * scale * product / length);
            NormalizeRows.Gradient(from, factor, gradient, average, scale, subtractMean ? (float)(sum / length) : 0, projection, to, length);
        }

        if (extent.Inner == 1)
        {
            ForRows(extent.Outer, length, (start, end) =>
            {
                for (int row = start; row < end; row++)
                {
                    long at = (long)row * length;
                    Line(row, Of(x) + at, Of(dy) + at, Of(dx) + at);
                }
            });
        }
        else
        {
            OverTransposed(extent, [x, dy], [dx], (line, from, to) => Line(line, from[0], from[1], to[0]));
        }

        if (dweight is not null || dbias is not null)
            FactorGradients(x, mean, reciprocal, dy, extent, subtractMean, dweight, dbias);
    }

    // Parts of a fixed number of lines, added in order: independent of the number of threads.
    private void FactorGradients(
        Tensor x, Tensor mean, Tensor reciprocal, Tensor dy, AxisExtent extent, bool subtractMean, Tensor? dweight, Tensor? dbias)
    {
        const int PartCount = 16;
        (int length, int inner) = (extent.Count, extent.Inner);
        var weights = new double[PartCount, length];
        var biases = new double[PartCount, length];
        Parallel(PartCount, part =>
        {
            int first = (int)((long)extent.Outer * part / PartCount);
            int last = (int)((long)extent.Outer * (part + 1) / PartCount);
            for (int outer = first; outer < last; outer++)
            {
                for (int k = 0; k < length; k++)
                {
                    long at = (((long)outer * length) + k) * inner;
                    (double w, double b) = (0, 0);
                    for (int i = 0; i < inner; i++)
                    {
                        int line = (outer * inner) + i;
                        double gradient = Of(dy)[at + i];
                        b += gradient;
                        w += gradient * ((double)Of(x)[at + i] - (subtractMean ? Of(mean)[line] : 0)) * Of(reciprocal)[line];
                    }

                    weights[part, k] += w;
                    biases[part, k] += b;
                }
            }
        });
        for (int k = 0; k < length; k++)
        {
            (double w, double b) = (0, 0);
            for (int part = 0; part < PartCount; part++)
            {
                w += weights[part, k];
                b += biases[part, k];
            }

            if (dweight is not null)
                Of(dweight)[k] = (float)w;
            if (dbias is not null)
                Of(dbias)[k] = (float)b;
        }
    }

    private delegate void LineBody(int line, float*[] inputs, float*[] outputs);

    // Lines along a middle axis are brought into rows, 16 neighbours at a time, worked on, and brought back.
    private void OverTransposed(AxisExtent extent, Tensor[] inputs, Tensor[] outputs, LineBody body)
    {
        const int Tile = 16;
        (int length, int inner) = (extent.Count, extent.Inner);
        int tiles = (inner + Tile - 1) / Tile;
        Parallel(extent.Outer * tiles, part =>
        {
            int outer = part / tiles;
            int first = part % tiles * Tile;
            int count = Math.Min(Tile, inner - first);
            int slots = inputs.Length + outputs.Length;
            float[] scratch = System.Buffers.ArrayPool<float>.Shared.Rent(slots * Tile * length);
            fixed (float* rows = scratch)
            {
                long origin = ((long)outer * length * inner) + first;
                for (int t = 0; t < inputs.Length; t++)
                    TransposeBlock.Run(Of(inputs[t]) + origin, inner, 1, rows + (t * Tile * length), length, length, 0, count);
                var from = new float*[inputs.Length];
                var to = new float*[outputs.Length];
                for (int i = 0; i < count; i++)
                {
                    for (int t = 0; t < from.Length; t++)
                        from[t] = rows + (((t * Tile) + i) * length);
                    for (int t = 0; t < to.Length; t++)
                        to[t] = rows + ((((inputs.Length + t) * Tile) + i) * length);
                    body((outer * inner) + first + i, from, to);
                }

                for (int t = 0; t < outputs.Length; t++)
                    TransposeBlock.Run(rows + ((inputs.Length + t) * Tile * length), length, 1, Of(outputs[t]) + origin, inner, count, 0, length);
            }

            System.Buffers.ArrayPool<float>.Shared.Return(scratch);
        });
    }
}
