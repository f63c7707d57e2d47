using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>clamp(v, 0, 1) by comparisons, so that NaN gives 0 in every vector width.</summary>
internal static class UnitClamp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes value)
        where TLanes : struct, ILanes<TLanes, float>
    {
        TLanes atLeast = TLanes.IfGreater(value, TLanes.Of(0), value, TLanes.Of(0));
        return TLanes.IfGreater(TLanes.Of(1), atLeast, atLeast, TLanes.Of(1));
    }
}
