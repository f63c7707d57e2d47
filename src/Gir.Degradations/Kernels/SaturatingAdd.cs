using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>clamp(x + s y, 0, 1): light or noise added to an image, or light taken from it (s below 0).</summary>
internal readonly struct SaturatingAdd(float scale) : IBinaryFunction<float>
{
    private readonly float _scale = scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, float> => UnitClamp.Of(x + (y * TLanes.Of(_scale)));
}
