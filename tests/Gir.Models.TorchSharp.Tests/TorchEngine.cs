using Gir.Models.Tensors;
using Gir.Models.TorchSharp;
using Gir.Models.TorchSharp.Tests;

/// <summary>libtorch on the processor is the engine of every test in this assembly.</summary>
[SetUpFixture]
public sealed class TorchEngine
{
    private static readonly Lazy<TorchBackend> s_engine = new(() =>
    {
        OldStandardLibrary.MakeDo();
        // One thread: libtorch's wait for one another in a loop, which takes long where something else runs beside the tests.
        return new TorchBackend(new TorchBackendOptions { Threads = 1 });
    });

    public static TorchBackend Instance => s_engine.Value;

    [OneTimeSetUp]
    public void Begin() => TensorBackend.Default = Instance;
}
