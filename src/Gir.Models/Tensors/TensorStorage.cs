namespace Gir.Models.Tensors;

/// <summary>The memory behind a tensor, owned by a backend: a block of float32 on the host, or on a device.</summary>
/// <remarks>Safe to read from several threads as long as none writes.</remarks>
public abstract class TensorStorage
{
    /// <summary>Number of elements.</summary>
    public abstract int Length { get; }

    /// <summary>Whether the memory was handed back; a tensor on it can no longer be read.</summary>
    public abstract bool IsReleased { get; }

    /// <summary>
    /// Whether these are weights of inference, which the engine may keep in fewer bits (<see cref="TensorBackend.AllocateCompact"/>): convolutions and matrix products
    /// read them, nothing learns them.
    /// </summary>
    public virtual bool IsCompact => false;

    /// <summary>Copies host values in.</summary>
    public abstract void Write(ReadOnlySpan<float> source);

    /// <summary>Copies the values out to the host.</summary>
    public abstract void Read(Span<float> destination);

    /// <summary>Hands the memory back for reuse; does nothing the second time.</summary>
    public abstract void Release();

    /// <summary>
    /// Tells of memory that this thread took for a tensor (positive) or gave back (negative). An engine that tells of all lets <c>NetworkRestorer</c> measure what a
    /// network needs, and so choose its tiles; of one that tells of none it assumes 16 KiB for each pixel of the output.
    /// </summary>
    /// <param name="bytes">The change.</param>
    protected static void ReportUse(long bytes) => MemoryMeter.Report(bytes);
}
