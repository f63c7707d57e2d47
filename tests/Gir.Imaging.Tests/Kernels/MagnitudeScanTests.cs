using Gir.Imaging.Kernels;

namespace Gir.Imaging.Tests.Kernels;

public sealed class MagnitudeScanTests
{
    private static readonly float[] s_values =
    [
        0, -0f, float.Epsilon, 1, -1, 4, -4, float.BitIncrement(4), -float.BitIncrement(4), 255, -255, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN, BitConverter.Int32BitsToSingle(0x7F800001), BitConverter.Int32BitsToSingle(-1),
    ];

    [Test]
    public void The_first_place_is_that_of_the_scalar_twin([Values(0f, 4f, float.MaxValue)] float limit)
    {
        for (int length = 0; length <= 256; length++)
        {
            foreach (float value in s_values)
            {
                var samples = new float[length];
                Assert.That(MagnitudeScan.FirstBeyond(samples, limit), Is.EqualTo(-1));
                foreach (int place in new[] { length - 1, length / 2, 0 }.Where(p => p >= 0 && p < length))
                {
                    samples[place] = value;
                    bool isBeyond = !(Math.Abs((double)value) <= limit);
                    Assert.That(MagnitudeScan.FirstBeyond(samples, limit), Is.EqualTo(isBeyond ? place : -1));
                    Assert.That(MagnitudeScan.FirstBeyondScalar(samples, limit), Is.EqualTo(isBeyond ? place : -1));
                }
            }
        }
    }
}
