using System.Runtime.InteropServices;

namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>Memory of the running thread for the inside of one part of a job; kept from part to part, so that parts allocate nothing.</summary>
internal sealed unsafe class ThreadScratch
{
    private const int Alignment = 64;

    // A vector may be read beyond the last element.
    private const int Slack = 128;

    [ThreadStatic]
    private static ThreadScratch? s_instance;

    private float* _block;
    private long _length;

    private ThreadScratch()
    {
    }

    /// <summary>The thread has ended.</summary>
    ~ThreadScratch() => NativeMemory.AlignedFree(_block);

    /// <summary>A block aligned to 64 bytes with undefined content; the next call on this thread ends its use.</summary>
    public static float* Rent(long length)
    {
        ThreadScratch scratch = s_instance ??= new ThreadScratch();
        if (scratch._length < length)
        {
            NativeMemory.AlignedFree(scratch._block);
            scratch._block = null;
            scratch._length = 0;
            nuint bytes = checked((nuint)(length + Slack) * sizeof(float));
            scratch._block = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
            NativeMemory.Clear(scratch._block, bytes);
            scratch._length = length;
        }

        return scratch._block;
    }
}
