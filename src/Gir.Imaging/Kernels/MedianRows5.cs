using System.Runtime.CompilerServices;

namespace Gir.Imaging.Kernels;

/// <summary>The median of 5 x 5 neighbors.</summary>
/// <remarks>
/// destination[x] = median of rows[0..4][x..x + 4]; source rows hold length + 4 samples and do not overlap the destination.
/// Lanes are neighboring columns; the 25 registers pass through the 99 comparators of N. Devillard's selection network ("Fast median
/// search: an ANSI C implementation", 1998), of which the halves that nothing reads are left out; the network selects
/// the median for all 2^25 inputs of zeros and ones, hence for all inputs.
/// </remarks>
internal readonly unsafe struct MedianRows5 : IMedianRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TLanes>(float** rows, float* destination, int length)
        where TLanes : struct, ILanes<TLanes, float>
    {
        for (int next = 0; next < length; next += TLanes.Count)
        {
            int x = Math.Min(next, length - TLanes.Count);
            TLanes p0 = TLanes.Load(rows[0] + x), p1 = TLanes.Load(rows[0] + x + 1), p2 = TLanes.Load(rows[0] + x + 2), p3 = TLanes.Load(rows[0] + x + 3), p4 = TLanes.Load(rows[0] + x + 4);
            TLanes p5 = TLanes.Load(rows[1] + x), p6 = TLanes.Load(rows[1] + x + 1), p7 = TLanes.Load(rows[1] + x + 2), p8 = TLanes.Load(rows[1] + x + 3), p9 = TLanes.Load(rows[1] + x + 4);
            TLanes p10 = TLanes.Load(rows[2] + x), p11 = TLanes.Load(rows[2] + x + 1), p12 = TLanes.Load(rows[2] + x + 2), p13 = TLanes.Load(rows[2] + x + 3), p14 = TLanes.Load(rows[2] + x + 4);
            TLanes p15 = TLanes.Load(rows[3] + x), p16 = TLanes.Load(rows[3] + x + 1), p17 = TLanes.Load(rows[3] + x + 2), p18 = TLanes.Load(rows[3] + x + 3), p19 = TLanes.Load(rows[3] + x + 4);
            TLanes p20 = TLanes.Load(rows[4] + x), p21 = TLanes.Load(rows[4] + x + 1), p22 = TLanes.Load(rows[4] + x + 2), p23 = TLanes.Load(rows[4] + x + 3), p24 = TLanes.Load(rows[4] + x + 4);
            (p0, p1) = (TLanes.Min(p0, p1), TLanes.Max(p0, p1));
            (p3, p4) = (TLanes.Min(p3, p4), TLanes.Max(p3, p4));
            (p2, p4) = (TLanes.Min(p2, p4), TLanes.Max(p2, p4));
            (p2, p3) = (TLanes.Min(p2, p3), TLanes.Max(p2, p3));
            (p6, p7) = (TLanes.Min(p6, p7), TLanes.Max(p6, p7));
            (p5, p7) = (TLanes.Min(p5, p7), TLanes.Max(p5, p7));
            (p5, p6) = (TLanes.Min(p5, p6), TLanes.Max(p5, p6));
            (p9, p10) = (TLanes.Min(p9, p10), TLanes.Max(p9, p10));
            (p8, p10) = (TLanes.Min(p8, p10), TLanes.Max(p8, p10));
            (p8, p9) = (TLanes.Min(p8, p9), TLanes.Max(p8, p9));
            (p12, p13) = (TLanes.Min(p12, p13), TLanes.Max(p12, p13));
            (p11, p13) = (TLanes.Min(p11, p13), TLanes.Max(p11, p13));
            (p11, p12) = (TLanes.Min(p11, p12), TLanes.Max(p11, p12));
            (p15, p16) = (TLanes.Min(p15, p16), TLanes.Max(p15, p16));
            (p14, p16) = (TLanes.Min(p14, p16), TLanes.Max(p14, p16));
            (p14, p15) = (TLanes.Min(p14, p15), TLanes.Max(p14, p15));
            (p18, p19) = (TLanes.Min(p18, p19), TLanes.Max(p18, p19));
            (p17, p19) = (TLanes.Min(p17, p19), TLanes.Max(p17, p19));
            (p17, p18) = (TLanes.Min(p17, p18), TLanes.Max(p17, p18));
            (p21, p22) = (TLanes.Min(p21, p22), TLanes.Max(p21, p22));
            (p20, p22) = (TLanes.Min(p20, p22), TLanes.Max(p20, p22));
            (p20, p21) = (TLanes.Min(p20, p21), TLanes.Max(p20, p21));
            (p23, p24) = (TLanes.Min(p23, p24), TLanes.Max(p23, p24));
            (p2, p5) = (TLanes.Min(p2, p5), TLanes.Max(p2, p5));
            (p3, p6) = (TLanes.Min(p3, p6), TLanes.Max(p3, p6));
            (p0, p6) = (TLanes.Min(p0, p6), TLanes.Max(p0, p6));
            (p0, p3) = (TLanes.Min(p0, p3), TLanes.Max(p0, p3));
            (p4, p7) = (TLanes.Min(p4, p7), TLanes.Max(p4, p7));
            (p1, p7) = (TLanes.Min(p1, p7), TLanes.Max(p1, p7));
            (p1, p4) = (TLanes.Min(p1, p4), TLanes.Max(p1, p4));
            (p11, p14) = (TLanes.Min(p11, p14), TLanes.Max(p11, p14));
            (p8, p14) = (TLanes.Min(p8, p14), TLanes.Max(p8, p14));
            (p8, p11) = (TLanes.Min(p8, p11), TLanes.Max(p8, p11));
            (p12, p15) = (TLanes.Min(p12, p15), TLanes.Max(p12, p15));
            (p9, p15) = (TLanes.Min(p9, p15), TLanes.Max(p9, p15));
            (p9, p12) = (TLanes.Min(p9, p12), TLanes.Max(p9, p12));
            (p13, p16) = (TLanes.Min(p13, p16), TLanes.Max(p13, p16));
            (p10, p16) = (TLanes.Min(p10, p16), TLanes.Max(p10, p16));
            (p10, p13) = (TLanes.Min(p10, p13), TLanes.Max(p10, p13));
            (p20, p23) = (TLanes.Min(p20, p23), TLanes.Max(p20, p23));
            (p17, p23) = (TLanes.Min(p17, p23), TLanes.Max(p17, p23));
            (p17, p20) = (TLanes.Min(p17, p20), TLanes.Max(p17, p20));
            (p21, p24) = (TLanes.Min(p21, p24), TLanes.Max(p21, p24));
            (p18, p24) = (TLanes.Min(p18, p24), TLanes.Max(p18, p24));
            (p18, p21) = (TLanes.Min(p18, p21), TLanes.Max(p18, p21));
            (p19, p22) = (TLanes.Min(p19, p22), TLanes.Max(p19, p22));
            p17 = TLanes.Max(p8, p17);
            (p9, p18) = (TLanes.Min(p9, p18), TLanes.Max(p9, p18));
            (p0, p18) = (TLanes.Min(p0, p18), TLanes.Max(p0, p18));
            p9 = TLanes.Max(p0, p9);
            (p10, p19) = (TLanes.Min(p10, p19), TLanes.Max(p10, p19));
            (p1, p19) = (TLanes.Min(p1, p19), TLanes.Max(p1, p19));
            (p1, p10) = (TLanes.Min(p1, p10), TLanes.Max(p1, p10));
            (p11, p20) = (TLanes.Min(p11, p20), TLanes.Max(p11, p20));
            (p2, p20) = (TLanes.Min(p2, p20), TLanes.Max(p2, p20));
            p11 = TLanes.Max(p2, p11);
            (p12, p21) = (TLanes.Min(p12, p21), TLanes.Max(p12, p21));
            (p3, p21) = (TLanes.Min(p3, p21), TLanes.Max(p3, p21));
            (p3, p12) = (TLanes.Min(p3, p12), TLanes.Max(p3, p12));
            (p13, p22) = (TLanes.Min(p13, p22), TLanes.Max(p13, p22));
            p4 = TLanes.Min(p4, p22);
            (p4, p13) = (TLanes.Min(p4, p13), TLanes.Max(p4, p13));
            (p14, p23) = (TLanes.Min(p14, p23), TLanes.Max(p14, p23));
            (p5, p23) = (TLanes.Min(p5, p23), TLanes.Max(p5, p23));
            (p5, p14) = (TLanes.Min(p5, p14), TLanes.Max(p5, p14));
            (p15, p24) = (TLanes.Min(p15, p24), TLanes.Max(p15, p24));
            p6 = TLanes.Min(p6, p24);
            (p6, p15) = (TLanes.Min(p6, p15), TLanes.Max(p6, p15));
            p7 = TLanes.Min(p7, p16);
            p7 = TLanes.Min(p7, p19);
            p13 = TLanes.Min(p13, p21);
            p15 = TLanes.Min(p15, p23);
            p7 = TLanes.Min(p7, p13);
            p7 = TLanes.Min(p7, p15);
            p9 = TLanes.Max(p1, p9);
            p11 = TLanes.Max(p3, p11);
            p17 = TLanes.Max(p5, p17);
            p17 = TLanes.Max(p11, p17);
            p17 = TLanes.Max(p9, p17);
            (p4, p10) = (TLanes.Min(p4, p10), TLanes.Max(p4, p10));
            (p6, p12) = (TLanes.Min(p6, p12), TLanes.Max(p6, p12));
            (p7, p14) = (TLanes.Min(p7, p14), TLanes.Max(p7, p14));
            (p4, p6) = (TLanes.Min(p4, p6), TLanes.Max(p4, p6));
            p7 = TLanes.Max(p4, p7);
            (p12, p14) = (TLanes.Min(p12, p14), TLanes.Max(p12, p14));
            p10 = TLanes.Min(p10, p14);
            (p6, p7) = (TLanes.Min(p6, p7), TLanes.Max(p6, p7));
            (p10, p12) = (TLanes.Min(p10, p12), TLanes.Max(p10, p12));
            (p6, p10) = (TLanes.Min(p6, p10), TLanes.Max(p6, p10));
            p17 = TLanes.Max(p6, p17);
            (p12, p17) = (TLanes.Min(p12, p17), TLanes.Max(p12, p17));
            p7 = TLanes.Min(p7, p17);
            (p7, p10) = (TLanes.Min(p7, p10), TLanes.Max(p7, p10));
            (p12, p18) = (TLanes.Min(p12, p18), TLanes.Max(p12, p18));
            p12 = TLanes.Max(p7, p12);
            p10 = TLanes.Min(p10, p18);
            (p12, p20) = (TLanes.Min(p12, p20), TLanes.Max(p12, p20));
            p10 = TLanes.Min(p10, p20);
            p12 = TLanes.Max(p10, p12);
            TLanes.Store(p12, destination + x);
        }
    }
}
