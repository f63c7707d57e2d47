namespace Gir.Models.Tensors;

/// <summary>A block of host memory, aligned to 64 bytes, from the caching <see cref="HostAllocator"/>.</summary>
public sealed unsafe class HostStorage : TensorStorage
{
    private readonly HostAllocator _allocator;
    private readonly int _length;
    private float* _pointer;

    internal HostStorage(HostAllocator allocator, float* pointer, int length)
    {
        _allocator = allocator;
        _pointer = pointer;
        _length = length;
    }

    /// <summary>Hands the block back when nobody holds the tensor any more.</summary>
    ~HostStorage() => ReleaseCore();

    /// <inheritdoc/>
    public override int Length => _length;

    /// <inheritdoc/>
    public override bool IsReleased => _pointer == null;

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidOperationException">The memory was handed back.</exception>
    public Span<float> Span => new(Pointer, _length);

    /// <summary>The first element. The storage must be kept reachable while the pointer is used.</summary>
    /// <exception cref="InvalidOperationException">The memory was handed back.</exception>
    internal float* Pointer
    {
        get
        {
            if (_pointer == null)
                throw new InvalidOperationException("The tensor's memory was handed back when its TensorScope ended; Keep a result that must outlive the scope.");
            return _pointer;
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> source) => source.CopyTo(Span);

    /// <inheritdoc/>
    public override void Read(Span<float> destination) => Span.CopyTo(destination);

    /// <inheritdoc/>
    public override void Release()
    {
        ReleaseCore();
        GC.SuppressFinalize(this);
    }

    private void ReleaseCore()
    {
        float* pointer = _pointer;
        _pointer = null;
        if (pointer != null)
            _allocator.Return(pointer, _length);
    }
}
