using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Backbones;

/// <summary>Networks of published size: every key and shape, the number of parameters, and the output for weights made by a formula.</summary>
[OnePass]
public sealed class FullSizeTests
{
    private static readonly (string Golden, string Architecture)[] s_networks =
    [
        ("full_srresnet_x1", "SRResNet"), ("full_msrresnet_x4", "SRResNet"), ("full_rrdbnet_x4", "RRDBNet"), ("full_drunet_color", "DRUNet"),
        ("full_nafnet_sidd_w32", "NAFNet"), ("full_hinet_deblur", "HINet"), ("full_dasr_x1", "DASR"), ("full_dasr_x4", "DASR"),
    ];

    public static IEnumerable<TestCaseData> Networks => s_networks.Select(e => new TestCaseData(e.Golden, e.Architecture).SetArgDisplayNames(e.Golden));

    [TestCaseSource(nameof(Networks))]
    public void A_network_of_published_size_equals_the_authors(string name, string architecture)
    {
        ModelGolden golden = ModelGolden.Load(name);
        ArchitectureDescriptor descriptor = Architectures.All.Single(d => d.Name == architecture);
        RestorationNetwork network;
        using (Initializer.ForLoading(long.MaxValue))
            network = descriptor.Create(golden.Hyper);
        Assert.That(network.Module.ParameterCount(), Is.EqualTo(golden.Entry.GetProperty("parameters").GetInt64()));
        network.Module.LoadState(golden.ComputedState(network.Module));
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Tensor input = golden.Read("input");
        if (architecture == "HINet")
        {
            (Tensor first, Tensor second) = ((Gir.Models.Backbones.HiNet.HiNet)network.Module).Stages(input);
            golden.AssertOutput(first, "output64");
            golden.AssertOutput(second, "output64.1");
            return;
        }

        golden.AssertOutput(network.Module.Call(input), "output64");
    }
}
