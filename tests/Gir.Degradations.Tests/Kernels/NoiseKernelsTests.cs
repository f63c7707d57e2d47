using Gir.Degradations.Kernels;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Kernels;

public sealed class NoiseKernelsTests
{
    [Test]
    public void Vectors_give_the_bits_of_the_scalar_twin_for_every_length()
    {
        for (int length = 0; length <= 256; length++)
        {
            (float[] samples, float[] draws) = (new float[length], new float[length]);
            Philox4x32.FillUniform(samples.AsSpan(), 1, 0, (ulong)length * 1000);
            Philox4x32.FillGaussian(draws.AsSpan(), 2, 0, (ulong)length * 1000);
            if (length > 3)
                (samples[0], samples[1], samples[^1]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
            Check(new SaturatingAdd(0.7f));
            Check(new Speckle(0.7f));

            void Check<TFunction>(TFunction function)
                where TFunction : struct, IBinaryFunction<float>
            {
                (float[] a, float[] b) = ([.. samples], [.. samples]);
                RowMap.Invoke(a, draws, a, function);
                RowMap.InvokeScalar(b, draws, b, function);
                Assert.That(a.AsSpan().SequenceEqual(b), Is.True, $"length {length}");
                Assert.That(a, Is.All.InRange(0f, 1f));
            }
        }
    }
}
