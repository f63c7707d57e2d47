using System.Buffers;
using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics;

/// <summary>What happens at the two ends of a <see cref="WindowWalk"/>.</summary>
internal unsafe interface IWindowStage
{
    /// <summary>Maps that are filtered.</summary>
    int Maps { get; }

    /// <summary>Fills the maps of one input row from column <paramref name="left"/> of the padded input on; the rest of the scratch holds zeros or old values.</summary>
    void Load(int row, int left, int columns, double* scratch);

    /// <summary>Uses the filtered neighborhood of one output row.</summary>
    void Combine(double** rows, double* weights, int taps, int row, int left, int columns);
}

/// <summary>Slides a separable symmetric window over several maps of an image and hands on the filtered values, row by row.</summary>
/// <remarks>
/// The output is walked in columns of 64 pixels from top to bottom, with the last filtered rows in a ring. Output rows are
/// independent of one another, so bands can go to threads.
/// </remarks>
internal static unsafe class WindowWalk
{
    /// <summary>Walks over height x width output pixels; the (padded) input has taps - 1 more rows and columns.</summary>
    public static void Run<TStage>(int height, int width, double[] window, TStage stage, Parallelism parallelism)
        where TStage : struct, IWindowStage =>
        parallelism.For(height, 32, new Bands<TStage>(width, window, stage));

    private readonly struct Bands<TStage>(int width, double[] window, TStage stage) : IRangeBody
        where TStage : struct, IWindowStage
    {
        public void Invoke(int start, int end)
        {
            int ring = window.Length * stage.Maps * WindowTile.Width;
            int scratch = stage.Maps * WindowTile.InputWidth;
            double[] buffer = ArrayPool<double>.Shared.Rent(ring + scratch);
            fixed (double* memory = buffer, weights = window)
            {
                new Span<double>(memory + ring, scratch).Clear();
                for (int left = 0; left < width; left += WindowTile.Width)
                    WalkDown(memory, memory + ring, weights, left, start, end);
            }

            ArrayPool<double>.Shared.Return(buffer);
        }

        private void WalkDown(double* ring, double* scratch, double* weights, int left, int start, int end)
        {
            int taps = window.Length;
            int rowLength = stage.Maps * WindowTile.Width;
            double** rows = stackalloc double*[taps];
            int columns = Math.Min(WindowTile.Width, width - left);
            for (int row = start; row < end + taps - 1; row++)
            {
                stage.Load(row, left, columns + taps - 1, scratch);
                WindowTile.FilterRow(scratch, stage.Maps, weights, taps, ring + (row % taps * rowLength));
                int output = row - taps + 1;
                if (output < start)
                    continue;
                for (int tap = 0; tap < taps; tap++)
                    rows[tap] = ring + ((output + tap) % taps * rowLength);
                stage.Combine(rows, weights, taps, output, left, columns);
            }
        }
    }
}
