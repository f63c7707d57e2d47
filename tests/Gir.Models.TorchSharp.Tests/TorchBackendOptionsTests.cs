namespace Gir.Models.TorchSharp.Tests;

public sealed class TorchBackendOptionsTests
{
    [Test]
    public void The_device_is_the_processor_by_default() => Assert.That(new TorchBackendOptions().Device, Is.EqualTo("cpu"));
}
