using System.Buffers;
using System.Numerics.Tensors;

namespace Gir.Imaging.Filtering;

/// <summary>What is summed over boxes, and what becomes of the sums.</summary>
internal interface IBoxClient
{
    /// <summary>How many quantities are summed at once.</summary>
    int Features { get; }

    /// <summary>Computes the quantities of one row: feature f of column x goes to features[f * width + x].</summary>
    void Load(int row, Span<double> features);

    /// <summary>Takes the sums over the boxes around the samples of one row, laid out in the same way; each row once, in any order.</summary>
    void Store(int row, ReadOnlySpan<double> sums);
}

/// <summary>Sums over (2 radius + 1)^2 boxes at a cost that does not depend on the radius, in double precision.</summary>
internal static class BoxSums
{
    /// <summary>Sums planes x height x width samples.</summary>
    /// <param name="planes">Number of planes; row numbers run through all of them.</param>
    /// <param name="height">Rows of a plane.</param>
    /// <param name="width">Columns.</param>
    /// <param name="radius">Reach of the box.</param>
    /// <param name="border">What lies beyond the edge; Zero makes the boxes end there.</param>
    /// <param name="client">Provides rows and takes sums.</param>
    /// <param name="parallelism">Threads.</param>
    public static void Run<TClient>(int planes, int height, int width, int radius, PadMode border, in TClient client, Parallelism parallelism)
        where TClient : struct, IBoxClient
    {
        // Running sums start anew at fixed rows, whatever the number of threads, so that rounding does not depend on it.
        int blockRows = Math.Max(32, 4 * radius);
        int blocks = (height + blockRows - 1) / blockRows;
        parallelism.For(planes * blocks, 1, new Body<TClient>(blocks, blockRows, height, width, radius, border, client));
    }

    private readonly struct Body<TClient>(int blocks, int blockRows, int height, int width, int radius, PadMode border, TClient client) : IRangeBody
        where TClient : struct, IBoxClient
    {
        public void Invoke(int start, int end)
        {
            int length = client.Features * width;
            int extended = width + (2 * radius);
            double[] scratch = ArrayPool<double>.Shared.Rent((3 * length) + (2 * extended) + 1);
            Span<double> columns = scratch.AsSpan(0, length);
            Span<double> features = scratch.AsSpan(length, length);
            Span<double> sums = scratch.AsSpan(2 * length, length);
            Span<double> wide = scratch.AsSpan(3 * length, extended);
            Span<double> prefix = scratch.AsSpan((3 * length) + extended, extended + 1);
            for (int block = start; block < end; block++)
            {
                int plane = block / blocks * height;
                int first = block % blocks * blockRows;
                columns.Clear();
                for (int y = first - radius; y < first + radius; y++)
                    Add(plane, y, features, columns, 1);
                for (int y = first; y < Math.Min(height, first + blockRows); y++)
                {
                    Add(plane, y + radius, features, columns, 1);
                    for (int f = 0; f < client.Features; f++)
                        SumAcross(columns.Slice(f * width, width), wide, prefix, sums.Slice(f * width, width));
                    client.Store(plane + y, sums);
                    Add(plane, y - radius, features, columns, -1);
                }
            }

            ArrayPool<double>.Shared.Return(scratch);
        }

        private void Add(int plane, int y, Span<double> features, Span<double> columns, int sign)
        {
            int source = Border.Source(y, height, border);
            if (source < 0)
                return;
            client.Load(plane + source, features);
            double factor = sign * Border.Factor(y, height, radius, radius, border);
            if (factor == 1)
                TensorPrimitives.Add(columns, features, columns);
            else if (factor == -1)
                TensorPrimitives.Subtract(columns, features, columns);
            else
            {
                for (int i = 0; i < columns.Length; i++)
                    columns[i] += factor * features[i];
            }
        }

        // Sums of neighbors as differences of running totals.
        private void SumAcross(ReadOnlySpan<double> columns, Span<double> wide, Span<double> prefix, Span<double> sums)
        {
            columns.CopyTo(wide[radius..]);
            Border.Extend(wide, radius, width, radius, border);
            double total = 0;
            prefix[0] = 0;
            for (int i = 0; i < wide.Length; i++)
            {
                total += wide[i];
                prefix[i + 1] = total;
            }

            TensorPrimitives.Subtract(prefix.Slice((2 * radius) + 1, width), prefix[..width], sums);
        }
    }
}
