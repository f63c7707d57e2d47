using System.Numerics;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Kernels;

public unsafe class RichardsonLucyRowsTests
{
    [Test]
    public void Every_length_has_the_bits_of_the_scalar_twin()
    {
        Check<float>();
        Check<double>();
    }

    private static void Check<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new PhiloxRandom(9);
        T epsilon = T.CreateTruncating(1e-3);
        for (int length = 0; length <= 256; length++)
        {
            var left = new T[length + 1];
            var right = new T[length + 1];
            for (int i = 0; i < length; i++)
                (left[i], right[i]) = (T.CreateTruncating(random.NextDouble()), T.CreateTruncating(random.NextDouble()));
            var ratio = new T[length + 1];
            var ratioTwin = new T[length + 1];
            var product = (T[])left.Clone();
            var productTwin = (T[])left.Clone();
            fixed (T* l = left, r = right, q = ratio, qt = ratioTwin, p = product, pt = productTwin)
            {
                RichardsonLucyRows.Ratio(l, r, epsilon, q, length);
                RichardsonLucyRows.RatioScalar(l, r, epsilon, qt, length);
                RichardsonLucyRows.Multiply(p, r, length);
                RichardsonLucyRows.MultiplyScalar(pt, r, length);
            }

            Assert.That(ratio, Is.EqualTo(ratioTwin));
            Assert.That(product, Is.EqualTo(productTwin));
            if (length > 0)
                Assert.That(ratio[^2], Is.EqualTo(left[^2] / (right[^2] + epsilon)));
        }
    }
}
