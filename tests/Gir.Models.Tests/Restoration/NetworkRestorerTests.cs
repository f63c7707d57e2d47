using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Tests.Serialization;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Restoration;

public sealed class NetworkRestorerTests
{
    // Other tile sizes take other paths through the convolutions; Winograd's rounding is about 3e-6 of the largest value.
    private const double Rounding = 2e-5;

    [TestCase(1, 1, 3)]
    [TestCase(3, 17, 1)]
    [TestCase(40, 33, 3)]
    [TestCase(64, 64, 1)]
    public void Any_size_keeps_its_size_and_its_samples(int height, int width, int channels)
    {
        var identity = new RestorationNetwork("identity", new Function(x => Strict(x, 8))) { Size = new() { Multiple = 8 } };
        ImageBuffer image = Networks.Noise(channels, height, width);
        foreach (NetworkRestorerOptions options in new NetworkRestorerOptions[]
                 {
                     new(), new() { TileSize = 16, TileOverlap = 8 }, new() { SelfEnsemble = true }, new() { TileSize = 24, TileOverlap = 2, SelfEnsemble = true },
                 })
        {
            ImageBuffer restored = new NetworkRestorer(identity, options).Restore(image);
            Assert.That(restored.HasShapeOf(image));
            Assert.That(Networks.Difference(restored, image), Is.LessThan(1e-6), options.ToString());
        }
    }

    [Test]
    public void Square_networks_get_squares_padded_all_around()
    {
        var seen = new List<string>();
        var network = new RestorationNetwork("square", new Function(x => Note(x, seen)))
        {
            Size = new() { Multiple = 32, IsSquare = true, IsCentered = true, Padding = TensorPadMode.Constant },
        };
        ImageBuffer image = Networks.Noise(3, 20, 50);
        Assert.That(Networks.Difference(new NetworkRestorer(network).Restore(image), image), Is.Zero);
        Assert.That(seen, Is.EqualTo(new[] { "[1, 3, 64, 64]" }));
        seen.Clear();
        Assert.That(Networks.Difference(new NetworkRestorer(network, new() { TileSize = 32, TileOverlap = 0 }).Restore(image), image), Is.Zero);
        Assert.That(seen, Is.EqualTo(new[] { "[1, 3, 32, 32]", "[1, 3, 32, 32]" }));
    }

    [Test]
    public void Tiles_give_what_the_whole_image_gives()
    {
        // A receptive field of 6 pixels, within the (32 - 16) / 2 that are thrown away.
        RestorationNetwork network = Tiny();
        ImageBuffer image = Networks.Noise(3, 150, 117);
        ImageBuffer whole = new NetworkRestorer(network, new() { TileSize = 0 }).Restore(image);
        ImageBuffer tiled = new NetworkRestorer(network, new() { TileSize = 64, TileOverlap = 32 }).Restore(image);
        Assert.That(Networks.Difference(tiled, whole), Is.LessThan(Rounding));
        Assert.That(Networks.Difference(whole, image), Is.GreaterThan(0.01), "The network should do something.");
    }

    [Test]
    public void Tiles_of_an_enlarging_network_fit_together()
    {
        var network = new RestorationNetwork("nearest", new Function(x => x.Interpolate(2, InterpolationMode.Nearest))) { Scale = 2 };
        ImageBuffer image = Networks.Noise(3, 70, 45);
        ImageBuffer whole = new NetworkRestorer(network, new() { TileSize = 0 }).Restore(image);
        ImageBuffer tiled = new NetworkRestorer(network, new() { TileSize = 32, TileOverlap = 8 }).Restore(image);
        Assert.That((whole.Height, whole.Width), Is.EqualTo((140, 90)));
        Assert.That(Networks.Difference(tiled, whole), Is.LessThan(1e-6));
    }

    [Test]
    public void Tiles_bound_the_memory()
    {
        HostAllocator memory = ((CpuBackend)TensorBackend.Default).Memory;
        ImageBuffer image = Networks.Noise(3, 512, 512);
        long Peak(int tile)
        {
            long before = memory.BytesInUse;
            memory.ResetPeak();
            new NetworkRestorer(Tiny(), new() { TileSize = tile, TileOverlap = 32 }).Restore(image);
            return memory.PeakBytesInUse - before;
        }

        Assert.That(Peak(128) * 6, Is.LessThan(Peak(0)));
    }

    [Test]
    public void The_ensemble_does_not_care_how_the_image_lies()
    {
        var restorer = new NetworkRestorer(Tiny(), new() { SelfEnsemble = true });
        ImageBuffer image = Networks.Noise(3, 24, 31);
        ImageBuffer restored = restorer.Restore(image);
        Assert.That(Networks.Difference(restorer.Restore(image.FlipHorizontal()).FlipHorizontal(), restored), Is.LessThan(Rounding));
        Assert.That(Networks.Difference(restorer.Restore(image.Rotate90()).Rotate270(), restored), Is.LessThan(Rounding));
        Assert.That(Networks.Difference(new NetworkRestorer(Tiny()).Restore(image), restored), Is.GreaterThan(0.001));
    }

