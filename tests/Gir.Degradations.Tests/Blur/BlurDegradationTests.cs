using Gir.Degradations.Blur;
using Gir.Degradations.Ringing;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Blur;

public sealed class BlurDegradationTests
{
    [TestCase(BlurKind.Motion)]
    [TestCase(BlurKind.Disk)]
    [TestCase(BlurKind.Isotropic)]
    public void Flat_images_stay_flat(BlurKind kind)
    {
        var image = new ImageBuffer(3, 40, 40);
        image.Samples.Fill(0.5f);
        Assert.That(new BlurDegradation { Kind = kind }.Apply(image, new DegradationContext(1)).Array, Is.All.EqualTo(0.5f).Within(1e-6));
    }

    [Test]
    public void Motion_at_angle_0_spreads_a_point_along_its_row()
    {
        var image = new ImageBuffer(1, 31, 31);
        image[0, 15, 15] = 1;
        ImageBuffer result = new BlurDegradation { Kind = BlurKind.Motion, Length = 5 }.Apply(image, new DegradationContext(1));
        Assert.That(result.Row(0, 15)[13..18].ToArray(), Is.All.EqualTo(0.2f).Within(1e-6));
        Assert.That(result[0, 14, 15], Is.Zero);
    }

    [Test]
    public void An_image_smaller_than_the_border_needs_is_refused_clearly()
    {
        Assert.That(
            () => new BlurDegradation().Apply(new ImageBuffer(1, 7, 40), new DegradationContext(1)),
            Throws.TypeOf<DegradationException>().With.Message.Contains("15 x 15").And.Message.Contains("7 x 40"));
        Assert.That(new BlurDegradation().Apply(new ImageBuffer(1, 8, 8), new DegradationContext(1)).Array, Is.All.Zero);
    }

    [Test]
    public void Random_parameters_are_of_the_published_ranges()
    {
        var random = new PhiloxRandom(5);
        BlurDegradation[] blurs = [.. Enumerable.Range(0, 2000).Select(_ => (BlurDegradation)BlurDegradation.Descriptor.Sample(random))];
        Assert.That(blurs.Select(b => b.Size).Distinct().Order(), Is.EqualTo(new[] { 7, 9, 11, 13, 15, 17, 19, 21, 23 }));
        Assert.That(blurs.Select(b => b.Sigma), Is.All.InRange(0.2, 3.0));
        Assert.That(blurs.Select(b => b.Sigma), Is.All.Matches<double>(s => Math.Abs((s * 100) - Math.Round(s * 100)) < 1e-9));
        // The mean of U(0.2, 3) is 1.6, its standard deviation 0.81: six standard errors.
        Assert.That(blurs.Average(b => b.Sigma), Is.EqualTo(1.6).Within(6 * 0.81 / Math.Sqrt(2000)));
        Assert.That(
            Enumerable.Range(0, 500).Select(_ => ((BlurDegradation)BlurDegradation.Descriptor.Sample(random, RandomRange.Generator)).Size).Max(),
            Is.EqualTo(21));
    }

    [Test]
    public void Random_ringing_is_of_the_published_ranges()
    {
        var random = new PhiloxRandom(6);
        RingingDegradation[] drawn = [.. Enumerable.Range(0, 1000).Select(_ => (RingingDegradation)RingingDegradation.Descriptor.Sample(random))];
        Assert.That(drawn.Select(r => r.Size).Distinct().Order(), Is.EqualTo(new[] { 7, 9, 11, 13, 15, 17, 19, 21, 23 }));
        Assert.That(drawn.Select(r => r.Omega), Is.All.InRange(Math.PI / 3, Math.PI));
        Assert.That(drawn.Max(r => r.Omega) - drawn.Min(r => r.Omega), Is.GreaterThan(2.0));
    }

    [Test]
    public void Equal_operators_share_a_kernel_whatever_else_was_asked_between()
    {
        ImageBuffer image = Patches.Random(1, 24, 24, 3);
        float[] first = new RingingDegradation().Apply(image, new DegradationContext(1)).Array;
        for (int i = 0; i < 200; i++)
            _ = new RingingDegradation { Size = 3, Omega = 1 + (i * 0.01) }.Apply(image, new DegradationContext(1));
        Assert.That(new RingingDegradation().Apply(image, new DegradationContext(1)).Array, Is.EqualTo(first));
    }
}
