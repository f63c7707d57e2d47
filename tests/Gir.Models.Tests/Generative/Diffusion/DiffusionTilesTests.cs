using System.Text.Json;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

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

    [TestCase(136, 104, 32, 32)]
    [TestCase(33, 21, 8, 11)]
    [TestCase(200, 130, 64, 32)]
    [TestCase(64, 96, 32, 11)]
    public void Tiles_of_the_autoencoder(int height, int width, int size, int padding)
    {
        AutoencoderTile[] tiles = AutoencoderTiles.Of(height, width, size, padding);
        static long[] Numbers(IEnumerable<TileBounds> bounds) => [.. bounds.SelectMany(b => new long[] { b.Left, b.Right, b.Top, b.Bottom })];
        string name = $"vae_tiles.{height}_{width}_{size}_{padding}";
        Assert.That(Numbers(tiles.Select(t => t.Input)), Is.EqualTo(s_golden.Data.Int64s(name + ".input")));
        Assert.That(Numbers(tiles.Select(t => t.Output)), Is.EqualTo(s_golden.Data.Int64s(name + ".output")));
        Assert.That(AutoencoderTiles.Of(size + (2 * padding), 8, size, padding), Is.Empty);
    }

    [Test]
    [OnePass]
    public void The_autoencoder_in_tiles_and_whole()
    {
        JsonElement entry = s_golden.Entries.GetProperty("vae");
        JsonElement attributes = entry.GetProperty("attrs");
        var autoencoder = new AutoencoderKl(CldmGolden.Autoencoder(attributes.GetProperty("hyper")));
        autoencoder.LoadState(CldmGolden.Filled(attributes.GetProperty("fill"), attributes.GetProperty("seed").GetUInt64()));
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        (Tensor image, Tensor z) = (s_golden.Read("vae.in.image"), s_golden.Read("vae.in.z"));
        void Check(string output, Tensor found) => s_golden.AssertClose(found, "vae.out." + output, entry.GetProperty("tolerance").GetProperty(output).GetDouble());
        static Tensor Third(Tensor x) => x.Slice([0, 0, 0, 0], [x.Shape[0], x.Shape[1], (x.Shape[2] + 2) / 3, (x.Shape[3] + 2) / 3], [1, 1, 3, 3]);
        Check("encoder", autoencoder.Encoder.InTiles(image, attributes.GetProperty("encoder_tile").GetInt32()));
        Check("encoder_whole", autoencoder.Encoder.Call(image));
        Check("decoder_every_3rd", Third(autoencoder.Decoder.InTiles(z, attributes.GetProperty("decoder_tile").GetInt32())));
        Check("decoder_whole_every_3rd", Third(autoencoder.Decoder.Call(z)));
    }

    [Test]
    public void A_side_shorter_than_a_tile_is_one_window() =>
        Assert.That(DiffusionTiles.Windows(5, 9, 8, 4), Is.EqualTo(new TileWindow[] { new(0, 5, 0, 8), new(0, 5, 1, 9) }));
}
