using Gir.Models.Tensors;
using TorchSharp;

namespace Gir.Models.TorchSharp;

/// <summary>Between Gir's tensors and TorchSharp's, without a copy where both can live in one memory.</summary>
public static class TorchTensors
{
    /// <summary>A tensor of TorchSharp over the same memory: writing to either is seen by the other.</summary>
    /// <param name="tensor">A tensor of a <see cref="TorchBackend"/>. One of another engine is copied to the processor's memory, once.</param>
    /// <returns>
    /// float32, contiguous, on the engine's device, without history. The caller disposes of it; the memory lives until both are gone, so it may outlive the
    /// <see cref="TensorScope"/> that the Gir tensor belongs to. It belongs to the caller's current <see cref="DisposeScope"/>, if any.
    /// </returns>
    public static torch.Tensor ToTorch(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        long[] sizes = [.. tensor.Shape.Sizes.ToArray().Select(s => (long)s)];
        if (tensor.Backend is not TorchBackend backend)
            return torch.tensor(tensor.ToArray(), sizes, torch.ScalarType.Float32);
        var storage = (TorchStorage)tensor.Storage;
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor alias = backend.Of(tensor).view(sizes);
        storage.IsShared = true;
        return alias.MoveToOuterDisposeScope();
    }

    /// <summary>A tensor of Gir over the same memory, where that is float32, contiguous and on the engine's device: writing to either is seen by the other.</summary>
    /// <param name="tensor">Any tensor of TorchSharp. What is of another type, order or device is copied, on the device or to it.</param>
    /// <param name="backend">The engine.</param>
    /// <returns>
    /// A tensor without history: gradients do not flow into torch's. The memory lives until both are gone; the current <see cref="TensorScope"/> gives Gir's part back,
    /// as that of every tensor made in it. The caller still disposes of the one that was given.
    /// </returns>
    /// <exception cref="ArgumentException">The tensor holds more elements than a .NET array can, or complex numbers.</exception>
    public static Tensor ToGir(this torch.Tensor tensor, TorchBackend backend)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(backend);
        if (tensor.numel() > Array.MaxLength || torch.is_complex(tensor))
            throw new ArgumentException($"Found {tensor.numel()} elements of type {tensor.dtype}; expected real numbers, at most {Array.MaxLength} of them.", nameof(tensor));
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor alias = tensor.detach();
        torch.Tensor moved = alias.to(torch.ScalarType.Float32, backend.Device).contiguous();
        TensorShape shape = TensorShape.Create([.. tensor.shape.Select(s => (int)s)]);
        return Tensor.Made(backend, new TorchStorage(backend, moved, shape), shape);
    }
}
