namespace Gir.Models.Tensors;

/// <summary>A block of host memory, aligned to 64 bytes, from the caching <see cref="HostAllocator"/>.</summary>
internal sealed unsafe class HostStorage : TensorStorage
{
    private readonly HostAllocator _allocator;
    private readonly int _length;
    private readonly long _bytes;
    private nint _address;

    internal HostStorage(HostAllocator allocator, float* pointer, int length, long bytes)
    {
        _bytes = bytes;
        _allocator = allocator;
        _address = (nint)pointer;
        _length = length;
    }

    /// <summary>Hands the block back when nobody holds the tensor any more.</summary>
    ~HostStorage() => ReleaseCore();

    /// <inheritdoc/>
    public override int Length => _length;

    /// <inheritdoc/>
    public override bool IsReleased => _address == 0;

    /// <summary>The elements. The storage (or its tensor) must be kept reachable while the span is used: see <see cref="GC.KeepAlive"/>.</summary>
    /// <exception cref="InvalidOperationException">The memory was handed back.</exception>
    public Span<float> Span => new(Pointer, _length);

    /// <summary>The first element. The storage must be kept reachable while the pointer is used.</summary>
    /// <exception cref="InvalidOperationException">The memory was handed back.</exception>
    internal float* Pointer
    {
        get
        {
            nint address = _address;
            if (address == 0)
                throw new InvalidOperationException("The tensor's memory was handed back when its TensorScope ended; Keep a result that must outlive the scope.");
            return (float*)address;
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> source)
    {
        source.CopyTo(Span);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override void Read(Span<float> destination)
    {
        Span.CopyTo(destination);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override void Release()
    {
        ReleaseCore();
        GC.SuppressFinalize(this);
    }

    // Exactly one of several callers hands the block back: a second time would give it to two tensors.
    private void ReleaseCore()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
            _allocator.Return((float*)address, _length, _bytes);
    }
}
