using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>The median of a square of neighbors, written once for every width.</summary>
internal unsafe interface IMedianRows
{
    /// <summary>One row of medians; the length is at least a register's.</summary>
    static abstract void Run<TLanes>(float** rows, float* destination, int length)
        where TLanes : struct, ILanes<TLanes, float>;
}

/// <summary>Rows of medians over squares of a size, in the widest register that a row fills.</summary>
internal static unsafe class MedianRows
{
    /// <summary>One row of medians.</summary>
    /// <typeparam name="TSquare"><see cref="MedianRows3"/> or <see cref="MedianRows5"/>, which say what the rows hold.</typeparam>
    public static void Median<TSquare>(float** rows, float* destination, int length)
        where TSquare : struct, IMedianRows
    {
        if (Vector512.IsHardwareAccelerated && length >= Vector512<float>.Count)
            TSquare.Run<Lanes512<float>>(rows, destination, length);
        else if (Vector256.IsHardwareAccelerated && length >= Vector256<float>.Count)
            TSquare.Run<Lanes256<float>>(rows, destination, length);
        else
            TSquare.Run<Lanes1<float>>(rows, destination, length);
    }

    /// <summary>The scalar twin.</summary>
    public static void MedianScalar<TSquare>(float** rows, float* destination, int length)
        where TSquare : struct, IMedianRows => TSquare.Run<Lanes1<float>>(rows, destination, length);
}
