using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>x y + c (1 - y): the haze veil of the GIR paper's Eq. 15, with x the image, y the transmission and c the airlight.</summary>
internal readonly struct Veil(float airlight) : IBinaryFunction<float>
{
    private readonly float _airlight = airlight;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, float> => (x * y) + ((TLanes.Of(1) - y) * TLanes.Of(_airlight));
}
