namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>The managed SIMD engine.</summary>
public abstract partial class CpuBackend : TensorBackend
{
}
