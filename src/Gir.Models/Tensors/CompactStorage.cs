namespace Gir.Models.Tensors;

/// <summary>
/// Host memory of a weight that inference reads: without values (read as zeros) until they are written, then in 16 bits where that loses nothing, else in 32.
/// </summary>
/// <remarks>Operators that take it widen it into scratch: <see cref="Widen"/>.</remarks>
internal sealed unsafe class CompactStorage(HostAllocator allocator, int length) : TensorStorage
{
    private HostStorage? _block;
    private Form _form;
    private bool _isReleased;

    private enum Form
    {
        Single,
        Half,
        Upper,
    }

    /// <inheritdoc/>
    public override int Length => length;

    /// <inheritdoc/>
    public override bool IsReleased => _isReleased;

    /// <inheritdoc/>
    public override bool IsCompact => true;

    /// <summary>The values where they are kept in 32 bits; null where they are not.</summary>
    public HostStorage? Singles => _form == Form.Single ? _block : null;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> source)
    {
        ObjectDisposedException.ThrowIf(_isReleased, this);
        if (source.Length != length)
            throw new ArgumentException($"Expected {length} elements, found {source.Length}.", nameof(source));
        _block?.Release();
        HostStorage block = allocator.Allocate((length + 1) / 2);
        var bits = new Span<ushort>(block.Pointer, length);
        _form = SixteenBits.TryHalves(source, bits) ? Form.Half : SixteenBits.TryUpper(source, bits) ? Form.Upper : Form.Single;
        if (_form == Form.Single)
        {
            block.Release();
            block = allocator.Allocate(length);
            block.Write(source);
        }

        _block = block;
    }

    /// <inheritdoc/>
    public override void Read(Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_isReleased, this);
        Widen(0, destination);
    }

    /// <summary>Some of the values.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="destination">Takes as many as it has room for.</param>
    public void Widen(int first, Span<float> destination)
    {
        if (_block is not { } block)
            destination.Clear();
        else if (_form == Form.Single)
            block.Span.Slice(first, destination.Length).CopyTo(destination);
        else if (_form == Form.Half)
            SixteenBits.WidenHalves(new ReadOnlySpan<ushort>(block.Pointer, length).Slice(first, destination.Length), destination);
        else
            SixteenBits.WidenUpper(new ReadOnlySpan<ushort>(block.Pointer, length).Slice(first, destination.Length), destination);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override void Release()
    {
        _isReleased = true;
        _block?.Release();
    }
}
