using Gir.Models.Generative.Diffusion;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>Where tiles lie and how they weigh, against DiffBIR.</summary>
public sealed class DiffusionTilesTests
{
    private static readonly CldmGolden s_golden = CldmGolden.Load("tiles");

    [TestCase(8, 8)]
    [TestCase(64, 64)]
    [TestCase(16, 12)]
    [TestCase(5, 9)]
    public void Weights(int width, int height)
    {
        double[] expected = s_golden.Data.Doubles($"gaussian.{width}x{height}");
        double[] found = DiffusionTiles.Weights(height, width, isSymmetric: false);
        for (int i = 0; i < expected.Length; i++)
            Assert.That(found[i], Is.EqualTo(expected[i]).Within(1e-12 * expected.Max()));
        double[] symmetric = DiffusionTiles.Weights(height, width, isSymmetric: true);
        Assert.That(symmetric, Is.EqualTo(symmetric.Reverse().ToArray()).Within(1e-15));
    }

    [TestCase(12, 20, 8, 4)]
    [TestCase(13, 17, 8, 3)]
    [TestCase(8, 8, 8, 4)]
    [TestCase(64, 96, 64, 32)]
    public void Windows(int height, int width, int size, int stride)
    {
        int[] found = [.. DiffusionTiles.Windows(height, width, size, stride).SelectMany(w => new[] { w.Top, w.Bottom, w.Left, w.Right })];
        Assert.That(found, Is.EqualTo(s_golden.Data.Int64s($"windows.{height}_{width}_{size}_{stride}")));
    }

    [Test]
    public void A_side_shorter_than_a_tile_is_one_window() =>
        Assert.That(DiffusionTiles.Windows(5, 9, 8, 4), Is.EqualTo(new TileWindow[] { new(0, 5, 0, 8), new(0, 5, 1, 9) }));
}
