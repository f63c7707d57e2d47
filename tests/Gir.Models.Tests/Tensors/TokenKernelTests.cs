using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tests.Tensors;

/// <summary>The kernels that bring tokens and pixels into the order of a product, against loops.</summary>
public sealed unsafe class TokenKernelTests
{
    private const float Untouched = -7;

    /// <summary>Pixel shuffles by two and three and their ways back, of more small planes than one part has.</summary>
    [TestCase(new[] { 150, 2, 2, 9, 13 }, new[] { 0, 3, 1, 4, 2 })]
    [TestCase(new[] { 40, 3, 3, 7, 8 }, new[] { 0, 3, 1, 4, 2 })]
    [TestCase(new[] { 150, 9, 2, 13, 2 }, new[] { 0, 2, 4, 1, 3 })]
    [TestCase(new[] { 600, 5, 2, 8 }, new[] { 0, 2, 1, 3 })]
    [TestCase(new[] { 70, 4, 60, 3 }, new[] { 3, 1, 0, 2 })]
    public void Many_small_planes_are_permuted_as_by_hand(int[] sizes, int[] order)
    {
        var shape = TensorShape.Create(sizes);
        float[] values = [.. Enumerable.Range(0, shape.Length).Select(i => (float)i)];
        foreach (int threads in (int[])[1, 3])
        {
            using var use = new EngineInUse(threads);
            using TensorScope scope = TensorScope.Enter();
            Tensor turned = Tensor.From(values, shape).Permute(order);
            float[] found = turned.ToArray();
            int[] place = new int[sizes.Length];
            for (int i = 0; i < found.Length; i++)
            {
                int from = 0;
                for (int d = sizes.Length - 1, rest = i; d >= 0; d--)
                    (rest, place[order[d]]) = Math.DivRem(rest, sizes[order[d]]);
                for (int d = 0; d < sizes.Length; d++)
                    from = (from * sizes[d]) + place[d];
                if (found[i] != from)
                    Assert.Fail($"element {i}: found {found[i]}, expected {from}");
            }
        }
    }

    [Test]
    public void Windows_gather_and_scatter_any_number_of_channels()
    {
        const int Height = 4, Width = 5, Size = 2;
        for (int d = 0; d <= 256; d++)
        {
            int imagePitch = d + 3;
            int pitch = d + (d % 5);
            float[] image = Values(Height * Width * imagePitch);
            // Across the right and bottom edges, to the opposite side.
            var window = new TokenWindow(Height, Width, 3, 4, Size);
            var matrix = Filled(Size * Size * pitch);
            var back = Filled(image.Length);
            fixed (float* from = image, to = matrix, target = back)
            {
                window.Gather(from, imagePitch, d, to, pitch, wraps: true);
                window.Scatter(to, pitch, d, target, imagePitch);
            }

            var expected = Filled(matrix.Length);
            var expectedBack = Filled(image.Length);
            for (int i = 0; i < Size * Size; i++)
            {
                int token = ((3 + (i / Size)) % Height * Width) + ((4 + (i % Size)) % Width);
                Array.Copy(image, token * imagePitch, expected, i * pitch, d);
                Array.Copy(image, token * imagePitch, expectedBack, token * imagePitch, d);
            }

            Assert.That(matrix.AsSpan().SequenceEqual(expected), $"gather, {d} channels");
            Assert.That(back.AsSpan().SequenceEqual(expectedBack), $"scatter, {d} channels");
        }
    }

    [Test]
    public void Windows_beyond_the_image_are_zero_where_they_do_not_wrap()
    {
        const int D = 18;
        float[] image = Values(2 * 2 * D);
        var matrix = Filled(4 * 4 * D);
        fixed (float* from = image, to = matrix)
            new TokenWindow(2, 2, -1, -1, 4).Gather(from, D, D, to, D, wraps: false);
        for (int i = 0; i < 16; i++)
        {
            (int y, int x) = ((i / 4) - 1, (i % 4) - 1);
            bool inside = y is 0 or 1 && x is 0 or 1;
            Assert.That(matrix[(i * D)..((i + 1) * D)], Is.EqualTo(inside ? image[(((y * 2) + x) * D)..(((y * 2) + x + 1) * D)] : new float[D]), $"place {i}");
        }
    }

    [Test]
    public void Neighboring_panels_hold_any_number_of_columns()
    {
        const int K = 3, Panel = GemmTile.PanelWidth;
        for (int columns = 0; columns <= 256; columns++)
        {
            int pitch = columns + 5;
            float[] b = Values(K * pitch);
            var packed = Filled((columns + Panel - 1) / Panel * Panel * K);
            fixed (float* from = b, to = packed)
                GemmPack.Panels(from, pitch, K, columns, to);
            var expected = Filled(packed.Length);
            for (int p = 0; p < K; p++)
            {
                for (int j = 0; j < columns; j++)
                    expected[(j / Panel * Panel * K) + (p * Panel) + (j % Panel)] = b[(p * pitch) + j];
            }

            Assert.That(packed.AsSpan().SequenceEqual(expected), $"{columns} columns");
        }
    }

    private static float[] Values(int length)
    {
        var values = new float[length];
        Philox4x32.FillUniform(values, 1);
        return values;
    }

    private static float[] Filled(int length)
    {
        var values = new float[length];
        Array.Fill(values, Untouched);
        return values;
    }
}
