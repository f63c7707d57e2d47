using Gir.Imaging;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Tests.Backbones;
using Gir.Models.Tests.Zoo;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Restoration;

/// <summary>Which tiles are chosen when nobody says, and which networks may be given some.</summary>
public sealed class TileChoiceTests
{
    [TestCase(1L << 22)]
    [TestCase(1L << 23)]
    [TestCase(1L << 24)]
    [NonParallelizable]
    [OnePass]
    public void Memory_stays_within_the_budget(long budget)
    {
        HostAllocator memory = ((CpuBackend)TensorBackend.Default).Memory;
        var restorer = new NetworkRestorer(Networks.Small(), new() { MemoryBudget = budget, TileOverlap = 16 });
        ImageBuffer image = Networks.Noise(3, 300, 310);
        restorer.Restore(Networks.Noise(3, 129, 129));
        long before = memory.BytesInUse;
        memory.ResetPeak();
        restorer.Restore(image);
        long peak = memory.PeakBytesInUse - before;
        // At least a quarter is used: tiles are not needlessly small.
        Assert.That(peak, Is.InRange(budget / 4, budget));
    }

    // A photograph of 12 megapixels is restored in as much memory as this one, and its own samples.
    [Test]
    [NonParallelizable]
    [OnePass]
    public void The_shipped_model_stays_within_the_budget_whatever_the_size()
    {
        const long Budget = 48L << 20;
        HostAllocator memory = ((CpuBackend)TensorBackend.Default).Memory;
        NetworkRestorer restorer = ModelZoo.LoadShipped("gir-v1", new ModelZooOptions { Restoration = new() { MemoryBudget = Budget } });
        restorer.Restore(Networks.Noise(3, 32, 32));
        foreach ((int height, int width) in new[] { (300, 310), (620, 300) })
        {
            Assert.That(restorer.CountTiles(height, width), Is.GreaterThan(1));
            long before = memory.BytesInUse;
            memory.ResetPeak();
            restorer.Restore(Networks.Noise(3, height, width));
            Assert.That(memory.PeakBytesInUse - before, Is.InRange(Budget / 4, Budget), $"{height} x {width}");
        }
    }

    [Test]
    public void Images_that_fit_are_restored_whole_and_others_in_tiles_that_share_little()
    {
        var seen = new List<(int, int)>();
        RestorationNetwork network = Networks.Of(x => Networks.Note(x, t => seen.Add((t.Shape[2], t.Shape[3]))));
        // Input and output: 24 bytes for each pixel, 30 with the allocator's rounding at its worst, so that 4 MiB hold 373 x 373 pixels.
        var restorer = new NetworkRestorer(network, new() { MemoryBudget = 4 << 20, TileOverlap = 32 });
        restorer.Restore(Networks.Noise(3, 370, 370));
        Assert.That(seen, Is.EqualTo(new[] { (128, 128), (370, 370) }), "The probe, and the image.");
        seen.Clear();
        restorer.Restore(Networks.Noise(3, 360, 800));
        // 368 columns fit, but would share 152; three tiles of 288 share 32. The probe is not repeated.
        Assert.That(seen, Is.EqualTo(new[] { (360, 288), (360, 288), (360, 288) }));
    }

    [Test]
    public void However_small_the_budget_a_tile_has_a_least_size()
    {
        var seen = new List<(int, int)>();
        RestorationNetwork network = Networks.Of(x =>
        {
            seen.Add((x.Shape[2], x.Shape[3]));
            return (x.Expand([1, 3, x.Shape[2], x.Shape[3]]) * 1f).Interpolate(4, InterpolationMode.Nearest).Narrow(2, 0, x.Shape[2]).Narrow(3, 0, x.Shape[3]);
        });
        new NetworkRestorer(network, new() { MemoryBudget = 1 << 20 }).Restore(Networks.Noise(3, 160, 160));
        Assert.That(seen.Skip(1), Is.All.Matches<(int H, int W)>(s => s.H is >= 64 and < 80 && s.W is >= 64 and < 80));
    }

