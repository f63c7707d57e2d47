using Gir.Models.Tensors;
using TorchSharp;

namespace Gir.Models.TorchSharp;

/// <summary>
/// The memory behind a tensor of a <see cref="TorchBackend"/>. Operators make their results' memory themselves: until something is written there is none, and
/// a result takes the place of what was there before, unless a <see cref="torch.Tensor"/> outside shares it.
/// </summary>
internal sealed class TorchStorage : TensorStorage
{
    // Bytes that TorchSharp hands out as one span.
    private const int Chunk = 1 << 28;

    private readonly TorchBackend _backend;
    private readonly int _length;
    private readonly bool _isCompact;
    private torch.Tensor? _value;
    private torch.Tensor? _low;
    private bool _isReleased;
    private long _counted;

    public TorchStorage(TorchBackend backend, int length, bool isCompact = false)
    {
        _backend = backend;
        _length = length;
        _isCompact = isCompact;
    }

    /// <summary>Takes a tensor in, contiguous and of the backend's device, whose memory others share.</summary>
    public TorchStorage(TorchBackend backend, torch.Tensor shared, TensorShape shape)
        : this(backend, shape.Length)
    {
        _value = shared.DetachFromDisposeScope();
        Shape = shape;
        IsShared = true;
    }

    ~TorchStorage() => Count(false);

    public override int Length => _length;

    public override bool IsReleased => _isReleased;

    /// <summary>Whether what is written stays in 16 bits where that loses nothing; <see cref="Value"/> is then a copy in 32, which belongs to the operator's scope.</summary>
    public override bool IsCompact => _isCompact;

    /// <summary>Bytes that are held and were told.</summary>
    public long Bytes => _counted;

    /// <summary>Whether a tensor outside lies in the same memory: writing must reach it.</summary>
    public bool IsShared { get; set; }

    /// <summary>The memory, in <see cref="Shape"/>; undefined content where nothing was written.</summary>
    public torch.Tensor Value
    {
        get
        {
            ThrowIfReleased();
            if (_value is null)
                Put(Fresh(), [_length]);
            return _value!.dtype == torch.ScalarType.Float32 ? _value : _value.to(torch.ScalarType.Float32);
        }
    }

    /// <summary>The shape that the memory was made with.</summary>
    public TensorShape Shape { get; private set; }

    /// <summary>Takes a result of all elements, contiguous, which nothing else refers to; it is disposed with this.</summary>
    /// <param name="result">The result.</param>
    /// <param name="shape">Its shape.</param>
    public void Put(torch.Tensor result, TensorShape shape)
    {
        ThrowIfReleased();
        Forget();
        if (IsShared && _value is { } shared)
        {
            shared.view(_length).copy_(result.view(_length));
            return;
        }

        _value?.Dispose();
        _value = result.DetachFromDisposeScope();
        Shape = shape;
        Count(true);
    }

    /// <summary>The memory, to be changed in place.</summary>
    public torch.Tensor Change()
    {
        Forget();
        return Value;
    }

    /// <summary>A copy in fewer bits, kept until the values change.</summary>
    public torch.Tensor Low(torch.ScalarType type)
    {
        torch.Tensor value = Value;
        return _low ??= value.to(type).DetachFromDisposeScope();
    }

    public override void Write(ReadOnlySpan<float> source)
    {
        if (source.Length != _length)
            throw new ArgumentException($"Expected {_length} elements, found {source.Length}.", nameof(source));
        using DisposeScope scope = torch.NewDisposeScope();
        _backend.CountTransfer();
        torch.Tensor host = torch.empty(_length, torch.ScalarType.Float32, torch.CPU);
        for (int i = 0; i < _length; i += Chunk)
        {
            int count = Math.Min(Chunk, _length - i);
            source.Slice(i, count).CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(host.narrow(0, i, count).bytes));
        }

        if (_isCompact)
            host = Narrow(host);
        Put(_backend.IsOnHost ? host : host.to(_backend.Device), [_length]);
    }

    public override void Read(Span<float> destination)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _backend.CountTransfer();
        torch.Tensor host = Value.view(_length);
        if (!_backend.IsOnHost)
            host = host.cpu();
        for (int i = 0; i < destination.Length; i += Chunk)
        {
            int count = Math.Min(Chunk, destination.Length - i);
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(host.narrow(0, i, count).bytes).CopyTo(destination[i..]);
        }
    }

    public override void Release()
    {
        if (_isReleased)
            return;
        _isReleased = true;
        Forget();
        _value?.Dispose();
        _value = null;
        Count(false);
        GC.SuppressFinalize(this);
    }

    private void ThrowIfReleased()
    {
        if (_isReleased)
            throw new InvalidOperationException("The tensor's memory was handed back when its TensorScope ended; Keep a result that must outlive the scope.");
    }

    private torch.Tensor Fresh() =>
        _isCompact ? torch.zeros(_length, torch.ScalarType.Float16, _backend.Device) : torch.empty(_length, torch.ScalarType.Float32, _backend.Device);

    private static torch.Tensor Narrow(torch.Tensor values)
    {
        foreach (torch.ScalarType type in new[] { torch.ScalarType.Float16, torch.ScalarType.BFloat16 })
        {
            torch.Tensor narrow = values.to(type);
            if (narrow.to(torch.ScalarType.Float32).eq(values).all().item<bool>())
                return narrow;
        }

        return values;
    }

    private void Forget()
    {
        _low?.Dispose();
        _low = null;
    }

    // Pressure lets the collector know of memory that tiny objects keep alive.
    private void Count(bool isHeld)
    {
        long change = (isHeld && _value is { } value ? _length * value.element_size() : 0) - _counted;
        if (change == 0)
            return;
        _counted += change;
        ReportUse(change);
        if (change > 0)
            GC.AddMemoryPressure(change);
        else
            GC.RemoveMemoryPressure(-change);
    }
}
