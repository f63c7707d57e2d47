using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>x + weight y.</summary>
internal readonly struct AddScaled(double weight) : IBinaryFunction<double>
{
    private readonly double _weight = weight;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, double> => x + (y * TLanes.Of(_weight));
}