    [Test]
    [OnePass]
    public void The_choice_does_not_depend_on_what_other_threads_do()
    {
        ImageBuffer image = Networks.Noise(3, 200, 210);
        ImageBuffer Restore() => new NetworkRestorer(Networks.Small(), new() { MemoryBudget = 1 << 20, TileOverlap = 16 }).Restore(image);
        ImageBuffer alone = Restore();
        var together = new ImageBuffer[4];
        Parallel.For(0, together.Length, i => together[i] = Restore());
        foreach (ImageBuffer restored in together)
            Assert.That(restored.Array, Is.EqualTo(alone.Array));
    }

    [TestCase("hinet", TilingSupport.Discouraged)]
    [TestCase("hinet_allhin", TilingSupport.Discouraged)]
    [TestCase("nafnet", TilingSupport.Discouraged)]
    [TestCase("dasr_x1", TilingSupport.Discouraged)]
    [TestCase("hat_x1", TilingSupport.Discouraged)]
    [TestCase("restormer_withbias", TilingSupport.Discouraged)]
    [TestCase("srcnn_955_rgb", TilingSupport.Supported)]
    [TestCase("srresnet_x1", TilingSupport.Supported)]
    [TestCase("rrdbnet_noup_x1", TilingSupport.Supported)]
    [TestCase("dncnn_r_color", TilingSupport.Supported)]
    [TestCase("srvgg_prelu_x1", TilingSupport.Supported)]
    [TestCase("edsr_x2", TilingSupport.Supported)]
    public void A_network_supports_tiles_where_pixels_far_away_do_not_matter(string name, TilingSupport expected)
    {
        RestorationNetwork network = LoadedNetwork.Of(ModelGolden.Load(name).State(), ModelGolden.Load(name).Hyper);
        var whole = new NetworkRestorer(network, new() { TileSize = 0 });
        ImageBuffer image = Networks.Noise(3, 64, 64);
        ImageBuffer other = image.Clone();
        for (int y = 56; y < 64; y++)
            other.Row(1, y)[56..].Fill(1);
        float[] here = whole.Restore(image).Crop(0, 0, 8, 8).Array;
        float[] there = whole.Restore(other).Crop(0, 0, 8, 8).Array;
        Assert.That(network.Tiling, Is.EqualTo(expected));
        Assert.That(here.SequenceEqual(there), Is.EqualTo(expected == TilingSupport.Supported));
    }

    [Test]
    public void What_depends_on_the_configuration_does()
    {
        Assert.That(ModelZoo.CreateNetwork("NAFNet", HyperParameters.Parse("{\"width\": 2, \"local_window\": 64}")).Tiling, Is.EqualTo(TilingSupport.Supported));
        Assert.That(
            ModelZoo.CreateNetwork("HINet", HyperParameters.Parse("{\"wf\": 2, \"depth\": 3, \"hin_position_left\": 3, \"hin_position_right\": 4}")).Tiling,
            Is.EqualTo(TilingSupport.Supported));
    }

    [Test]
    public void Whole_image_statistics_are_kept_whole_while_they_fit()
    {
        RestorationNetwork network = Networks.Of(x => x + x.GlobalAveragePool2d()) with { Tiling = TilingSupport.Discouraged };
        ImageBuffer image = Networks.Noise(3, 200, 64);
        image.Samples[..image.PlaneLength].Clear();
        ImageBuffer whole = new NetworkRestorer(network, new() { TileSize = 0 }).Restore(image);
        Assert.That(new NetworkRestorer(network).Restore(image).Array, Is.EqualTo(whole.Array));
        Assert.That(Networks.Difference(new NetworkRestorer(network, new() { TileSize = 32, TileOverlap = 0 }).Restore(image), whole), Is.GreaterThan(1e-3));
    }

    [Test]
    public void Absolute_positions_refuse_tiles_and_never_get_any()
    {
        RestorationNetwork network = Networks.Small() with { Tiling = TilingSupport.Unsupported };
        Assert.That(() => new NetworkRestorer(network, new() { TileSize = 64, TileOverlap = 0 }), Throws.ArgumentException.With.Message.Contains("TileSize"));
        ImageBuffer image = Networks.Noise(3, 150, 150);
        Assert.That(
            new NetworkRestorer(network, new() { MemoryBudget = 1 << 20 }).Restore(image).Array,
            Is.EqualTo(new NetworkRestorer(network, new() { TileSize = 0 }).Restore(image).Array));
    }
}
