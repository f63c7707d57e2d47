using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

/// <summary>
/// A dense float32 array of any rank, contiguous in C order, that can take part in reverse-mode differentiation.
/// </summary>
/// <remarks>
/// Tensors are values: operators (see <see cref="TensorOps"/>) make new ones. Reshaping shares memory; everything else copies.
/// There is nothing to dispose: memory returns when the surrounding <see cref="TensorScope"/> ends, or with the garbage collector.
/// Reading from several threads is safe; a tape of gradients belongs to the thread that records it.
/// </remarks>
public sealed class Tensor
{
    internal Tensor(TensorBackend backend, TensorStorage storage, TensorShape shape)
    {
        Backend = backend;
        Storage = storage;
        Shape = shape;
    }

    /// <summary>The sizes, outermost first.</summary>
    public TensorShape Shape { get; }

    /// <summary>The engine that owns the memory and runs the operators.</summary>
    public TensorBackend Backend { get; }

    /// <summary>The memory, shared by reshaped tensors.</summary>
    public TensorStorage Storage { get; }

    /// <summary>Number of elements.</summary>
    public int Length => Shape.Length;

    /// <summary>Number of dimensions.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Whether gradients are wanted for this tensor; set on leaves (parameters, inputs to explain) before they are used.</summary>
    /// <exception cref="InvalidOperationException">It is set to true for a compact weight, which is for inference.</exception>
    public bool RequiresGradient
    {
        get;
        set
        {
            if (value && Storage.IsCompact)
                throw new InvalidOperationException($"The weight {Shape} was loaded compact, for inference; load the network without CompactWeights to learn.");
            field = value;
        }
    }

    /// <summary>The gradient that <see cref="Backward()"/> accumulated into this leaf; null before the first.</summary>
    public Tensor? Gradient { get; set; }

    internal GradientNode? Origin { get; set; }

    /// <summary>Whether the tape leads to this tensor: it is a leaf that wants a gradient, or was computed from one.</summary>
    internal bool IsTracked => WantsGradient || Origin is not null;

    /// <summary>Whether a way back has to find this tensor's gradient: the tape leads to it, and on to what is asked for.</summary>
    internal bool IsSought => IsTracked && Tape.Seeks(this);

    /// <summary>Whether this is a leaf whose gradient is wanted now.</summary>
    internal bool WantsGradient => RequiresGradient && Tape.LeadsTo(this);

    /// <summary>Makes a tensor of the given values.</summary>
    /// <exception cref="TensorShapeException">The number of values is not that of the shape.</exception>
    public static Tensor From(ReadOnlySpan<float> values, TensorShape shape, TensorBackend? backend = null)
    {
        if (values.Length != shape.Length)
            throw new TensorShapeException("from", $"{values.Length} values", $"{shape.Length} values for shape {shape}");
        Tensor tensor = Empty(shape, backend);
        tensor.Storage.Write(values);
        return tensor;
    }

    /// <summary>A scalar (rank 0).</summary>
    public static Tensor Scalar(float value, TensorBackend? backend = null) => From([value], [], backend);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(TensorShape shape, TensorBackend? backend = null) => Full(shape, 0, backend);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(TensorShape shape, TensorBackend? backend = null) => Full(shape, 1, backend);

    /// <summary>A tensor of one value.</summary>
    public static Tensor Full(TensorShape shape, float value, TensorBackend? backend = null)
    {
        Tensor tensor = Empty(shape, backend);
        tensor.Backend.Fill(tensor, value);
        return tensor;
    }

    /// <summary>A tensor with undefined content, to be written by a backend.</summary>
    public static Tensor Empty(TensorShape shape, TensorBackend? backend = null)
    {
        backend ??= TensorBackend.Default;
        TensorStorage storage = backend.Allocate(shape.Length);
        TensorScope.Register(storage);
        return new Tensor(backend, storage, shape);
    }

    /// <summary>A weight of inference, zero until it is written: see <see cref="TensorBackend.AllocateCompact"/>.</summary>
    internal static Tensor Compact(TensorShape shape)
    {
        TensorBackend backend = TensorBackend.Default;
        TensorStorage storage = backend.AllocateCompact(shape.Length);
        TensorScope.Register(storage);
        var tensor = new Tensor(backend, storage, shape);
        if (!storage.IsCompact)
            backend.Fill(tensor, 0);
        return tensor;
    }

