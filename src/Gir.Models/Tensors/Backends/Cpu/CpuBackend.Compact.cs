namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    private Tensor Widened(Tensor operand, CompactStorage compact)
    {
        using MemoryMeter.PauseScope pause = MemoryMeter.Pause();
        HostStorage scratch = Memory.Allocate(operand.Length);
        nint start = (nint)scratch.Pointer;
        ForChunks(operand.Length, (first, end) => compact.Widen(first, new Span<float>((float*)start + first, end - first)));
        return new Tensor(this, scratch, operand.Shape);
    }

    /// <summary>
    /// An operand as kernels read it: a compact one is widened into pooled memory for the time of one operator. It counts as a weight, not as what an image needs, so that
    /// tiles are those of the same network in 32 bits.
    /// </summary>
    private readonly ref struct WideWeight
    {
        private readonly bool _isScratch;

        public WideWeight(CpuBackend engine, Tensor operand)
        {
            _isScratch = operand.Storage is CompactStorage { Singles: null };
            Tensor = _isScratch ? engine.Widened(operand, (CompactStorage)operand.Storage) : operand;
        }

        public Tensor Tensor { get; }

        public void Dispose()
        {
            if (!_isScratch)
                return;
            using MemoryMeter.PauseScope pause = MemoryMeter.Pause();
            Tensor.Storage.Release();
        }
    }
}
