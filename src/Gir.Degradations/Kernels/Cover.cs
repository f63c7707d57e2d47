using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>x (1 - y) + c y: a layer of color c over the image x where the mask y says so (Eq. 17 with c = 1).</summary>
internal readonly struct Cover(float color) : IBinaryFunction<float>
{
    private readonly float _color = color;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, float> => (x * (TLanes.Of(1) - y)) + (y * TLanes.Of(_color));
}
