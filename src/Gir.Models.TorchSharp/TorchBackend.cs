using System.Runtime.CompilerServices;
using Gir.Models.Tensors;
using Gir.Models.Zoo;
using TorchSharp;

namespace Gir.Models.TorchSharp;

/// <summary>
/// The tensor engine on libtorch: every operator runs on one device, the processor or a GPU, and what it makes stays there. Networks that are made while it is the
/// engine (<see cref="ModelZooOptions.Backend"/>, <see cref="TensorBackend.Use"/>, <see cref="TensorBackend.Default"/>) restore and train on it.
/// </summary>
/// <remarks>
/// <para>
/// Memory goes back to libtorch when the surrounding <see cref="TensorScope"/> ends, without waiting for the collector. Tensors of TorchSharp that the engine
/// makes belong to none of the caller's <see cref="DisposeScope"/>s.
/// </para>
/// <para>
/// On the processor the same inputs give the same bits for the same number of threads. On a GPU gradients of gathered and interpolated values are added in any order.
/// Thread-safe; operators of several threads wait for one another on the device's queue.
/// </para>
/// </remarks>
public sealed partial class TorchBackend : TensorBackend
{
    private readonly torch.ScalarType _low;
    private long _transfers;

    /// <summary>Loads libtorch and opens a device.</summary>
    /// <param name="options">The device and the precision; null means the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the text is no device.</exception>
    /// <exception cref="TorchEngineException">The native library does not load here, or there is no such device; the message says what helps.</exception>
    public TorchBackend(TorchBackendOptions? options = null)
    {
        options ??= new TorchBackendOptions();
        if (options.Threads < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, "Threads needs to be at least 1.");
        _low = options.Precision switch
        {
            TorchPrecision.Single => torch.ScalarType.Float32,
            TorchPrecision.BFloat16 => torch.ScalarType.BFloat16,
            TorchPrecision.Half => torch.ScalarType.Float16,
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Precision, "Expected a precision that there is."),
        };
        Precision = options.Precision;
        Device = TorchLibrary.Open(options.Device);
        IsOnHost = Device.type == DeviceType.CPU;
        _indices = new DeviceIndices(this);
        Name = "torch " + (IsOnHost ? "cpu" : Device.ToString());
        if (options.Threads is { } threads)
            torch.set_num_threads(threads);
        if (Device.type != DeviceType.CUDA)
            return;
        torch.backends.cuda.matmul.allow_tf32 = options.AllowTensorFloat32;
        torch.backends.cudnn.allow_tf32 = options.AllowTensorFloat32;
    }

    /// <summary>An engine on a device.</summary>
    /// <param name="device">The device, as torch writes it: "cuda:0".</param>
    /// <inheritdoc cref="TorchBackend(TorchBackendOptions)"/>
    public TorchBackend(string device)
        : this(new TorchBackendOptions { Device = device })
    {
    }

    /// <summary>"torch cpu", "torch cuda:0".</summary>
    public override string Name { get; }

    /// <summary>Where memory lies and operators run.</summary>
    public torch.Device Device { get; }

    /// <summary>In what numbers products are computed.</summary>
    public TorchPrecision Precision { get; }

    /// <summary>How often values went between the program and the device, in either direction; a network's forward pass adds none once it has run.</summary>
    public long HostTransfers => Interlocked.Read(ref _transfers);

    internal bool IsOnHost { get; }

    /// <inheritdoc/>
    public override TensorStorage Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new TorchStorage(this, length);
    }

    /// <inheritdoc/>
    public override TensorStorage AllocateCompact(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new TorchStorage(this, length, isCompact: true);
    }

    /// <inheritdoc/>
    public override void Fill(Tensor y, float value)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(y, torch.full(y.Length, Numbers.Number(value), torch.ScalarType.Float32, Device));
    }

    /// <inheritdoc/>
    public override void Copy(Tensor x, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(y, Of(x).clone());
    }

    /// <inheritdoc/>
    public override void AddScaled(Tensor x, float alpha, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor term = x.Shape == y.Shape ? Of(x) : Flat(x).view(Sizes(y.Shape));
        Changed(y).Add(term, alpha);
    }

    /// <inheritdoc/>
    public override void ScaleAndShift(Tensor x, float scale, float shift, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        if (IsInPlace(x, y))
        {
            torch.Tensor changed = Changed(y);
            if (scale != 1)
                changed.Scale(scale);
            if (shift != 0)
                changed.Add(shift);
            return;
        }

        torch.Tensor value = Of(x);
        if (shift == 0)
            Put(y, value.Times(scale));
        else if (scale == 1)
            Put(y, value.Plus(shift));
        else
            Put(y, value.Times(scale).Add(shift));
    }

    internal void CountTransfer() => Interlocked.Increment(ref _transfers);

    /// <summary>A tensor of this engine as torch sees it, in its shape; it must not be changed.</summary>
    internal torch.Tensor Of(Tensor tensor)
    {
        TorchStorage storage = StorageOf(tensor);
        return View(storage, storage.Value, tensor.Shape);
    }

    /// <summary>The same, to be changed in place.</summary>
    private torch.Tensor Changed(Tensor tensor)
    {
        TorchStorage storage = StorageOf(tensor);
        return View(storage, storage.Change(), tensor.Shape);
    }

    // Whether a result may be written over its operand.
    private static bool IsInPlace(Tensor x, Tensor y) => ReferenceEquals(x.Storage, y.Storage);

    private torch.Tensor Flat(Tensor tensor)
    {
        TorchStorage storage = StorageOf(tensor);
        torch.Tensor all = storage.Value.view(storage.Length);
        return storage.Length == tensor.Length ? all : all.narrow(0, 0, tensor.Length);
    }

    // A tensor may be the beginning of its memory.
    private static torch.Tensor View(TorchStorage storage, torch.Tensor memory, TensorShape shape)
    {
        if (storage.Shape == shape)
            return memory;
        return storage.Length == shape.Length ? memory.view(Sizes(shape)) : memory.view(storage.Length).narrow(0, 0, shape.Length).view(Sizes(shape));
    }

    private TorchStorage StorageOf(Tensor tensor, [CallerMemberName] string operation = "")
    {
        if (tensor.Storage is TorchStorage storage && ReferenceEquals(tensor.Backend, this))
            return storage;
        throw new ArgumentException($"{operation}: found a tensor on engine '{tensor.Backend.Name}'; expected one of '{Name}'.", nameof(tensor));
    }

    // Takes a result that nothing else refers to.
    private void Put(Tensor y, torch.Tensor result, [CallerMemberName] string operation = "")
    {
        TorchStorage storage = StorageOf(y, operation);
        long[] sizes = Sizes(y.Shape);
        if (storage.Length != y.Length)
        {
            View(storage, storage.Change(), y.Shape).copy_(result.reshape(sizes));
            return;
        }

        torch.Tensor dense = result.is_contiguous() ? result : result.contiguous();
        storage.Put(dense.shape.AsSpan().SequenceEqual(sizes) ? dense : dense.view(sizes), y.Shape);
    }

    // What may be a view of other memory becomes memory of its own.
    private static torch.Tensor Own(torch.Tensor view) => view.is_contiguous() ? view.clone() : view.contiguous();

    private static long[] Sizes(TensorShape shape)
    {
        ReadOnlySpan<int> sizes = shape.Sizes;
        var result = new long[sizes.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = sizes[i];
        return result;
    }

    // A factor of a product in the numbers that it is computed in. Weights are kept in both.
    private torch.Tensor Factor(Tensor x)
    {
        if (_low == torch.ScalarType.Float32)
            return Of(x);
        return x.RequiresGradient && x.Storage.Length == x.Length ? StorageOf(x).Low(_low).view(Sizes(x.Shape)) : Of(x).to(_low);
    }

    private torch.Tensor? FactorOrNull(Tensor? x) => x is null ? null : Factor(x);

    private torch.Tensor Single(torch.Tensor product) => _low == torch.ScalarType.Float32 ? product : product.to(torch.ScalarType.Float32);
}
