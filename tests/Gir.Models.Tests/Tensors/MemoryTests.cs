using System.Runtime.CompilerServices;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>Where memory goes: allocator, scopes, tape.</summary>
[NonParallelizable]
public sealed class MemoryTests
{
    private CpuBackend _engine = null!;

    [SetUp]
    public void MakeAnEngine() => _engine = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1 });

    [Test]
    public void A_scope_releases_what_was_not_kept()
    {
        Tensor kept;
        Tensor lost;
        using (TensorScope scope = TensorScope.Enter())
        {
            lost = Tensor.Ones([1000], _engine);
            kept = scope.Keep(lost + 1);
        }

        Assert.That(kept.ToArray(), Is.All.EqualTo(2));
        Assert.That(lost.Storage.IsReleased, Is.True);
        Assert.That(() => lost.ToArray(), Throws.InvalidOperationException.With.Message.Contains("Keep"));
        Assert.That(() => lost + kept, Throws.InvalidOperationException);
        GC.KeepAlive(kept);
    }

    [Test]
    public void What_an_inner_scope_keeps_belongs_to_the_outer_one()
    {
        Tensor tensor;
        using (TensorScope.Enter())
        {
            using (TensorScope inner = TensorScope.Enter())
                tensor = inner.Keep(Tensor.Ones([4], _engine));
            Assert.That(tensor.Storage.IsReleased, Is.False);
        }

        Assert.That(tensor.Storage.IsReleased, Is.True);
    }

    [Test]
    public void Tensors_of_a_suspended_region_belong_to_no_scope()
    {
        Tensor tensor;
        using (TensorScope.Enter())
        {
            using (TensorScope.Suspend())
                tensor = Tensor.Ones([4], _engine);
        }

        Assert.That(tensor.ToArray(), Is.All.EqualTo(1));
    }

    [Test]
    public void Scopes_end_once_and_in_reverse_order()
    {
        TensorScope outer = TensorScope.Enter();
        TensorScope inner = TensorScope.Enter();
        bool thrown = false;
        try
        {
            outer.Dispose();
        }
        catch (InvalidOperationException)
        {
            thrown = true;
        }

        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
        Assert.That(thrown, Is.True);
    }

    [Test]
    public void The_allocator_reuses_counts_and_trims()
    {
        var allocator = new HostAllocator(cacheLimit: 10_000);
        HostStorage first = allocator.Allocate(1000);
        long bytes = allocator.BytesInUse;
        Assert.That(bytes, Is.InRange(4000, 5200));
        first.Release();
        first.Release();
        Assert.That((allocator.BytesInUse, allocator.BytesCached), Is.EqualTo((0L, bytes)));
        HostStorage second = allocator.Allocate(1000);
        Assert.That((allocator.BytesInUse, allocator.BytesCached), Is.EqualTo((bytes, 0L)));
        HostStorage large = allocator.Allocate(10_000);
        long peak = allocator.PeakBytesInUse;
        large.Release();
        Assert.That(allocator.BytesCached, Is.Zero, "beyond the limit");
        second.Release();
        Assert.That(allocator.PeakBytesInUse, Is.EqualTo(peak).And.GreaterThan(44_000));
        allocator.ResetPeak();
        allocator.Trim();
        Assert.That((allocator.BytesCached, allocator.PeakBytesInUse), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void Inference_hands_everything_back_and_does_not_grow()
    {
        using var use = new EngineInUse();
        var network = new SmallNetwork(16, 2);
        Tensor input = Tensor.Full([1, 3, 32, 32], 0.5f);
        long before = use.Memory.BytesInUse;
        use.Memory.ResetPeak();
        long first = 0;
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        for (int i = 0; i < 4; i++)
        {
            using (TensorScope.Enter())
                Assert.That(network.Call(input).Shape, Is.EqualTo(input.Shape));
            first = i == 0 ? use.Memory.PeakBytesInUse : first;
            Assert.That(use.Memory.BytesInUse, Is.EqualTo(before), $"after run {i}");
        }

        Assert.That(use.Memory.PeakBytesInUse, Is.EqualTo(first));
        GC.KeepAlive(network);
        GC.KeepAlive(input);
    }

    [Test]
    public void Gradients_of_shared_tensors_and_of_several_passes_add_up()
    {
        Tensor x = Tensor.From([2, 3], [2], _engine);
        x.RequiresGradient = true;
        Tensor y = x * x;
        ((y + y.Reshape(2)) * x).Sum().Backward();
        Assert.That(x.Gradient!.ToArray(), Is.EqualTo(new[] { 24f, 54f }));
        (x * 2).Sum().Backward();
        Assert.That(x.Gradient!.ToArray(), Is.EqualTo(new[] { 26f, 56f }));
    }

    [Test]
    public void Recording_resumes_after_nested_scopes_and_exceptions()
    {
        using (Tape.NoGradient())
        {
            using (Tape.NoGradient())
                Assert.That(Tape.IsRecording, Is.False);
            Assert.That(Tape.IsRecording, Is.False);
        }

        Assert.That(Tape.IsRecording, Is.True);
        Assert.That(Fail, Throws.TypeOf<ArithmeticException>());
        Assert.That(Tape.IsRecording, Is.True);
        var twice = Tape.NoGradient();
        twice.Dispose();
        twice.Dispose();
        Assert.That(Tape.IsRecording, Is.True);

        static void Fail()
        {
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            throw new ArithmeticException();
        }
    }

    [Test]
    public void Finalisers_hand_memory_back()
    {
        Abandon(_engine);
        for (int i = 0; i < 10 && _engine.Memory.BytesInUse > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(_engine.Memory.BytesInUse, Is.Zero);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Abandon(CpuBackend engine)
        {
            Tensor tensor = Tensor.Ones([5000], engine);
            Assert.That((tensor + tensor).ToArray()[4999], Is.EqualTo(2));
            Assert.That(engine.Memory.BytesInUse, Is.GreaterThan(0));
        }
    }

    [Test]
    public void Several_threads_run_one_network()
    {
        var network = new SmallNetwork(8, 1);
        Tensor input = Tensor.Full([1, 3, 40, 40], 0.25f);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        float[] expected = network.Call(input).ToArray();
        var results = new float[4][];
        Thread[] threads = [.. results.Select((_, i) => new Thread(() =>
        {
            using Tape.NoGradientScope silent = Tape.NoGradient();
            for (int round = 0; round < 5; round++)
                results[i] = network.Call(input).ToArray();
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.That(results, Is.All.EqualTo(expected));
    }

    private sealed class SmallNetwork : Module
    {
        private readonly Sequential _body;

        public SmallNetwork(int channels, int blocks) => _body = Child("body", new Sequential(
        [
            new Conv2d(3, channels, 3, padding: 1, seed: 1),
            .. Enumerable.Range(0, blocks).Select(i => new Block(channels, (ulong)i)),
            new Conv2d(channels, 3, 3, padding: 1, seed: 2),
        ]));

        protected override Tensor Forward(Tensor x) => _body.Call(x) + x;
    }

    private sealed class Block : Module
    {
        private readonly Conv2d _first;
        private readonly Conv2d _second;

        public Block(int channels, ulong seed)
        {
            _first = Child("conv1", new Conv2d(channels, channels, 3, padding: 1, seed: seed));
            _second = Child("conv2", new Conv2d(channels, channels, 3, padding: 1, seed: seed + 100));
        }

        protected override Tensor Forward(Tensor x) => x + _second.Call(_first.Call(x).Relu());
    }
}
