using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>Makes an engine the default until disposed: networks make their parameters there.</summary>
internal sealed class EngineInUse : IDisposable
{
    private readonly TensorBackend _previous = TensorBackend.Default;

    public EngineInUse(int threads = 1)
    {
        Engine = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = threads });
        TensorBackend.Default = Engine;
    }

    public CpuBackend Engine { get; }

    public HostAllocator Memory => Engine.Memory;

    public void Dispose() => TensorBackend.Default = _previous;
}
