using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>clamp(x + x s y, 0, 1): noise y in proportion to the image x.</summary>
internal readonly struct Speckle(float scale) : IBinaryFunction<float>
{
    private readonly float _scale = scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, float> => UnitClamp.Of(x + (x * (y * TLanes.Of(_scale))));
}