    /// <summary>This tensor, or a compact one's values in a tensor that every operator reads.</summary>
    internal Tensor Wide() => Storage.IsCompact ? From(ToArray(), Shape, Backend) : this;

    /// <summary>A tensor over memory that an engine made by itself, from its first element on; the current scope releases it as that of every tensor made in it.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="storage">The engine's memory, of no other tensor.</param>
    /// <param name="shape">The sizes.</param>
    /// <exception cref="TensorShapeException">The memory is too short for the shape.</exception>
    public static Tensor Made(TensorBackend backend, TensorStorage storage, TensorShape shape)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(storage);
        if (storage.Length < shape.Length)
            throw new TensorShapeException("made", $"memory of {storage.Length} elements", $"at least {shape.Length} for shape {shape}");
        TensorScope.Register(storage);
        return new Tensor(backend, storage, shape);
    }

    /// <summary>The values, in C order.</summary>
    public float[] ToArray()
    {
        var values = new float[Length];
        Storage.Read(values);
        return values;
    }

    /// <summary>Copies the values, in C order.</summary>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Length)
            throw new ArgumentException($"Expected room for exactly {Length} elements, found {destination.Length}.", nameof(destination));
        Storage.Read(destination);
    }

    /// <summary>The value of a one-element tensor.</summary>
    /// <exception cref="TensorShapeException">There is not exactly one element.</exception>
    public float Item()
    {
        if (Length != 1)
            throw new TensorShapeException("item", $"{Shape}", "one element");
        return ToArray()[0];
    }

    /// <summary>The same memory without its history: gradients stop here.</summary>
    public Tensor Detach() => new(Backend, Storage, Shape);

    /// <summary>Accumulates the gradients of this scalar into all leaves it was computed from.</summary>
    /// <exception cref="TensorShapeException">There is not exactly one element.</exception>
    public void Backward()
    {
        if (Length != 1)
            throw new TensorShapeException("backward", $"{Shape}", "a scalar, or a gradient to start from");
        Backward(Ones(Shape, Backend));
    }

    /// <summary>Accumulates the gradients of sum(this * <paramref name="gradient"/>) into all leaves.</summary>
    /// <exception cref="TensorShapeException">The gradient has another shape than this tensor.</exception>
    /// <exception cref="ArgumentException">The gradient belongs to another engine.</exception>
    public void Backward(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (gradient.Shape != Shape)
            throw new TensorShapeException("backward", $"gradient {gradient.Shape}", $"{Shape}");
        TensorOps.CheckEngine("backward", this, gradient);
        Tape.Backward(this, gradient);
    }

    /// <summary>"Tensor [2, 3, 8, 8]".</summary>
    public override string ToString() => $"Tensor {Shape}";

    /// <summary>Elementwise sum with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => a.Add(b);

    /// <summary>Elementwise difference with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => a.Subtract(b);

    /// <summary>Elementwise product with broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => a.Multiply(b);

    /// <summary>Elementwise quotient with broadcasting.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => a.Divide(b);

    /// <summary>Adds a constant.</summary>
    public static Tensor operator +(Tensor a, float b) => a.ScaleAndShift(1, b);

    /// <summary>Subtracts a constant.</summary>
    public static Tensor operator -(Tensor a, float b) => a.ScaleAndShift(1, -b);

    /// <summary>Subtracts from a constant.</summary>
    public static Tensor operator -(float a, Tensor b) => b.ScaleAndShift(-1, a);

    /// <summary>Multiplies by a constant.</summary>
    public static Tensor operator *(Tensor a, float b) => a.ScaleAndShift(b, 0);

    /// <summary>Multiplies by a constant.</summary>
    public static Tensor operator *(float a, Tensor b) => b.ScaleAndShift(a, 0);

    /// <summary>Divides by a constant.</summary>
    public static Tensor operator /(Tensor a, float b) => a.ScaleAndShift(1 / b, 0);

    /// <summary>Changes the sign.</summary>
    public static Tensor operator -(Tensor a) => a.ScaleAndShift(-1, 0);
}
