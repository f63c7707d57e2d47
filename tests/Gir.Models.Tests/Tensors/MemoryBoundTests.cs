using Gir.Imaging;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Tensors;

/// <summary>How much memory inference and training need, as formulas, and at 2000 x 2000 in bytes.</summary>
[NonParallelizable]
public sealed class MemoryBoundTests
{
    private const int Features = 16;

    // Blocks are at most a quarter larger than asked for.
    private const double BlockRounding = 1.25;

    // Weights, Winograd's packed filters, blocks of 256 bytes.
    private const long Small = 256 * 1024;

    /// <summary>A chain 3, 16, 16, 3: a convolution's input and output live together, the result besides the input at the end.</summary>
    [TestCase(60, 80)]
    [TestCase(128, 128)]
    public void A_chain_holds_two_maps(int height, int width)
    {
        long map = (long)Features * height * width * sizeof(float);
        Assert.That(InferencePeak(Chain, height, width), Is.InRange(2 * map, (long)(BlockRounding * 2 * map) + Small));
    }

    /// <summary>A residual block holds its input, what two convolutions and an activation make of it, and the sum at the end.</summary>
    [TestCase(1)]
    [TestCase(6)]
    public void Residual_blocks_hold_five_maps_however_many_there_are(int blocks)
    {
        const int Side = 96;
        long map = (long)Features * Side * Side * sizeof(float);
        Assert.That(InferencePeak(() => Residuals(blocks), Side, Side), Is.InRange(4 * map, (long)(BlockRounding * 5 * map) + Small));
    }

    // Tiles of 64 pixels: memory does not grow with the image.
    [Test]
    public void In_tiles_memory_is_that_of_a_tile()
    {
        long map = (long)(Features + 3) * 64 * 64 * sizeof(float);
        long bound = (long)(BlockRounding * 2 * map) + Small;
        Assert.That(RestorationPeak(100, 64, 16), Is.LessThanOrEqualTo(bound));
        Assert.That(RestorationPeak(300, 64, 16), Is.LessThanOrEqualTo(bound));
        Assert.That(RestorationPeak(300, 0, 16), Is.GreaterThan(4 * bound), "untiled");
    }

    [Test]
    [Explicit("About 3 s and 1.5 GB.")]
    public void At_2000_x_2000_inference_stays_under_a_stated_number_of_bytes() => Assert.Multiple(() =>
    {
        AssertBelow(550_000_000, InferencePeak(Chain, 2000, 2000), "a chain 3, 16, 16, 3");
        AssertBelow(1_400_000_000, InferencePeak(() => Residuals(2), 2000, 2000), "residual blocks of 16 channels");
        AssertBelow(50_000_000, RestorationPeak(2000, 512, 64), "the chain in tiles of 512");

        static void AssertBelow(long bound, long peak, string what)
        {
            TestContext.Out.WriteLine($"{what}: {peak:N0} bytes");
            Assert.That(peak, Is.LessThan(bound), what);
        }
    });

    /// <summary>Without gradients checkpoints do nothing; with them, a map per segment and the inside of one segment.</summary>
    [TestCase(4, 3)]
    [TestCase(8, 5)]
    public void Checkpoints_hold_the_ends_of_segments_and_the_inside_of_one(int segments, int length)
    {
        const int Elements = 32 * 1024;
        const long Map = Elements * sizeof(float);
        (float[] plain, long whole) = Train(false);
        (float[] again, long checkpointed) = Train(true);
        Assert.That(again, Is.EqualTo(plain));
        // On the way back each step of a segment has its output and, at the front, two gradients.
        Assert.That(whole, Is.GreaterThanOrEqualTo(segments * length * Map));
        Assert.That(checkpointed, Is.LessThanOrEqualTo((long)(BlockRounding * (segments + length + 5) * Map)));

        (float[], long) Train(bool checkpoint)
        {
            using var use = new EngineInUse();
            Tensor x = Tensor.Full([Elements], 0.3f);
            x.RequiresGradient = true;
            long before = use.Memory.BytesInUse;
            use.Memory.ResetPeak();
            using TensorScope scope = TensorScope.Enter();
            Tensor y = x;
            for (int i = 0; i < segments; i++)
                y = checkpoint ? Tape.Checkpoint(Segment, y) : Segment(y);
            y.Mean().Backward();
            return (x.Gradient!.ToArray(), use.Memory.PeakBytesInUse - before);
        }

        Tensor Segment(Tensor x)
        {
            for (int i = 0; i < length; i++)
                x = x.Sigmoid();
            return x;
        }
    }

    [Test]
    public void Training_steps_need_the_same_memory_every_time()
    {
        using var use = new EngineInUse();
        Module network = Chain();
        Tensor input = Tensor.Full([1, 3, 32, 32], 0.5f);
        var peaks = new List<(long Peak, long After)>();
        for (int step = 0; step < 4; step++)
        {
            use.Memory.ResetPeak();
            using (TensorScope.Enter())
                network.Call(input).Square().Mean().Backward();

            peaks.Add((use.Memory.PeakBytesInUse, use.Memory.BytesInUse));
        }

        // The first step makes the gradients, the others add to them.
        Assert.That(peaks[1].After - peaks[0].After, Is.Zero);
        Assert.That(peaks[2..], Is.All.EqualTo(peaks[1]));
    }

    private static Sequential Chain() => new(
        new Conv2d(3, Features, 3, padding: 1, seed: 1), new Relu(), new Conv2d(Features, Features, 3, padding: 1, seed: 2), new Relu(),
        new Conv2d(Features, 3, 3, padding: 1, seed: 3));

    private static Sequential Residuals(int blocks) => new(
    [
        new Conv2d(3, Features, 3, padding: 1, seed: 1),
        .. Enumerable.Range(0, blocks).Select(i => new Block((ulong)i)),
        new Conv2d(Features, 3, 3, padding: 1, seed: 2),
    ]);

    private static long InferencePeak(Func<Module> create, int height, int width)
    {
        using var use = new EngineInUse();
        Module network = create();
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Tensor input = Tensor.Full([1, 3, height, width], 0.5f);
        long before = use.Memory.BytesInUse;
        use.Memory.ResetPeak();
        using (TensorScope.Enter())
            Assert.That(network.Call(input).Shape, Is.EqualTo(input.Shape));
        Assert.That(use.Memory.BytesInUse, Is.EqualTo(before));
        GC.KeepAlive(input);
        return use.Memory.PeakBytesInUse - before;
    }

    private static long RestorationPeak(int side, int tile, int overlap)
    {
        using var use = new EngineInUse();
        var restorer = new NetworkRestorer(new RestorationNetwork("chain", Chain()), new NetworkRestorerOptions { TileSize = tile, TileOverlap = overlap });
        use.Memory.ResetPeak();
        ImageBuffer restored = restorer.Restore(new ImageBuffer(3, side, side));
        Assert.That(restored.Height, Is.EqualTo(side));
        return use.Memory.PeakBytesInUse;
    }

    private sealed class Block : Module
    {
        private readonly Conv2d _first;
        private readonly Conv2d _second;

        public Block(ulong seed)
        {
            _first = Child("conv1", new Conv2d(Features, Features, 3, padding: 1, seed: seed));
            _second = Child("conv2", new Conv2d(Features, Features, 3, padding: 1, seed: seed + 100));
        }

        protected override Tensor Forward(Tensor x) => x + _second.Call(_first.Call(x).Relu());
    }
}
