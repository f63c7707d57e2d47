using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tests.Tensors;

/// <summary>The convolution kernels against their scalar twins: the same bits.</summary>
public sealed unsafe class ConvolutionKernelTests
{
    [TestCase(8)]
    [TestCase(4)]
    [TestCase(3)]
    public void A_tile_equals_its_scalar_twin(int rows)
    {
        const int largestK = 40;
        const int pitch = 70;
        float[] a = Uniform(largestK * rows, 1);
        float[] b = Uniform(600, 2);
        float[] bias = Uniform(8, 3);
        int[] offsets = [.. Enumerable.Range(0, largestK).Select(p => p * 37 % 500)];
        for (int vectors = 1; vectors <= MicroKernels.LargestWidth(rows); vectors++)
        {
            foreach (int k in new[] { 0, 1, 2, 9, largestK })
            {
                for (int start = 0; start < 3; start++)
                {
                    float[] actual = Uniform(rows * pitch, 4);
                    float[] expected = [.. actual];
                    fixed (float* pa = a, pb = b, pBias = bias, pActual = actual, pExpected = expected)
                    fixed (int* table = offsets)
                    {
                        float* from = start == 1 ? pBias : null;
                        MicroKernels.Run(rows, vectors, k, pa, pb, table, pActual, pitch, from, start == 2);
                        MicroKernels.Scalar(rows, vectors, k, pa, pb, table, pExpected, pitch, from, start == 2);
                    }

                    Assert.That(actual, Is.EqualTo(expected), $"{vectors} vectors, k {k}, start {start}");
                }
            }
        }
    }

    [Test]
    public void A_depthwise_row_equals_its_scalar_twin([Values(1, 2)] int every, [Values(0, 1, 9)] int taps)
    {
        float[] w = Uniform(9, 5);
        float[] x = Uniform(400, 6);
        int[] offsets = [0, 1, 2, 40, 41, 42, 80, 81, 82];
        float bias = 0.25f;
        for (int columns = 0; columns <= 256; columns++)
        {
            float[] actual = Uniform(520, 7);
            float[] expected = [.. actual];
            fixed (float* pw = w, px = x, pActual = actual, pExpected = expected)
            fixed (int* table = offsets)
            {
                DepthwiseRow.Run(taps, pw, columns % 2 == 0 ? null : &bias, px, table, pActual, columns, every);
                DepthwiseRow.Scalar(taps, pw, columns % 2 == 0 ? null : &bias, px, table, pExpected, columns, every);
            }

            Assert.That(actual, Is.EqualTo(expected), $"{columns} columns");
        }
    }

    [Test]
    public void A_plane_has_the_scalar_bits_and_nothing_beside_it_is_touched([Values(1, 2, 4, 7)] int height)
    {
        if (!DepthwisePlane.IsSupported)
            Assert.Ignore("without AVX-512 convolutions go another way");
        float[] w = Uniform(9, 1);
        float bias = 0.3f;
        for (int width = 1; width <= 256; width++)
        {
            float[] x = Uniform(height * width, 3);
            float[] actual = new float[(height * width) + 1], expected = new float[(height * width) + 1];
            (actual[^1], expected[^1]) = (9, 9);
            fixed (float* pw = w, px = x, pActual = actual, pExpected = expected)
            {
                DepthwisePlane.Run(pw, width % 2 == 0 ? null : &bias, px, pActual, height, width, 0, Math.Min(height, 3));
                DepthwisePlane.Run(pw, width % 2 == 0 ? null : &bias, px, pActual, height, width, Math.Min(height, 3), height);
                DepthwisePlane.Scalar(pw, width % 2 == 0 ? null : &bias, px, pExpected, height, width, 0, height);
            }

            Assert.That(actual, Is.EqualTo(expected), $"{width} columns");
        }
    }

    // Bands and groups of planes are cut by size.
    [TestCase(2, 300, 8, 8)]
    [TestCase(1, 3, 200, 150)]
    [TestCase(1, 1, 1, 20000)]
    public void Planes_are_convolved_whole_however_they_are_divided(int images, int channels, int height, int width)
    {
        var engine = new CpuBackend();
        float[] x = Uniform(images * channels * height * width, 3), w = Uniform(channels * 9, 4), bias = Uniform(channels, 5);
        Tensor y = Tensor.From(x, [images, channels, height, width], engine).Conv2d(
            Tensor.From(w, [channels, 1, 3, 3], engine), Tensor.From(bias, [channels], engine), padding: 1, groups: channels);
        var expected = new float[x.Length];
        fixed (float* pw = w, px = x, pBias = bias, pExpected = expected)
        {
            for (int plane = 0; plane < images * channels; plane++)
            {
                int channel = plane % channels;
                long at = (long)plane * height * width;
                DepthwisePlane.Scalar(pw + (9 * channel), pBias + channel, px + at, pExpected + at, height, width, 0, height);
            }
        }

        if (DepthwisePlane.IsSupported)
            Assert.That(y.ToArray(), Is.EqualTo(expected));
        else
            Assert.That(y.ToArray(), Is.EqualTo(expected).Within(1e-5));
    }