    [Test]
    public void Gray_networks_restore_the_planes_of_a_color_image_one_by_one()
    {
        var network = new RestorationNetwork("gray", new Function(x => x * 0.5f)) { InputChannels = 1, OutputChannels = 1 };
        ImageBuffer image = Networks.Noise(3, 9, 12);
        Assert.That(new NetworkRestorer(network).Restore(image).Array, Is.EqualTo(Array.ConvertAll(image.Array, v => v * 0.5f)));
    }

    [Test]
    public void Levels_and_noise_maps_reach_the_network_in_its_own_units()
    {
        var network = new RestorationNetwork("map", new Function(x => x.Narrow(1, 3, 1).Expand([1, 3, x.Shape[2], x.Shape[3]]) + x.Narrow(1, 0, 3)))
        {
            TakesNoiseMap = true, Range = 255,
        };
        var black = new ImageBuffer(3, 4, 5);
        ImageBuffer restored = new NetworkRestorer(network, new() { NoiseLevel = 51 }).Restore(black);
        Assert.That(restored.Array, Is.All.EqualTo(0.2f).Within(1e-6f));
        Assert.That(() => new NetworkRestorer(network), Throws.ArgumentException.With.Message.Contains("NoiseLevel"));
    }

    [Test]
    public void Progress_is_told_after_every_tile_and_the_work_stops_when_asked()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<RestorationProgress>();
        var progress = new Told<RestorationProgress>(p =>
        {
            told.Add(p);
            if (told.Count == 3)
                stop.Cancel();
        });
        var restorer = new NetworkRestorer(Tiny(), new() { TileSize = 32, TileOverlap = 0 });
        Assert.That(() => restorer.Restore(Networks.Noise(3, 64, 64), progress, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(told, Is.EqualTo(new[] { new RestorationProgress(1, 4), new RestorationProgress(2, 4), new RestorationProgress(3, 4) }));
    }

    [Test]
    public void Threads_are_limited_while_the_network_runs()
    {
        var seen = new List<int>();
        RestorationNetwork network = Networks.Of(x => Networks.Note(x, _ => seen.Add(ThreadLimit.Current)));
        new NetworkRestorer(network, new() { MaxDegreeOfParallelism = 3 }).Restore(Networks.Noise(3, 8, 8));
        new NetworkRestorer(network).Restore(Networks.Noise(3, 8, 8));
        Assert.That(seen, Is.EqualTo(new[] { 3, int.MaxValue }));
    }

    [Test]
    public void Identity_follows_weights_and_options_and_not_the_name()
    {
        string identity = new NetworkRestorer(Tiny()).Identity;
        RestorationNetwork changed = Tiny();
        Tensor weight = changed.Module.StateDictionary().First().Value;
        float[] values = weight.ToArray();
        values[0] = MathF.BitIncrement(values[0]);
        weight.Storage.Write(values);

        Assert.That(new NetworkRestorer(Tiny(), name: "another").Identity, Is.EqualTo(identity));
        Assert.That(new NetworkRestorer(changed).Identity, Is.Not.EqualTo(identity));
        Assert.That(new NetworkRestorer(Tiny(), new() { SelfEnsemble = true }).Identity, Is.Not.EqualTo(identity));
        Assert.That(new NetworkRestorer(Tiny() with { Architecture = "other" }).Identity, Is.Not.EqualTo(identity));
    }

    [Test]
    public void Absurd_options_are_refused()
    {
        Assert.That(() => new NetworkRestorer(Tiny(), new() { TileSize = 32, TileOverlap = 17 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new NetworkRestorer(Tiny(), new() { TileSize = -1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new NetworkRestorer(Tiny(), new() { MemoryBudget = 1 << 19 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new NetworkRestorer(Tiny(), new() { MaxDegreeOfParallelism = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new NetworkRestorer(Tiny()).Restore(new ImageBuffer(4, 8, 8)), Throws.ArgumentException.With.Message.Contains("4 x 8 x 8"));
    }

    private static RestorationNetwork Tiny()
    {
        var module = new TinySrcnn();
        module.LoadState(Checkpoint.Load(TestData.Golden("models", "files", "plain.pth")).StateDictionary());
        return new RestorationNetwork("tiny", module);
    }

    private static Tensor Strict(Tensor x, int multiple) =>
        x.Shape[2] % multiple == 0 && x.Shape[3] % multiple == 0 ? x * 1f : throw new InvalidOperationException($"{x.Shape} is no multiple of {multiple}.");

    private static Tensor Note(Tensor x, List<string> seen)
    {
        seen.Add(x.Shape.ToString());
        return x * 1f;
    }
}
