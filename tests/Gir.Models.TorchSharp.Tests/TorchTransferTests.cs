using Gir.Models.Backbones.FfdNet;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tests.Backbones;
using Gir.Models.Tests.Zoo;
using Gir.Models.Zoo;

namespace Gir.Models.TorchSharp.Tests;

/// <summary>Between its input and its output a network never meets the host: on a GPU every such copy waits for all that was computed before.</summary>
public sealed class TorchTransferTests
{
    private static TorchBackend Engine => TorchEngine.Instance;

    public static IEnumerable<string> Networks =>
        ConvolutionalGoldenTests.Small.Select(t => (string)t.Arguments[0]!).Concat(TransformerGoldenTests.Small).Where(n => n != "restormer_odd_padded");

    [Test]
    public void Every_transfer_is_counted()
    {
        long start = Engine.HostTransfers;
        Tensor x = Tensor.From([1, 2], [2]);
        Assert.That(Engine.HostTransfers - start, Is.EqualTo(1));
        x.ToArray();
        Assert.That(Engine.HostTransfers - start, Is.EqualTo(2));
        (x * 3).GatherRows([0, 1, 0]).Sum().Item();
        Assert.That(Engine.HostTransfers - start, Is.EqualTo(4), "the rows, and the sum");
    }

    // The second time: tables that follow from the configuration and the size have been copied to the device.
    [TestCaseSource(nameof(Networks))]
    public void A_forward_pass_copies_nothing(string name)
    {
        ModelGolden golden = ModelGolden.Load(name);
        Module module = LoadedNetwork.Of(golden.State(), golden.Hyper).Module;
        (Tensor input, Tensor sigma) = (golden.Read("input"), golden.Data.Contains("input.1") ? golden.Read("input.1") : Tensor.Zeros([1]));
        using (Tape.NoGradient())
        {
            Forward();
            AssertNothingCopied(() => Forward());
        }

        input.RequiresGradient = true;
        Forward().Mean().Backward();
        AssertNothingCopied(() => Forward().Mean().Backward());

        Tensor Forward() => module is FfdNet denoiser ? denoiser.Call(input, sigma) : module.Call(input);
    }

    [Test]
    public void Nor_does_that_of_a_network_that_looks_at_the_whole_picture()
    {
        Module module = ModelZoo.LoadShipped(ModelZoo.Shipped[0]).Network.Module;
        Tensor input = Tensor.Full([1, 3, 64, 48], 0.5f);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        module.Call(input);
        AssertNothingCopied(() => module.Call(input));
    }

    private static void AssertNothingCopied(Action work)
    {
        long start = Engine.HostTransfers;
        work();
        Assert.That(Engine.HostTransfers - start, Is.Zero);
    }
}
