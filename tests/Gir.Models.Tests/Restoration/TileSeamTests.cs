using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Models.Restoration;
using Gir.Models.Tests.Serialization;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Restoration;

/// <summary>What is restored in tiles against what is restored whole, in 8-bit levels.</summary>
[OnePass]
public sealed class TileSeamTests
{
    private const int Tile = 320;

    // Two and three tiles an axis, multiples of what the network wants and not.
    [TestCase(464, 480)]
    [TestCase(395, 471)]
    [TestCase(337, 594)]
    public void The_shipped_model_leaves_no_seams(int height, int width)
    {
        ImageBuffer clean = SceneGenerator.Create(5, height, width).Image;
        NetworkRestorer whole = Shipped(0);
        NetworkRestorer tiled = Shipped(Tile);
        Assert.That(tiled.CountTiles(height, width), Is.GreaterThanOrEqualTo(4));
        // Haze is lifted by what is seen far and wide; scratches are the strongest local change.
        foreach ((string name, ImageBuffer degraded) in new[] { ("haze", Degraded.Hazy(clean)), ("scratches and noise", Degraded.Noisy(Degraded.Scratched(clean), 20)) })
        {
            ImageBuffer expected = whole.Restore(degraded);
            Assert.That(Levels(expected, degraded), Is.GreaterThan(20), name + ": there is something to do");
            Assert.That(Levels(tiled.Restore(degraded), expected), Is.LessThan(0.5), name);
        }
    }

    [Test]
    public void Every_network_that_supports_tiles_leaves_no_seams()
    {
        ImageBuffer image = Degraded.Noisy(SceneGenerator.Create(5, 203, 331).Image, 20);
        RestorationNetwork[] networks = [.. TinyNetworks.All.Where(n => n.Tiling == TilingSupport.Supported)];
        Assert.That(networks, Has.Length.GreaterThan(8));
        foreach (RestorationNetwork network in networks)
        {
            double? noise = network.TakesNoiseMap ? 20 : null;
            ImageBuffer whole = new NetworkRestorer(network, new() { TileSize = 0, NoiseLevel = noise }).Restore(image);
            ImageBuffer tiled = new NetworkRestorer(network, new() { TileSize = 128, NoiseLevel = noise }).Restore(image);
            Assert.That(Levels(tiled, whole), Is.LessThan(0.5), network.Architecture);
        }
    }

    private static NetworkRestorer Shipped(int tile) => ModelZoo.LoadShipped("gir-v1", new ModelZooOptions { Restoration = new() { TileSize = tile } });

    private static double Levels(ImageBuffer actual, ImageBuffer expected) => 255 * Networks.Difference(actual, expected);
}
