using Gir.Models.Tensors;
using Gir.Models.TorchSharp;
using Gir.Models.TorchSharp.Tests;

/// <summary>libtorch is the engine of every test in this assembly: on the processor, or where the environment's GIR_TORCH_DEVICE says ("cuda:0").</summary>
[SetUpFixture]
public sealed class TorchEngine
{
    public static string Device { get; } = Environment.GetEnvironmentVariable("GIR_TORCH_DEVICE") ?? "cpu";

    private static readonly Lazy<TorchBackend> s_engine = new(() =>
    {
        OldStandardLibrary.MakeDo();
        // One thread: libtorch's wait for one another in a loop, which takes long where something else runs beside the tests.
        return new TorchBackend(new TorchBackendOptions { Device = Device, Threads = 1 });
    });

    public static TorchBackend Instance => s_engine.Value;

    [OneTimeSetUp]
    public void Begin() => TensorBackend.Default = Instance;
}
