using System.Buffers;
using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>SSIM of two planes: means of the index and of its contrast-structure factor over the valid region.</summary>
/// <remarks>
/// The image is walked in columns of 64 pixels from top to bottom, with the last eleven filtered rows kept in a ring. Sums
/// are kept per output row, so that bands handed to threads give the same bits as one walk.
/// </remarks>
internal static unsafe class SsimEngine
{
    private static readonly double[] Window = GaussianWindow.Create(SsimTile.Taps, 1.5);

    public static SsimConstants Constants(double k1, double k2, bool clampContrast) =>
        new(k1 * k1 * 255 * 255, k2 * k2 * 255 * 255, clampContrast ? 0 : double.NegativeInfinity);

    /// <summary>Mean SSIM and mean contrast-structure factor.</summary>
    /// <param name="x">Reference plane; at least 11 x 11.</param>
    /// <param name="y">Distorted plane of the same size.</param>
    /// <param name="constants">C1, C2 and the clamp.</param>
    /// <param name="map">Receives SSIM per output pixel, (Height - 10) x (Width - 10); empty when not wanted.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    public static (double Ssim, double Contrast) Measure(
        in PlaneSource x, in PlaneSource y, SsimConstants constants, Memory<float> map, Parallelism parallelism)
    {
        int height = x.Height - SsimTile.Taps + 1;
        int width = x.Width - SsimTile.Taps + 1;
        double[] sums = ArrayPool<double>.Shared.Rent(2 * height);
        try
        {
            sums.AsSpan(0, 2 * height).Clear();
            parallelism.For(height, 32, new Bands(x, y, constants, sums, map, height, width));
            double count = (double)height * width;
            return (RowSum.Of(sums.AsSpan(0, height)) / count, RowSum.Of(sums.AsSpan(height, height)) / count);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(sums);
        }
    }

    private readonly struct Bands(
        PlaneSource x, PlaneSource y, SsimConstants constants, double[] sums, Memory<float> map, int height, int width) : IRangeBody
    {
        private const int RingLength = SsimTile.Taps * SsimTile.RowLength;
        private const int ScratchLength = 4 * SsimTile.InputWidth;
        private const int Alignment = 64;

        public void Invoke(int start, int end)
        {
            double[] buffer = ArrayPool<double>.Shared.Rent(RingLength + ScratchLength + (2 * SsimTile.Width) + (Alignment / sizeof(double)));
            fixed (double* memory = buffer, weights = Window)
            {
                // Whole cache lines to a register: a rented array begins anywhere in one, which costs up to a fifth of the time.
                double* aligned = (double*)(((nint)memory + Alignment - 1) & -Alignment);
                for (int left = 0; left < width; left += SsimTile.Width)
                    WalkDown(aligned, weights, left, start, end);
            }

            ArrayPool<double>.Shared.Return(buffer);
        }

        private void WalkDown(double* memory, double* weights, int left, int start, int end)
        {
            double* ring = memory;
            double* scratch = ring + RingLength;
            double* ssim = scratch + ScratchLength;
            double* contrast = ssim + SsimTile.Width;
            double** rows = stackalloc double*[SsimTile.Taps];
            int columns = Math.Min(SsimTile.Width, width - left);
            int inputs = Math.Min(SsimTile.InputWidth, x.Width - left);
            new Span<double>(scratch, ScratchLength).Clear();
            for (int row = start; row < end + SsimTile.Taps - 1; row++)
            {
                x.CopyLevels(row, left, new Span<double>(scratch, inputs));
                y.CopyLevels(row, left, new Span<double>(scratch + SsimTile.InputWidth, inputs));
                SsimTile.FilterRow(scratch, weights, ring + (row % SsimTile.Taps * SsimTile.RowLength));
                int output = row - SsimTile.Taps + 1;
                if (output < start)
                    continue;
                for (int tap = 0; tap < SsimTile.Taps; tap++)
                    rows[tap] = ring + ((output + tap) % SsimTile.Taps * SsimTile.RowLength);
                SsimTile.Combine(rows, weights, constants, ssim, contrast);
                sums[output] += RowSum.Of(new ReadOnlySpan<double>(ssim, columns));
                sums[height + output] += RowSum.Of(new ReadOnlySpan<double>(contrast, columns));
                if (!map.IsEmpty)
                    CopyToMap(ssim, output, left, columns);
            }
        }

        private void CopyToMap(double* ssim, int row, int left, int columns)
        {
            Span<float> target = map.Span.Slice((row * width) + left, columns);
            for (int i = 0; i < columns; i++)
                target[i] = (float)ssim[i];
        }
    }
}
