using System.Runtime.InteropServices;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>Aligned working memory of one thread, reused from call to call; its content is undefined. A kernel holds at most one block at a time.</summary>
internal sealed unsafe class ConvolutionScratch
{
    private const int Alignment = 64;

    // A vector may be read beyond the last element.
    private const int Slack = 128;

    [ThreadStatic]
    private static ConvolutionScratch? t_instance;

    private float* _block;
    private long _capacity;

    private ConvolutionScratch()
    {
    }

    /// <summary>Ends with its thread.</summary>
    ~ConvolutionScratch() => NativeMemory.AlignedFree(_block);

    /// <summary>A block of at least the given number of floats, valid on this thread until the next call.</summary>
    public static float* Rent(long length)
    {
        ConvolutionScratch scratch = t_instance ??= new ConvolutionScratch();
        if (length > scratch._capacity)
        {
            NativeMemory.AlignedFree(scratch._block);
            scratch._block = null;
            scratch._capacity = 0;
            scratch._block = (float*)NativeMemory.AlignedAlloc((nuint)((length + Slack) * sizeof(float)), Alignment);
            scratch._capacity = length;
            new Span<byte>(scratch._block, checked((int)((length + Slack) * sizeof(float)))).Clear();
        }

        return scratch._block;
    }
}
