namespace Gir.Models.Tensors;

/// <summary>Working memory of one operator, aligned to 64 bytes, with undefined content; handed back when disposed.</summary>
internal readonly unsafe ref struct HostScratch(HostAllocator allocator, float* pointer, int length, long bytes) : IDisposable
{
    private readonly HostAllocator _allocator = allocator;
    private readonly int _length = length;
    private readonly long _bytes = bytes;

    public float* Pointer { get; } = pointer;

    public void Dispose() => _allocator.Return(Pointer, _length, _bytes);
}