    // Of few pixels the image is read where it lies, of more it is packed.
    [Test]
    public void A_pointwise_convolution_gives_a_pixel_the_same_bits_in_a_small_image_and_in_a_large_one([Values(1, 64, 200, 256)] int pixels)
    {
        var engine = new CpuBackend();
        const int Inputs = 37, Outputs = 150, Large = 400;
        float[] x = Uniform(Inputs * Large, 3);
        Tensor w = Tensor.From(Uniform(Outputs * Inputs, 4), [Outputs, Inputs, 1, 1], engine), bias = Tensor.From(Uniform(Outputs, 5), [Outputs], engine);
        float[] large = Tensor.From(x, [1, Inputs, 1, Large], engine).Conv2d(w, bias).ToArray();
        float[] part = [.. Enumerable.Range(0, Inputs * pixels).Select(i => x[(i / pixels * Large) + (i % pixels)])];
        float[] small = Tensor.From(part, [1, Inputs, 1, pixels], engine).Conv2d(w, bias).ToArray();
        Assert.That(small, Is.EqualTo(Enumerable.Range(0, Outputs * pixels).Select(i => large[(i / pixels * Large) + (i % pixels)])));
    }

    [Test]
    public void Rows_are_padded_and_sorted_as_defined([Values(1, 2, 3)] int step, [Values(-5, -1, 0, 3)] int first)
    {
        float[] row = Uniform(256, 8);
        for (int width = 0; width <= 256; width++)
        {
            int count = (width / step) + 4;
            int pitch = count + 3;
            var actual = new float[step * pitch];
            actual.AsSpan().Fill(9);
            float[] expected = [.. actual];
            for (int q = 0; q < step; q++)
            {
                for (int i = 0; i < count; i++)
                {
                    int at = first + (i * step) + q;
                    expected[(q * pitch) + i] = at >= 0 && at < width ? row[at] : 0;
                }
            }

            fixed (float* from = row, to = actual)
            {
                ConvolutionRows.Sort(from, width, first, step, to, pitch, count);
            }

            Assert.That(actual, Is.EqualTo(expected), $"width {width}");
        }
    }

    [Test]
    public void Tiles_go_to_their_columns_and_come_back([Values(1, 2, 3)] int every)
    {
        float[] tile = Uniform(2 * 272, 13);
        for (int columns = 0; columns <= 256; columns++)
        {
            var image = new float[2 * 800];
            var back = new float[2 * 272];
            fixed (float* from = tile, to = image, again = back)
            {
                ConvolutionTile.Write(from, 272, to, 800, every, 2, columns);
                ConvolutionTile.Read(to, 800, every, 2, columns, again, 272);
            }

            var expected = new float[2 * 800];
            for (int i = 0; i < 2 * columns; i++)
                expected[(i / columns * 800) + (i % columns * every)] = tile[(i / columns * 272) + (i % columns)];
            Assert.That(image, Is.EqualTo(expected), $"{columns} columns");
            Assert.That(back.AsSpan(272, columns).SequenceEqual(tile.AsSpan(272, columns)), $"{columns} columns");
        }
    }

    [Test]
    public void Phases_are_those_of_the_definition_and_come_back([Values(1, 2, 3)] int step)
    {
        const int Rows = 2;
        for (int columns = 0; columns <= 256; columns++)
        {
            int width = (columns * step) + (columns % step);
            float[] plane = Uniform((Rows * step * width) + 1, 12);
            float[] actual = new float[(step * step * Rows * columns) + 1];
            float[] expected = [.. actual];
            float[] merged = [.. plane.Select(_ => 7f)];
            fixed (float* from = plane, a = actual, e = expected, back = merged)
            {
                PhasePlanes.Split(from, width, step, Rows, columns, a);
                for (int row = 0; row < Rows * step; row++)
                    PhasePlanes.SplitScalar(from + (row * width), step, columns, e + (row % step * step * Rows * columns) + (row / step * columns), Rows * columns);
                int some = Math.Max(0, (columns * step) - 1);
                PhasePlanes.Merge(a, Rows * columns, columns, step, Rows * step, some, 0.5f, back, width);
                for (int i = 0; i < merged.Length; i++)
                    Assert.That(merged[i], Is.EqualTo(i < Rows * step * width && i % width < some ? plane[i] + 0.5f : 7f), $"{columns} columns, {i}");
            }

            Assert.That(actual, Is.EqualTo(expected), $"{columns} columns");
        }
    }

    [Test]
    public void Products_of_rows_equal_their_scalar_twin()
    {
        for (int columns = 0; columns <= 256; columns++)
        {
            float[] x = Uniform(320, 9);
            float[] dy = Uniform(320, 10);
            dy.AsSpan(columns).Clear();
            float[] actual = Uniform(16, 11);
            float[] expected = [.. actual];
            fixed (float* px = x, pdy = dy, pActual = actual, pExpected = expected)
            {
                DepthwiseWeightGradient.Run(px, pdy, columns, pActual);
                DepthwiseWeightGradient.Scalar(px, pdy, columns, pExpected);
            }

            Assert.That(actual, Is.EqualTo(expected), $"{columns} columns");
        }
    }

    [Test]
    public void Turned_pixels_equal_the_definition([Values(1, 3, 8)] int channels)
    {
        if (!System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            Assert.Ignore("Used with AVX-512 only.");
        float[] from = Uniform(8 * 300, 12);
        for (int pixels = 0; pixels <= 256; pixels++)
        {
            var to = new float[(256 + 16) * 9];
            fixed (float* source = from, target = to)
                WeightGradientPanel.Run(source, 300, channels, pixels, target, 9);
            for (int i = 0; i < pixels; i++)
            {
                for (int c = 0; c < 8; c++)
                    {
                    if (to[(i * 9) + c] != (c < channels ? from[(c * 300) + i] : 0))
                        Assert.Fail($"{pixels} pixels: pixel {i}, channel {c}");
                }
            }
        }
    }

    private static float[] Uniform(int count, ulong seed)
    {
        var random = new PhiloxRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextUniform(-1, 1))];
    }
}
