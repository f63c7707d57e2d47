using Gir.Models.Backbones.Hat;
using Gir.Models.Backbones.NafNet;
using Gir.Models.Backbones.Restormer;
using Gir.Models.Backbones.SrResNet;
using Gir.Models.Backbones.SwinIr;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Training;

namespace Gir.Models.Tests.Tensors;

/// <summary>Whole runs give the same bits for any number of threads.</summary>
[NonParallelizable]
public sealed class ThreadCountTests
{
    private static readonly (string Name, Func<Module> Create)[] Networks =
    [
        ("SRResNet", () => new SrResNet(new SrResNetOptions { Features = 16, Blocks = 1, Seed = 1 })),
        ("NAFNet", () => new NafNet(new NafNetOptions { Width = 8, MiddleBlocks = 1, EncoderBlocks = [1, 1], DecoderBlocks = [1, 1], Seed = 2 })),
        ("SwinIR", () => new SwinIr(new SwinIrOptions { Depths = [2], Width = 24, Heads = [2], Seed = 3 })),
        ("Restormer", () => new Restormer(new RestormerOptions { Width = 8, Blocks = [1, 1, 1, 1], RefinementBlocks = 1, Seed = 4 })),
        ("HAT", () => new Hat(new HatOptions { Depths = [2], Width = 12, Heads = [2], WindowSize = 8, SqueezeFactor = 6, Seed = 5 })),
    ];

    public static IEnumerable<string> Names => Networks.Select(n => n.Name);

    [TestCaseSource(nameof(Names))]
    public void Inference_gives_the_same_bits(string name)
    {
        float[] one = Infer(1);
        Assert.That(one, Has.All.Matches<float>(float.IsFinite));
        foreach (int threads in (int[])[2, 3, 5])
            AssertSameBits(Infer(threads), one, $"{threads} threads");

        float[] Infer(int threads)
        {
            using var use = new EngineInUse(threads);
            Module network = Networks.Single(n => n.Name == name).Create();
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            return network.Call(Values(7, [1, 3, 32, 40])).ToArray();
        }
    }

    [Test]
    public void Training_gives_the_same_bits()
    {
        (float[] losses, float[] weights, float[] averages) = Train(1);
        Assert.That(losses[^1], Is.LessThan(losses[0]));
        Assert.That(averages, Is.Not.EqualTo(weights));
        foreach (int threads in (int[])[2, 3])
        {
            (float[] l, float[] w, float[] a) = Train(threads);
            AssertSameBits(l, losses, $"{threads} threads, losses");
            AssertSameBits(w, weights, $"{threads} threads, weights");
            AssertSameBits(a, averages, $"{threads} threads, averages");
        }
    }

    private static (float[] Losses, float[] Weights, float[] Averages) Train(int threads)
    {
        using var use = new EngineInUse(threads);
        var network = new ConvolutionsAndAttention();
        var optimizer = new Adam(network.Parameters(), 2e-3);
        var average = new ExponentialMovingAverage(network, 0.9);
        var losses = new List<float>();
        for (int step = 0; step < 4; step++)
        {
            using TensorScope scope = TensorScope.Enter();
            network.ZeroGradients();
            // The same pairs in each step, so that the loss falls.
            Tensor target = Values(20, [2, 3, 32, 32]);
            Tensor input = target + (Values(21, [2, 3, 32, 32]) * 0.5f);
            Tensor loss = network.Call(input).CharbonnierLoss(target, 1e-6f);
            loss.Backward();
            losses.Add(loss.Item());
            double norm = GradientClipping.Norm(network.Parameters());
            Assert.That(norm, Is.GreaterThan(0.05), "clipping has something to do");
            optimizer.Step(GradientClipping.Scale(norm, 0.05));
            average.Update();
        }

        return ([.. losses], Flat(network.StateDictionary().Select(e => e.Value)), Flat(average.State.Values));
    }

    private static float[] Flat(IEnumerable<Tensor> tensors) => [.. tensors.SelectMany(t => t.ToArray())];

    private static Tensor Values(ulong seed, TensorShape shape) => Tensor.From(new Draw(seed, false).Values(shape.Length), shape);

    private static void AssertSameBits(float[] actual, float[] expected, string what) => Assert.That(
        Array.ConvertAll(actual, BitConverter.SingleToInt32Bits).AsSpan().SequenceEqual(Array.ConvertAll(expected, BitConverter.SingleToInt32Bits)), what);

    /// <summary>Convolutions around one block of window attention.</summary>
    private sealed class ConvolutionsAndAttention : Module
    {
        private const int Width = 16;
        private const int Heads = 2;
        private const int Window = 8;

        private readonly Conv2d _first;
        private readonly Conv2d _middle;
        private readonly LayerNorm _norm;
        private readonly Linear _qkv;
        private readonly Linear _projection;
        private readonly Conv2d _last;

        public ConvolutionsAndAttention()
        {
            _first = Child("first", new Conv2d(3, Width, 3, padding: 1, seed: 1));
            _middle = Child("middle", new Conv2d(Width, Width, 3, padding: 1, seed: 2));
            _norm = Child("norm", new LayerNorm(Width));
            _qkv = Child("qkv", new Linear(Width, 3 * Width, seed: 3));
            _projection = Child("proj", new Linear(Width, Width, seed: 4));
            _last = Child("last", new Conv2d(Width, 3, 3, padding: 1, seed: 5));
        }

        protected override Tensor Forward(Tensor x)
        {
            Tensor features = _middle.Call(_first.Call(x).Relu()).Gelu();
            Tensor tokens = features.Permute(0, 2, 3, 1);
            (int height, int width) = (tokens.Shape[1], tokens.Shape[2]);
            tokens = tokens.WindowPartition(Window);
            tokens = (tokens + Attend(_norm.Call(tokens))).WindowReverse(Window, height, width);
            return _last.Call(tokens.Permute(0, 3, 1, 2)) + x;
        }

        private Tensor Attend(Tensor windows)
        {
            (int n, int tokens) = (windows.Shape[0], Window * Window);
            Tensor[] parts = _qkv.Call(windows).Reshape(n, tokens, 3, Heads, Width / Heads).Permute(2, 0, 3, 1, 4).Split(0, 1, 1, 1);
            Tensor[] qkv = [.. parts.Select(p => p.Reshape(n, Heads, tokens, Width / Heads))];
            Tensor y = TensorOps.Attention(qkv[0], qkv[1], qkv[2], 1 / MathF.Sqrt(Width / (float)Heads));
            return _projection.Call(y.Permute(0, 2, 1, 3).Reshape(n, Window, Window, Width));
        }
    }
}
