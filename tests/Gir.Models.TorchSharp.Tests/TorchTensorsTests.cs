using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Training;
using TorchSharp;

namespace Gir.Models.TorchSharp.Tests;

/// <summary>One memory under two tensors, in both directions.</summary>
public sealed class TorchTensorsTests
{
    [OneTimeSetUp]
    public void Begin() => Assume.That(TorchEngine.Device, Is.EqualTo("cpu"), "These tests look at torch's memory from the program.");

    [Test]
    public void Writing_to_either_is_seen_by_the_other()
    {
        Tensor ours = Tensor.From([1, 2, 3, 4, 5, 6], [2, 3]);
        using torch.Tensor theirs = ours.ToTorch();
        Assert.That(theirs.shape, Is.EqualTo(new long[] { 2, 3 }));
        theirs.mul_(10);
        Assert.That(ours.ToArray(), Is.EqualTo(new float[] { 10, 20, 30, 40, 50, 60 }));
        ours.Backend.ScaleAndShift(ours, 1, 1, ours);
        Assert.That(theirs.data<float>().ToArray(), Is.EqualTo(new float[] { 11, 21, 31, 41, 51, 61 }));
        ours.Storage.Write([7, 7, 7, 7, 7, 7]);
        Assert.That(theirs.data<float>().ToArray(), Is.All.EqualTo(7));
    }

    [Test]
    public void What_torch_made_is_taken_without_a_copy()
    {
        torch.Tensor theirs = torch.arange(6, torch.ScalarType.Float32).view(2, 3);
        Tensor ours = theirs.ToGir(TorchEngine.Instance);
        Assert.That(ours.Shape, Is.EqualTo(TensorShape.Create(2, 3)));
        theirs.add_(1);
        Assert.That(ours.ToArray(), Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 6 }));
        ours.Backend.Fill(ours, 3);
        Assert.That(theirs.data<float>().ToArray(), Is.All.EqualTo(3));
        theirs.Dispose();
        Assert.That((ours * 2).ToArray(), Is.All.EqualTo(6), "the memory lives as long as either");
    }

    [Test]
    public void An_optimizer_moves_the_shared_parameter()
    {
        Tensor parameter = Tensor.From([1, 1], [2]);
        parameter.RequiresGradient = true;
        using torch.Tensor theirs = parameter.ToTorch();
        (parameter * parameter).Sum().Backward();
        new Sgd([parameter], 0.25).Step();
        Assert.That(theirs.data<float>().ToArray(), Is.EqualTo(new float[] { 0.5f, 0.5f }));
        new Adam([parameter], 0.25).Step();
        Assert.That(theirs.data<float>().ToArray(), Is.EqualTo(parameter.ToArray()).And.All.LessThan(0.3f));
    }

    [Test]
    public void A_tensor_of_torch_outlives_the_scope()
    {
        torch.Tensor theirs;
        using (TensorScope.Enter())
            theirs = (Tensor.From([1, 2], [2]) * 2).ToTorch();
        Assert.That(theirs.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 4 }));
        theirs.Dispose();
    }

    [Test]
    public void A_scope_gives_back_what_was_taken_from_torch()
    {
        using torch.Tensor theirs = torch.ones(3);
        long before = TorchMemoryTests.Count();
        using (TensorScope.Enter())
            Assert.That(theirs.ToGir(TorchEngine.Instance).Sum().Item(), Is.EqualTo(3));
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(before));
    }

    [Test]
    public void What_cannot_share_memory_is_copied()
    {
        using torch.Tensor columns = torch.arange(6, torch.ScalarType.Float32).view(2, 3).t();
        using torch.Tensor whole = torch.arange(3, torch.ScalarType.Int64);
        Assert.That(columns.ToGir(TorchEngine.Instance).ToArray(), Is.EqualTo(new float[] { 0, 3, 1, 4, 2, 5 }));
        Assert.That(whole.ToGir(TorchEngine.Instance).ToArray(), Is.EqualTo(new float[] { 0, 1, 2 }));
        var managed = Tensor.From([1, 2], [1, 2], new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1 }));
        using torch.Tensor copy = managed.ToTorch();
        Assert.That(copy.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 2 }));
        using torch.Tensor complex = torch.ones(2, torch.ScalarType.ComplexFloat32);
        Assert.That(() => complex.ToGir(TorchEngine.Instance), Throws.ArgumentException.With.Message.Contains("real"));
    }
}
