using Gir.Degradations.Depth;
using Gir.Imaging;

namespace Gir.Degradations.Tests.Depth;

[TestFixture]
public sealed class HeuristicDepthEstimatorTests
{
    [Test]
    public void The_farthest_point_has_1_and_none_has_0([Values(1, 3)] int channels)
    {
        ImageBuffer depth = new HeuristicDepthEstimator().Estimate(Patches.Random(channels, 90, 120, 4));
        Assert.That(depth.ToString(), Is.EqualTo("1 x 90 x 120"));
        Assert.That(depth.Array.Max(), Is.EqualTo(1f));
        Assert.That(depth.Array.Min(), Is.GreaterThan(0f));
    }

    [Test]
    public void A_pale_sky_over_dark_ground_is_far()
    {
        var image = new ImageBuffer(3, 120, 160);
        for (int y = 0; y < 120; y++)
        {
            for (int x = 0; x < 160; x++)
                (image[0, y, x], image[1, y, x], image[2, y, x]) = y < 50 ? (0.85f, 0.9f, 0.95f) : (0.1f, 0.3f, 0.05f);
        }

        ImageBuffer depth = new HeuristicDepthEstimator().Estimate(image);
        Assert.That(depth[0, 10, 80], Is.GreaterThan(0.9f));
        Assert.That(depth[0, 118, 80], Is.LessThan(0.3f));
        Assert.That(depth[0, 70, 80], Is.GreaterThan(depth[0, 110, 80]), "the ground recedes upwards");
    }

    [Test]
    public void A_flat_image_gives_the_position_prior()
    {
        ImageBuffer depth = new HeuristicDepthEstimator().Estimate(Patches.Flat(3, 60, 60, 0.5f));
        for (int y = 1; y < 60; y++)
            Assert.That(depth[0, y, 30], Is.LessThanOrEqualTo(depth[0, y - 1, 30] + 1e-5f), $"row {y}");
    }

    [Test]
    public void The_estimate_does_not_depend_on_threads()
    {
        ImageBuffer image = Patches.Random(3, 130, 75, 2);
        float[] expected = new HeuristicDepthEstimator().Estimate(image).Array;
        for (int threads = 2; threads <= 3; threads++)
            Assert.That(new HeuristicDepthEstimator(new Parallelism(threads)).Estimate(image).Array, Is.EqualTo(expected));
    }

    [Test]
    public void Tiny_and_black_images_work([Values(1, 2, 17)] int height, [Values(1, 5)] int width)
    {
        ImageBuffer depth = new HeuristicDepthEstimator().Estimate(new ImageBuffer(3, height, width));
        Assert.That(depth.Array, Is.All.InRange(float.Epsilon, 1f));
    }
}
