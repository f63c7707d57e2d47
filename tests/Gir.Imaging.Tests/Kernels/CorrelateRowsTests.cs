using System.Numerics;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Kernels;

public class CorrelateRowsTests
{
    private const int MaxLength = 256;

    [Test]
    public void One_row_has_the_bits_of_the_scalar_twin_for_every_length([Values(1, 3, 6)] int height, [Values(1, 4, 7)] int width, [Values] bool ranges)
    {
        CheckOne<float>(height, width, ranges);
        CheckOne<double>(height, width, ranges);
    }

    [Test]
    public void Four_rows_have_the_bits_of_four_single_ones_for_every_length([Values(1, 3, 4, 5, 9)] int height, [Values(1, 2, 6)] int width)
    {
        CheckFour<float>(height, width);
        CheckFour<double>(height, width);
    }

    private static unsafe void CheckOne<T>(int height, int width, bool useRanges)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new PhiloxRandom(7);
        T[] source = Numbers<T>(random, height * (MaxLength + width));
        T[] weights = Numbers<T>(random, height * width);
        int[] ranges = new int[2 * height];
        for (int i = 0; i < height; i++)
            (ranges[2 * i], ranges[(2 * i) + 1]) = (i % width, Math.Min(width, (i % width) + 2));
        // The last row is empty.
        ranges[^1] = 0;
        fixed (T* s = source, w = weights)
        fixed (int* r = ranges)
        {
            T** rows = stackalloc T*[height];
            for (int i = 0; i < height; i++)
                rows[i] = s + (i * (MaxLength + width));
            for (int length = 0; length <= MaxLength; length++)
            {
                var actual = new T[length + 1];
                var expected = new T[length + 1];
                fixed (T* a = actual, e = expected)
                {
                    CorrelateRows.One(rows, w, useRanges ? r : null, height, width, a, length);
                    CorrelateRows.OneScalar(rows, w, useRanges ? r : null, height, width, e, length);
                }

                Assert.That(actual.AsSpan().SequenceEqual(expected), $"length {length}");
            }
        }
    }

    private static unsafe void CheckFour<T>(int height, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new PhiloxRandom(8);
        T[] source = Numbers<T>(random, (height + 3) * (MaxLength + width));
        T[] weights = Numbers<T>(random, height * width);
        fixed (T* s = source, w = weights)
        {
            T** rows = stackalloc T*[height + 3];
            for (int i = 0; i < height + 3; i++)
                rows[i] = s + (i * (MaxLength + width));
            for (int length = 0; length <= MaxLength; length++)
            {
                int stride = length + 3;
                var actual = new T[4 * stride];
                var expected = new T[4 * stride];
                fixed (T* a = actual, e = expected)
                {
                    CorrelateRows.Four(rows, w, height, width, a, stride, length);
                    for (int i = 0; i < 4; i++)
                        CorrelateRows.OneScalar(rows + i, w, null, height, width, e + (i * stride), length);
                }

                Assert.That(actual.AsSpan().SequenceEqual(expected), $"length {length}");
            }
        }
    }

    private static T[] Numbers<T>(PhiloxRandom random, int count)
        where T : INumber<T>
    {
        var result = new T[count];
        for (int i = 0; i < count; i++)
            result[i] = T.CreateTruncating(random.NextUniform(-1, 1));
        return result;
    }
}
