using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>clamp(1 - (1 - x)(1 - y), 0, 1): the photo editors' blend mode "screen".</summary>
internal readonly struct Screen : IBinaryFunction<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, float> => UnitClamp.Of(TLanes.Of(1) - ((TLanes.Of(1) - x) * (TLanes.Of(1) - y)));
}
