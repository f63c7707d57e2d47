using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Whichever of left, above and upper left is nearest to left + above - upperLeft; ties in that order (PNG specification, 9.4).</summary>
internal static class PaethPredictor
{
    /// <summary>Eight bytes held in sixteen bits each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Of(Vector128<short> left, Vector128<short> above, Vector128<short> upperLeft)
    {
        Vector128<short> toLeft = above - upperLeft;
        Vector128<short> toAbove = left - upperLeft;
        Vector128<short> toUpperLeft = Vector128.Abs(toLeft + toAbove);
        toLeft = Vector128.Abs(toLeft);
        toAbove = Vector128.Abs(toAbove);
        Vector128<short> least = Vector128.Min(Vector128.Min(toLeft, toAbove), toUpperLeft);
        return Vector128.ConditionalSelect(
            Vector128.Equals(least, toLeft), left, Vector128.ConditionalSelect(Vector128.Equals(least, toAbove), above, upperLeft));
    }

    /// <summary>Thirty-two bytes.</summary>
    /// <remarks>
    /// The distance to the upper left is the sum of the other two where left and above lie on the same side of it, so that it is never the least, and
    /// their difference where they do not: no ninth bit is needed.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Of(Vector256<byte> left, Vector256<byte> above, Vector256<byte> upperLeft)
    {
        Vector256<byte> higherAbove = Vector256.Max(above, upperLeft);
        Vector256<byte> higherLeft = Vector256.Max(left, upperLeft);
        Vector256<byte> toLeft = higherAbove - Vector256.Min(above, upperLeft);
        Vector256<byte> toAbove = higherLeft - Vector256.Min(left, upperLeft);
        Vector256<byte> isBetween = Vector256.Equals(higherAbove, above) ^ Vector256.Equals(higherLeft, left);
        Vector256<byte> toUpperLeft = (Vector256.Max(toLeft, toAbove) - Vector256.Min(toLeft, toAbove)) | ~isBetween;
        Vector256<byte> least = Vector256.Min(Vector256.Min(toLeft, toAbove), toUpperLeft);
        return Vector256.ConditionalSelect(
            Vector256.Equals(least, toLeft), left, Vector256.ConditionalSelect(Vector256.Equals(least, toAbove), above, upperLeft));
    }

    /// <summary>The scalar twin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OfScalar(int left, int above, int upperLeft)
    {
        int toLeft = Math.Abs(above - upperLeft);
        int toAbove = Math.Abs(left - upperLeft);
        int toUpperLeft = Math.Abs(left + above - (2 * upperLeft));
        if (toLeft <= toAbove && toLeft <= toUpperLeft)
            return left;
        return toAbove <= toUpperLeft ? above : upperLeft;
    }
}
