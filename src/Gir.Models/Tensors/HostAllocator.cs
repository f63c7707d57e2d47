using System.Runtime.InteropServices;

namespace Gir.Models.Tensors;

/// <summary>
/// Caches aligned blocks: fresh pages cost more than most operators that would fill them, so a block handed back is kept for
/// the next request of its size class.
/// </summary>
/// <remarks>
/// What the process holds is <see cref="BytesInUse"/> + <see cref="BytesCached"/>, the latter at most the limit; <see cref="Trim"/> gives it
/// back. Blocks are up to a quarter larger than asked for, from 256 bytes on. From 1 MiB on a waiting one of up to twice that size serves too, so that
/// a network's small inner maps live in the memory of its large outer ones; what is left over counts as cached. Before the system is asked for more,
/// waiting blocks that are too small go back. All members may be called by several threads at once.
/// </remarks>
internal sealed unsafe class HostAllocator
{
    private const int Alignment = 64;
    private const int SmallestClass = 256;
    private const long SmallestShared = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Stack<nint>> _free = [];
    private long _cacheLimit;
    private long _inUse;
    private long _cached;
    private long _peak;

    /// <summary>Creates an allocator.</summary>
    /// <param name="cacheLimit">Bytes of handed-back memory to keep; what exceeds it goes back to the system. Default 1 GiB.</param>
    public HostAllocator(long cacheLimit = 1L << 30)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cacheLimit);
        _cacheLimit = cacheLimit;
    }

    /// <summary>Cached blocks go back to the system with the last tensor and engine that could have reused them.</summary>
    ~HostAllocator()
    {
        // Tensors that are finalised later hand their blocks straight back.
        lock (_gate)
            _cacheLimit = 0;
        Trim();
    }

    /// <summary>Bytes in blocks that tensors hold.</summary>
    public long BytesInUse => Interlocked.Read(ref _inUse);

    /// <summary>Bytes in blocks that wait for reuse, and what tensors leave over in blocks that are larger than theirs.</summary>
    public long BytesCached => Interlocked.Read(ref _cached);

    /// <summary>Largest number of bytes in use since the last <see cref="ResetPeak"/>.</summary>
    public long PeakBytesInUse => Interlocked.Read(ref _peak);

    /// <summary>Starts a new measurement of the peak.</summary>
    public void ResetPeak()
    {
        lock (_gate)
            _peak = _inUse;
    }

    /// <summary>Gives all cached blocks back to the system.</summary>
    public void Trim()
    {
        lock (_gate)
            GiveBack(long.MaxValue, long.MaxValue);
        // Those that found the cache full went to the heap before.
        SystemHeap.ReturnFreedPages();
    }

    // Waiting blocks below a size, the largest first, until so many bytes are given back; under the lock.
    private void GiveBack(long size, long enough)
    {
        long given = 0;
        foreach (long bytes in _free.Keys.Where(key => key < size).OrderDescending())
        {
            while (given < enough && _free[bytes].TryPop(out nint block))
            {
                NativeMemory.AlignedFree((void*)block);
                given += bytes;
            }
        }

        _cached -= given;
        if (given > 0)
            GC.RemoveMemoryPressure(given);
    }

    /// <summary>A block with undefined content.</summary>
    /// <param name="length">Number of float32 elements, at least 0.</param>
    public HostStorage Allocate(int length)
    {
        float* block = Take(length, out long bytes);
        return new HostStorage(this, block, length, bytes);
    }

    /// <summary>A block for the inside of one operator; no object is made for it.</summary>
    /// <param name="length">Number of float32 elements, at least 0.</param>
    internal HostScratch Borrow(int length)
    {
        float* block = Take(length, out long bytes);
        return new HostScratch(this, block, length, bytes);
    }

    private float* Take(int length, out long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        long smallest = SizeClass(length);
        MemoryMeter.Report(smallest);
        lock (_gate)
        {
            long largest = smallest < SmallestShared ? smallest : 2 * smallest;
            for (bytes = smallest; bytes <= largest; bytes = Class(bytes - Alignment + 1))
            {
                if (!_free.TryGetValue(bytes, out Stack<nint>? blocks) || !blocks.TryPop(out nint block))
                    continue;
                _cached -= smallest;
                CountUse(smallest);
                return (float*)block;
            }

            if (smallest >= SmallestShared)
                GiveBack(smallest, smallest);
        }

        bytes = smallest;

        void* fresh = FromSystem(bytes);
        lock (_gate)
            CountUse(bytes);
        // Pressure lets the collector know of memory that tiny tensor objects keep alive.
        GC.AddMemoryPressure(bytes);
        return (float*)fresh;
    }

    private void* FromSystem(long bytes)
    {
        try
        {
            return Aligned(bytes);
        }
        catch (OutOfMemoryException)
        {
            // Blocks of other sizes, and tensors that nobody holds any more, may be all that is in the way.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Trim();
        }

        return Aligned(bytes);
    }

    private void CountUse(long bytes)
    {
        _inUse += bytes;
        _peak = Math.Max(_peak, _inUse);
    }

    internal void Return(float* pointer, int length, long bytes)
    {
        // Use is what was asked for, not what was given: a measurement does not depend on the blocks that happened to wait.
        long asked = SizeClass(length);
        MemoryMeter.Report(-asked);
        lock (_gate)
        {
            _inUse -= asked;
            _cached += asked;
            if (_cached <= _cacheLimit)
            {
                if (!_free.TryGetValue(bytes, out Stack<nint>? blocks))
                    _free[bytes] = blocks = new Stack<nint>();
                blocks.Push((nint)pointer);
                return;
            }

            _cached -= bytes;
        }

        NativeMemory.AlignedFree(pointer);
        GC.RemoveMemoryPressure(bytes);
    }

    // From two large pages on, whole ones make up at least half of a block.
    private static void* Aligned(long bytes)
    {
        if (bytes < 2 * LargePages.Size)
            return NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        void* block = NativeMemory.AlignedAlloc((nuint)bytes, LargePages.Size);
        LargePages.Request(block, bytes);
        return block;
    }

    private static long SizeClass(int length) => Class((long)length * sizeof(float));

    // Four classes per power of two: at most a quarter is wasted, and neighboring image sizes share blocks. Kernels may read up to one vector
    // beyond the last element: the extra line comes on top, else sizes that are a power of two, as so many are, would fall into the next class.
    private static long Class(long bytes)
    {
        bytes = Math.Max(SmallestClass - Alignment, bytes);
        long step = Math.Max(Alignment, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes) / 8);
        return ((bytes + step - 1) / step * step) + Alignment;
    }
}
