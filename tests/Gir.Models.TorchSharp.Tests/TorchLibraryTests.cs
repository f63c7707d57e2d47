using TorchSharp;

namespace Gir.Models.TorchSharp.Tests;

/// <summary>What a user reads where libtorch or the device is missing: one line that names both and what helps.</summary>
public sealed class TorchLibraryTests
{
    // As the loader of Debian 12 says it.
    [TestCase(
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies. /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)",
        "older than it needs", "Debian 13, Ubuntu 24.04")]
    [TestCase(
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies. libtorch_cpu.so: cannot open shared object file: No such file or directory",
        "libtorch itself is missing", "TorchSharp-cuda-linux")]
    [TestCase(
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies. libLibTorchSharp: cannot open shared object file: No such file or directory",
        "was not found", "TorchSharp-cpu")]
    public void A_library_that_does_not_load_is_told_in_one_line(string loader, string what, string help)
    {
        TorchEngineException exception = TorchLibrary.Explain(new DllNotFoundException(loader));
        Assert.That(exception, Is.InstanceOf<Gir.Imaging.GirException>());
        Assert.That(exception.Message, Does.StartWith("The native library LibTorchSharp does not load on ").And.Contains(what).And.Contains(help).And.Not.Contains("\n"));
    }

    [Test]
    public void A_device_that_is_not_there_is_told_in_one_line()
    {
        _ = TorchEngine.Instance;
        if (torch.cuda.is_available())
            Assert.That(() => new TorchBackend("cuda:99"), Throws.TypeOf<TorchEngineException>().With.Message.StartsWith("There is no device 'cuda:99': libtorch sees "));
        else
            Assert.That(() => new TorchBackend("cuda:0"), Throws.TypeOf<TorchEngineException>().With.Message.StartsWith("There is no device 'cuda:0': ").And.Message.Contains("TorchSharp-cuda-linux"));
    }

    [TestCase("gpu")]
    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    [TestCase("cuda:0:1")]
    [TestCase(" ")]
    public void A_text_that_is_no_device_is_refused(string text) => Assert.That(() => new TorchBackend(text), Throws.ArgumentException);

    [Test]
    public void Options_out_of_range_are_refused()
    {
        Assert.That(() => new TorchBackend(new TorchBackendOptions { Threads = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Threads"));
        Assert.That(() => new TorchBackend(new TorchBackendOptions { Precision = (TorchPrecision)7 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
