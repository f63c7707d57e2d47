using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Training;
using Gir.Models.Zoo;
using TorchSharp;

namespace Gir.Models.TorchSharp.Tests;

/// <summary>Memory goes back when scopes end, not when the collector comes by.</summary>
public sealed class TorchMemoryTests
{
    private const string Hyper = """{"num_feat": 8, "num_block": 2, "upscale": 1}""";

    /// <summary>Tensors that are held, once what other tests left to the collector is gone.</summary>
    internal static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    [Test]
    public void A_forward_pass_holds_its_result_alone()
    {
        Module module = ModelZoo.CreateNetwork("SRResNet", HyperParameters.Parse(Hyper)).Module;
        Tensor input = Tensor.Full([1, 3, 16, 16], 0.5f);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        module.Call(input).Storage.Release();
        long before = Count();
        Tensor output = module.Call(input);
        Assert.That(torch.Tensor.TotalCount - before, Is.EqualTo(1));
        output.Storage.Release();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(before));
    }

    [Test]
    public void A_training_step_leaves_gradients_alone()
    {
        Module module = ModelZoo.CreateNetwork("SRResNet", HyperParameters.Parse(Hyper)).Module;
        Tensor input = Tensor.Full([1, 3, 16, 16], 0.5f);
        Tensor target = Tensor.Full([1, 3, 16, 16], 0.25f);
        var optimizer = new Adam(module.Parameters());
        Step();
        long before = Count();
        Step();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(before));

        void Step()
        {
            using TensorScope scope = TensorScope.Enter();
            foreach (Tensor parameter in module.Parameters())
            {
                parameter.Gradient?.Storage.Release();
                parameter.Gradient = null;
            }

            module.Call(input).L1Loss(target).Backward();
            optimizer.Step();
        }
    }

    [Test]
    public void Compact_weights_take_half_of_the_memory_and_change_no_bit()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "compact.safetensors");
        ModelZoo.Save(path, ModelZoo.CreateNetwork("SRResNet", HyperParameters.Parse("""{"num_feat": 64, "num_block": 2, "upscale": 1}""")), type: CheckpointDataType.Float16);
        RestorationNetwork wide = ModelZoo.LoadNetwork(path);
        RestorationNetwork compact = ModelZoo.LoadNetwork(path, new ModelZooOptions { CompactWeights = true });
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Tensor input = Tensor.Full([1, 3, 16, 16], 0.5f);
        Assert.That(compact.Module.Call(input).ToArray(), Is.EqualTo(wide.Module.Call(input).ToArray()));
        long count = Count();
        compact.Module.Call(input).Storage.Release();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(count), "what is widened goes back");
        static long Bytes(RestorationNetwork network) => network.Module.Parameters().Sum(p => ((TorchStorage)p.Storage).Bytes);
        Assert.That((double)Bytes(compact) / Bytes(wide), Is.InRange(0.5, 0.51));
        foreach (((string key, Tensor a), (_, Tensor b)) in wide.Module.StateDictionary().Zip(compact.Module.StateDictionary()))
            Assert.That(b.ToArray(), Is.EqualTo(a.ToArray()), key);
    }

    [Test]
    public void A_scope_of_the_caller_disposes_of_nothing_of_the_engine()
    {
        Tensor y;
        using (torch.NewDisposeScope())
            y = Tensor.From([1, 2, 3], [3]) * 2;
        Assert.That(y.ToArray(), Is.EqualTo(new float[] { 2, 4, 6 }));
    }

    [Test]
    public void Released_memory_is_not_read()
    {
        Tensor y;
        using (TensorScope.Enter())
            y = Tensor.From([1, 2, 3], [3]) * 2;
        Assert.That(() => y.ToArray(), Throws.InvalidOperationException.With.Message.Contains("TensorScope"));
        Assert.That(() => y + 1, Throws.InvalidOperationException.With.Message.Contains("TensorScope"));
    }

    [Test]
    public void Another_engines_memory_is_refused_by_name() => Assert.That(
        () => TorchEngine.Instance.Copy(Tensor.Ones([2], new Gir.Models.Tests.Tensors.ScalarBackend()), Tensor.Ones([2])),
        Throws.ArgumentException.With.Message.Contains("'scalar'").And.Message.Contains($"'{TorchEngine.Instance.Name}'"));
}
