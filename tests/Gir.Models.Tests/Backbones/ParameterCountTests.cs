using Gir.Models.Backbones.DnCnn;
using Gir.Models.Backbones.Edsr;
using Gir.Models.Backbones.FfdNet;
using Gir.Models.Backbones.RrdbNet;
using Gir.Models.Backbones.Srcnn;
using Gir.Models.Backbones.SrResNet;
using Gir.Models.Backbones.Srvgg;
using Gir.Models.Nn;

namespace Gir.Models.Tests.Backbones;

/// <summary>The published configurations have the published numbers of parameters; larger networks are counted with their goldens.</summary>
public sealed class ParameterCountTests
{
    private IDisposable? _undrawn;

    [SetUp]
    public void CountOnly() => _undrawn = Initializer.ForLoading(long.MaxValue);

    [TearDown]
    public void Draw() => _undrawn?.Dispose();

    [Test]
    public void Srcnn_955_and_915() => Assert.Multiple(() =>
    {
        Assert.That(new Srcnn().ParameterCount(), Is.EqualTo(69_251));
        Assert.That(new Srcnn(new SrcnnOptions { Kernel2 = 1 }).ParameterCount(), Is.EqualTo(20_099));
    });

    [Test]
    public void SrResNet_at_scales_1_and_4() => Assert.Multiple(() =>
    {
        Assert.That(new SrResNet().ParameterCount(), Is.EqualTo(1_222_147));
        Assert.That(new SrResNet(new SrResNetOptions { Scale = 4 }).ParameterCount(), Is.EqualTo(1_517_571));
    });

    [Test]
    public void Edsr_M() => Assert.That(new Edsr().ParameterCount(), Is.EqualTo(1_517_571));

    [Test]
    public void Rrdb_without_resampling() => Assert.That(new RrdbNet(RrdbNetOptions.Restoration).ParameterCount(), Is.EqualTo(16_624_131));

    [Test]
    public void Srvgg_with_32_and_16_convolutions() => Assert.Multiple(() =>
    {
        Assert.That(new SrvggNetCompact().ParameterCount(), Is.EqualTo(1_213_296));
        Assert.That(new SrvggNetCompact(new SrvggOptions { Convolutions = 16 }).ParameterCount(), Is.EqualTo(621_424));
    });

    [Test]
    public void DnCnn_and_IrCnn() => Assert.Multiple(() =>
    {
        Assert.That(new DnCnn().ParameterCount(), Is.EqualTo(555_137));
        Assert.That(new DnCnn(DnCnnOptions.Color).ParameterCount(), Is.EqualTo(668_227));
        Assert.That(new DnCnn(DnCnnOptions.IrCnn(1)).ParameterCount(), Is.EqualTo(185_857));
        Assert.That(new DnCnn(DnCnnOptions.IrCnn(3)).ParameterCount(), Is.EqualTo(188_163));
    });

    [Test]
    public void FfdNet_gray_and_color() => Assert.Multiple(() =>
    {
        Assert.That(new FfdNet().ParameterCount(), Is.EqualTo(485_316));
        Assert.That(new FfdNet(FfdNetOptions.Color).ParameterCount(), Is.EqualTo(852_108));
    });
}
