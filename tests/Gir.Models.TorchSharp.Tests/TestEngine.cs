using Gir.Models.Tensors;
using Gir.Models.TorchSharp;

namespace Gir.Models.Tests.Tensors;

/// <summary>In place of the class of this name in the managed engine's tests.</summary>
internal static class TestEngine
{
    public static TensorBackend Create(int threads)
    {
        _ = TorchEngine.Instance;
        return new TorchBackend(new TorchBackendOptions { Device = TorchEngine.Device, Threads = threads });
    }
}
