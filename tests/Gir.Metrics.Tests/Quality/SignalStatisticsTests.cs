using Gir.Imaging.Random;
using Gir.Metrics.Quality;

namespace Gir.Metrics.Tests.Quality;

/// <summary>Statistics of signals whose answers are known.</summary>
[TestFixture]
public class SignalStatisticsTests
{
    private const int Side = 96;

    // What an octave without energy has: a tenth of a level, squared, as a logarithm.
    private static readonly double s_empty = Math.Log2(0.01);

    [Test]
    public void A_checkerboard_of_single_pixels_has_its_energy_in_the_finest_octave()
    {
        using LevelPlane plane = Plane((y, x) => 100 + ((y + x) % 2 == 0 ? 8 : -8));
        double[] octaves = OctaveEnergies.Of(plane);
        Assert.That(octaves[0], Is.EqualTo(Math.Log2(64.01)).Within(1e-12));
        Assert.That(octaves[1..], Is.All.EqualTo(s_empty).Within(1e-12));
    }

    [Test]
    public void Stripes_of_two_and_four_pixels_lie_in_the_second_and_third_octave()
    {
        for (int octave = 1; octave <= 2; octave++)
        {
            int width = 1 << octave;
            using LevelPlane plane = Plane((_, x) => 100 + (x / width % 2 == 0 ? 8 : -8));
            double[] octaves = OctaveEnergies.Of(plane);
            Assert.That(octaves[octave], Is.EqualTo(Math.Log2(64.01)).Within(1e-12));
            Assert.That(octaves.Where((_, i) => i != octave), Is.All.EqualTo(s_empty).Within(1e-12));
        }
    }

    [TestCase(0)]
    [TestCase(3)]
    public void Steps_at_every_eighth_pixel_are_blocks_wherever_they_begin(int phase)
    {
        using LevelPlane blocks = Plane((y, x) => 10 * ((x + phase) / 8) + (10 * ((y + phase) / 8)));
        Assert.That(Blockiness.Of(blocks), Is.EqualTo(Math.Log2(10.05 / 0.05)).Within(1e-9));
        using LevelPlane ramp = Plane((y, x) => y + x);
        Assert.That(Blockiness.Of(ramp), Is.EqualTo(0).Within(1e-12));
    }

    [Test]
    public void The_noise_of_a_flat_picture_and_of_a_slope_is_found([Values(2.0, 8.0, 30.0)] double sigma, [Values(0, 1)] int slope)
    {
        var random = new PhiloxRandom(5);
        using LevelPlane plane = Plane((y, x) => (slope * (y + x)) + (sigma * random.NextGaussian()));
        // The block that a tenth lie below has a little less than the mean of all.
        Assert.That(Math.Pow(2, NoiseLevel.Of(plane)) - 0.1, Is.EqualTo(sigma).Within(25).Percent.And.LessThan(sigma));
    }

    [Test]
    public void No_noise_is_a_tenth_of_a_level()
    {
        using LevelPlane plane = Plane((y, x) => (2 * y) + x);
        Assert.That(NoiseLevel.Of(plane), Is.EqualTo(Math.Log2(0.1)).Within(1e-12));
    }

    [TestCase(2)]
    [TestCase(5)]
    public void An_edge_is_as_wide_as_it_rises(int width)
    {
        using LevelPlane plane = Plane((_, x) => 20 + (200.0 / width * Math.Clamp(x - 40, 0, width)));
        Assert.That(EdgeShape.Of(plane).Width, Is.EqualTo(width).Within(1e-12));
        Assert.That(EdgeShape.Of(plane).Overshoot, Is.Zero);
    }

    [Test]
    public void What_an_edge_shoots_over_is_measured_against_its_height()
    {
        // From 50 up to 150, by way of 40 and 165: both ends return, and the whole edge is 125 high.
        double[] edge = [50, 50, 40, 165, 150, 150];
        using LevelPlane plane = Plane((_, x) => edge[Math.Clamp(x - 40, 0, edge.Length - 1)]);
        Assert.That(EdgeShape.Of(plane).Overshoot, Is.EqualTo((10 + 15) / 125.0).Within(1e-12));
    }

    [Test]
    public void A_flat_picture_has_no_edges()
    {
        using LevelPlane plane = Plane((_, _) => 128);
        Assert.That(EdgeShape.Of(plane), Is.EqualTo(new EdgeShape(double.NaN, double.NaN)));
    }

    private static LevelPlane Plane(Func<int, int, double> level)
    {
        var plane = new LevelPlane(Side, Side);
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
                plane.Row(y)[x] = level(y, x);
        }

        return plane;
    }
}
