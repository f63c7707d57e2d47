using Gir.Models.TorchSharp;
using Gir.Models.TorchSharp.Tests;

namespace Gir.Benchmarks.Peers;

/// <summary>libtorch as an engine of Gir.</summary>
internal static class Libtorch
{
    /// <summary>Loads it.</summary>
    /// <param name="device">"cpu", "cuda:0" ..</param>
    /// <param name="threads">Threads of one operator on the processor.</param>
    public static TorchBackend Engine(string device, int threads)
    {
        OldStandardLibrary.MakeDo();
        return new TorchBackend(new TorchBackendOptions { Device = device, Threads = threads });
    }

    /// <summary>A GPU works behind the program.</summary>
    public static void Wait(TorchBackend engine)
    {
        if (engine.Device.type == global::TorchSharp.DeviceType.CUDA)
            global::TorchSharp.torch.cuda.synchronize();
    }
}
