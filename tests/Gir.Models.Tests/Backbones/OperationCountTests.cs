using Gir.Benchmarks.Networks;
using Gir.Models.Backbones.SrResNet;
using Gir.Models.Backbones.SwinIr;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tests.Backbones;

/// <summary>The benchmark's count of operations against sums by hand.</summary>
[NonParallelizable]
public class OperationCountTests
{
    [Test]
    public void SrResNetCountsItsConvolutions()
    {
        var options = new SrResNetOptions { Blocks = 2, Features = 8 };
        long perPixel = (2 * 3 * 8 * 9) + (5 * 8 * 8 * 9);
        Assert.That(Count(() => new SrResNet(options), 12, 20), Is.EqualTo(2 * perPixel * 12 * 20));
    }

    [Test]
    public void SwinIrCountsLinearLayersAndAttention()
    {
        var options = new SwinIrOptions { Width = 12, Heads = [2], Depths = [2], WindowSize = 4 };
        const long Block = (12 * 36) + (2 * 16 * 12) + (12 * 12) + (2 * 12 * 24);
        const long Convolutions = ((2 * 3 * 12) + (2 * 12 * 12)) * 9;
        Assert.That(Count(() => new SwinIr(options), 8, 12), Is.EqualTo(2 * ((2 * Block) + Convolutions) * 8 * 12));
    }

    private static long Count(Func<Module> create, int height, int width)
    {
        var profile = new OperatorProfile();
        TensorBackend previous = TensorBackend.Default;
        TensorBackend.Default = new ProfilingBackend(previous, profile);
        try
        {
            Module network = create();
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            network.Call(Tensor.Full([1, 3, height, width], 0.5f));
            return profile.Operations;
        }
        finally
        {
            TensorBackend.Default = previous;
        }
    }
}
