using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.NoReference;

/// <summary>MATLAB's imresize(image, 0.5): antialiased bicubic, which for exactly one half is a fixed eight-tap kernel; edges mirrored, nothing rounded.</summary>
internal static class NiqeHalfSize
{
    private const int Taps = 8;
    private const int Before = 3;

    public static LevelPlane Of(LevelPlane source, Parallelism parallelism)
    {
        var target = new LevelPlane((source.Height + 1) / 2, (source.Width + 1) / 2);
        parallelism.For(target.Height, 16, new Rows(source, target));
        return target;
    }

    private readonly unsafe struct Rows(LevelPlane source, LevelPlane target) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            // One filtered row, with the mirrored edges that the horizontal taps reach.
            using var line = new LevelPlane(1, source.Width + Taps);
            double** rows = stackalloc double*[Taps];
            fixed (double* data = source.Data, memory = line.Data)
            {
                double* middle = memory + Before;
                for (int y = start; y < end; y++)
                {
                    for (int tap = 0; tap < Taps; tap++)
                        rows[tap] = data + ((long)Mirror((2 * y) - Before + tap, source.Height) * source.Width);
                    HalfSizeTaps.Column(rows, middle, source.Width);
                    for (int i = 1; i <= Before + 1; i++)
                    {
                        if (i <= Before)
                            middle[-i] = middle[i - 1];
                        middle[source.Width - 1 + i] = middle[source.Width - i];
                    }

                    fixed (double* output = target.Row(y))
                        HalfSizeTaps.Row(memory, output, target.Width);
                }
            }
        }

        private static int Mirror(int i, int length) => i < 0 ? -1 - i : i >= length ? (2 * length) - 1 - i : i;
    }
}
