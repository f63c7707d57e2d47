using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>The engine that tests of training run on; the tests of another engine compile the same tests with a class of their own in place of this one.</summary>
internal static class TestEngine
{
    public static TensorBackend Create(int threads) => new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = threads });
}
