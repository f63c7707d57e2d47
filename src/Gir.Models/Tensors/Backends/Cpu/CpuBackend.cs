namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>How 3 x 3 and 5 x 5 convolutions with stride 1, and their gradients, are computed. Errors are shares of the largest value.</summary>
internal enum ConvolutionAlgorithm
{
    /// <summary>
    /// Winograd F(4x4, 3x3) and F(2x2, 5x5), for gradients of weights F(3x3, 4x4) and F(5x5, 2x2), where there are enough channels, else direct: the
    /// fastest; error about 3e-6, in gradients of 5 x 5 weights 6e-6; root mean square 2e-6 and 3e-6.
    /// </summary>
    Automatic,

    /// <summary>Winograd F(2x2, 3x3) where there are enough channels: error about 2e-7; 5 x 5 and gradients of weights direct.</summary>
    WinogradF2,

    /// <summary>Always direct: error about 1e-6.</summary>
    Direct,
}

/// <summary>Settings of the managed engine.</summary>
public sealed record CpuBackendOptions
{
    /// <summary>Threads per operator; default: one per processor. Results do not depend on it.</summary>
    public int MaxDegreeOfParallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>How 3 x 3 and 5 x 5 convolutions are computed.</summary>
    internal ConvolutionAlgorithm Convolution { get; init; } = ConvolutionAlgorithm.Automatic;

    /// <summary>Bytes of returned memory kept for reuse; default 1 GiB.</summary>
    public long MemoryCacheLimit { get; init; } = 1L << 30;
}

/// <summary>The managed SIMD engine: AVX-512, AVX2 and scalar paths, no native dependency.</summary>
/// <remarks>
/// There is nothing to dispose. Worker threads are background threads that start with the first operator large enough to be divided and end
/// after ten idle seconds; memory goes back to the system with the engine and the last of its tensors (or by <see cref="TrimMemory"/>).
/// Any number of threads may call one engine: while one uses the workers, the others' operators run on their own threads.
/// </remarks>
public sealed unsafe partial class CpuBackend : TensorBackend
{
    // Parts of elementwise jobs: a fixed size, so that no result depends on the number of threads; 64 KB stay in the L2 cache.
    private const int Chunk = 16384;

    private readonly WorkerPool _pool;

    /// <summary>Creates an engine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public CpuBackend(CpuBackendOptions? options = null)
    {
        Options = options ?? new CpuBackendOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.MaxDegreeOfParallelism, 1, nameof(options));
        _pool = new WorkerPool(Options.MaxDegreeOfParallelism);
        Memory = new HostAllocator(Options.MemoryCacheLimit);
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <summary>The settings.</summary>
    public CpuBackendOptions Options { get; }

    /// <summary>The memory of this engine's tensors.</summary>
    internal HostAllocator Memory { get; }

    /// <summary>Gives memory that waits for reuse back to the system, before <see cref="CpuBackendOptions.MemoryCacheLimit"/> asks for it.</summary>
    public override void TrimMemory() => Memory.Trim();

    /// <inheritdoc/>
    public override TensorStorage Allocate(int length) => Memory.Allocate(length);

    /// <inheritdoc/>
    public override TensorStorage AllocateCompact(int length) => new CompactStorage(Memory, length);

    private static float* Of(Tensor tensor) => tensor.Storage is HostStorage host ? host.Pointer : tensor.Storage is CompactStorage compact ? Of(compact, tensor) : throw Foreign(tensor);

    private static float* Of(CompactStorage compact, Tensor tensor) => compact.Singles is { } singles
        ? singles.Pointer
        : throw new NotSupportedException($"The weight {tensor.Shape} was loaded compact: only convolutions and matrix products read it. Load the network without CompactWeights.");

    private static ArgumentException Foreign(Tensor tensor) =>
        new($"The engine 'cpu' was given {tensor.Shape} of the engine '{tensor.Backend.Name}'; expected operands in its own memory.");

    private static float* OfOptional(Tensor? tensor) => tensor is null ? null : Of(tensor);

    private static Span<float> SpanOf(Tensor tensor) => new(Of(tensor), tensor.Length);

    /// <summary>Runs body(part) for all parts.</summary>
    private void Parallel(int parts, Action<int> body)
    {
        if (parts == 1)
            body(0);
        else
            _pool.Run(parts, new DelegateJob(body));
    }

    /// <summary>Runs body(start, end) over [0, length) in parts of a fixed size.</summary>
    private void ForChunks(int length, Action<int, int> body) => ForChunks(length, Chunk, body);

    private void ForChunks(int length, int chunk, Action<int, int> body)
    {
        int parts = (length + chunk - 1) / chunk;
        if (parts <= 1)
        {
            if (length > 0)
                body(0, length);
            return;
        }

        Parallel(parts, i => body(i * chunk, Math.Min(length, (i + 1) * chunk)));
    }

    // Rows are grouped so that a part is worth its start.
    private void ForRows(int rows, int rowLength, Action<int, int> body) => ForChunks(rows, RowsPerPart(rowLength), body);

    private static int RowsPerPart(int rowLength) => Math.Max(1, Chunk / Math.Max(1, rowLength));

    private static int Parts(int length, int chunk = Chunk) => (int)(((long)length + chunk - 1) / chunk);
}
