using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Kernels;

public unsafe class MedianRowsTests
{
    [Test]
    public void Every_length_has_the_bits_of_the_scalar_twin([Values(3, 5)] int size)
    {
        var random = new PhiloxRandom(11);
        float** rows = stackalloc float*[5];
        for (int length = 0; length <= 256; length++)
        {
            int stride = length + size - 1;
            var source = new float[(size * stride) + 1];
            for (int i = 0; i < source.Length; i++)
                source[i] = (float)random.NextInteger(-9, 9);
            var actual = new float[length + 1];
            var expected = new float[length + 1];
            fixed (float* s = source, a = actual, e = expected)
            {
                for (int i = 0; i < size; i++)
                    rows[i] = s + (i * stride);
                if (size == 3)
                {
                    MedianRows.Median<MedianRows3>(rows, a, length);
                    MedianRows.MedianScalar<MedianRows3>(rows, e, length);
                }
                else
                {
                    MedianRows.Median<MedianRows5>(rows, a, length);
                    MedianRows.MedianScalar<MedianRows5>(rows, e, length);
                }
            }

            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
        }
    }
}
