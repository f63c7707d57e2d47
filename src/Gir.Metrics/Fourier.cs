using System.Buffers;
using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics;

/// <summary>Two-dimensional discrete Fourier transforms of any size, in place on planes of real and imaginary parts; inverse ones divide by the size.</summary>
internal sealed class Fourier
{
    private readonly Axis _rows;
    private readonly Axis _columns;
    private readonly int _height;
    private readonly int _width;

    public Fourier(int height, int width)
    {
        (_height, _width) = (height, width);
        _columns = new Axis(height);
        _rows = height == width ? _columns : new Axis(width);
    }

    public void Transform(double[] real, double[] imaginary, bool inverse, Parallelism parallelism)
    {
        // Down the columns eight at a time, then along the rows eight at a time.
        parallelism.For((_width + 7) / 8, 1, new Lines(_columns, real, imaginary, inverse, _width, _width, 1));
        parallelism.For((_height + 7) / 8, 1, new Lines(_rows, real, imaginary, inverse, _height, 1, _width));
    }

    private sealed class Axis
    {
        public Axis(int length)
        {
            Length = length;
            Factors = Factorize(length);
            Cosines = new double[length];
            ForwardSines = new double[length];
            InverseSines = new double[length];
            for (int k = 0; k < length; k++)
            {
                (double sin, double cos) = Math.SinCos(2 * Math.PI * k / length);
                (Cosines[k], ForwardSines[k], InverseSines[k]) = (cos, -sin, sin);
            }
        }

        public int Length { get; }

        public int[] Factors { get; }

        public double[] Cosines { get; }

        public double[] ForwardSines { get; }

        public double[] InverseSines { get; }

        private static int[] Factorize(int length)
        {
            var factors = new List<int>();
            foreach (int preferred in new[] { 4, 2, 3 })
            {
                for (; length % preferred == 0; length /= preferred)
                    factors.Add(preferred);
            }

            for (int factor = 5; length > 1; factor += 2)
            {
                if ((long)factor * factor > length)
                    factor = length;
                for (; length % factor == 0 && length > 1; length /= factor)
                    factors.Add(factor);
            }

            return [.. factors];
        }
    }

    /// <summary>Transforms groups of eight lines; element j of line i is at i x lineStride + j x elementStride.</summary>
    private readonly unsafe struct Lines(
        Axis axis, double[] real, double[] imaginary, bool inverse, int count, int elementStride, int lineStride) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int plane = axis.Length * FourierColumns.Columns;
            double[] buffer = ArrayPool<double>.Shared.Rent(4 * plane);
            fixed (double* memory = buffer, cosines = axis.Cosines, sines = inverse ? axis.InverseSines : axis.ForwardSines)
            {
                for (int group = start; group < end; group++)
                {
                    double* a = memory;
                    double* b = memory + (2 * plane);
                    int first = group * FourierColumns.Columns;
                    int lines = Math.Min(FourierColumns.Columns, count - first);
                    Gather(real, a, first, lines);
                    Gather(imaginary, a + plane, first, lines);
                    int done = 1;
                    foreach (int radix in axis.Factors)
                    {
                        FourierColumns.Stage(a, a + plane, b, b + plane, axis.Length, radix, done, cosines, sines);
                        double* swapped = a;
                        a = b;
                        b = swapped;
                        done *= radix;
                    }

                    double scale = inverse ? 1.0 / axis.Length : 1;
                    Scatter(a, real, first, lines, scale);
                    Scatter(a + plane, imaginary, first, lines, scale);
                }
            }

            ArrayPool<double>.Shared.Return(buffer);
        }

        private void Gather(double[] source, double* target, int first, int lines)
        {
            for (int j = 0; j < axis.Length; j++)
            {
                int at = (first * lineStride) + (j * elementStride);
                for (int line = 0; line < FourierColumns.Columns; line++)
                    target[(j * FourierColumns.Columns) + line] = line < lines ? source[at + (line * lineStride)] : 0;
            }
        }

        private void Scatter(double* source, double[] target, int first, int lines, double scale)
        {
            for (int j = 0; j < axis.Length; j++)
            {
                int at = (first * lineStride) + (j * elementStride);
                for (int line = 0; line < lines; line++)
                    target[at + (line * lineStride)] = source[(j * FourierColumns.Columns) + line] * scale;
            }
        }
    }
}
