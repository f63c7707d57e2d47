using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// One row of pixels, surrounded by zeros: to[i] = row[first + i], 0 outside [0, width); and the same with the columns sorted by their residue
/// modulo a step, to[q pitch + i] = row[first + i step + q]. Aliasing: none. Lane layout: lane = pixel.
/// </summary>
internal static unsafe class ConvolutionRows
{
    /// <summary>Copies count pixels from position first on.</summary>
    public static void Copy(float* row, int width, int first, float* to, int count)
    {
        int begin = Math.Clamp(-first, 0, count);
        int end = Math.Clamp(width - first, begin, count);
        new Span<float>(to, begin).Clear();
        new Span<float>(row + first + begin, end - begin).CopyTo(new Span<float>(to + begin, end - begin));
        new Span<float>(to + end, count - end).Clear();
    }

    /// <summary>Copies count pixels of each residue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sort(float* row, int width, int first, int step, float* to, int pitch, int count)
    {
        if (step == 1)
        {
            Copy(row, width, first, to, count);
            return;
        }

        for (int q = 0; q < step; q++, to += pitch)
        {
            int origin = first + q;
            int begin = Math.Clamp(origin >= 0 ? 0 : (-origin + step - 1) / step, 0, count);
            int end = Math.Clamp(width <= origin ? 0 : ((width - origin - 1) / step) + 1, begin, count);
            new Span<float>(to, begin).Clear();
            int i = begin;
            if (step == 2 && Avx512F.IsSupported)
            {
                Vector512<int> even = Vector512<int>.Indices + Vector512<int>.Indices;
                // The second vector ends one pixel beyond the last that is needed: hence the strict bound.
                for (; i < end - 16; i += 16)
                {
                    float* source = row + origin + (2 * i);
                    Avx512F.PermuteVar16x32x2(Vector512.Load(source), even, Vector512.Load(source + 16)).Store(to + i);
                }
            }

            for (; i < end; i++)
                to[i] = row[origin + (i * step)];
            new Span<float>(to + end, count - end).Clear();
        }
    }
}
