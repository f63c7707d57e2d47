namespace Gir.Models.Serialization;

/// <summary>What a checkpoint may ask of its reader; every limit is there before memory is, so that a claim costs nothing.</summary>
public sealed record CheckpointLimits
{
    /// <summary>The defaults.</summary>
    public static CheckpointLimits Default { get; } = new();

    /// <summary>Largest file in bytes; default what one array holds, just below 2 GiB. Of larger ones only safetensors are read, tensor by tensor.</summary>
    public long MaxFileBytes { get; init; } = Array.MaxLength;

    /// <summary>Largest header of a safetensors file in bytes; default 100 million, as the official reader has it.</summary>
    public int MaxHeaderBytes { get; init; } = 100_000_000;

    /// <summary>Most opcodes of one pickle; default 4 million: about 100,000 tensors with their optimizer's state.</summary>
    public int MaxPickleOperations { get; init; } = 4_000_000;

    /// <summary>Most tensors, counting a shared one as often as it is named; default 200,000.</summary>
    public int MaxTensors { get; init; } = 200_000;

    /// <summary>Dictionaries nested deeper than this are not looked into; default 16.</summary>
    public int MaxDepth { get; init; } = 16;

    /// <summary>
    /// Largest ratio of inflated to compressed size of a zip entry; default 32. PyTorch writes entries uncompressed; weights that
    /// somebody compressed afterwards shrink by a few per cent, never by a thousand.
    /// </summary>
    public int MaxInflation { get; init; } = 32;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxFileBytes, nameof(MaxFileBytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxHeaderBytes, nameof(MaxHeaderBytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPickleOperations, nameof(MaxPickleOperations));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxTensors, nameof(MaxTensors));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxDepth, nameof(MaxDepth));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxInflation, nameof(MaxInflation));
    }
}
