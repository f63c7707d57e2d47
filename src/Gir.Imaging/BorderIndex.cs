namespace Gir.Imaging;

/// <summary>Which sample of a row stands in for one beyond its ends.</summary>
internal static class BorderIndex
{
    /// <summary>The index in 0..length-1 that padding reads at any index; reflections repeat without end.</summary>
    /// <param name="index">Any index.</param>
    /// <param name="length">Length of the row, at least 1.</param>
    /// <param name="mode">Replicate, Reflect101 or Symmetric; the other modes are no question of indices.</param>
    public static int Map(int index, int length, PadMode mode)
    {
        if ((uint)index < (uint)length)
            return index;
        switch (mode)
        {
            case PadMode.Replicate:
                return index < 0 ? 0 : length - 1;
            case PadMode.Reflect101:
                if (length == 1)
                    return 0;
                return Fold(index, (2 * (long)length) - 2, length, 0);
            case PadMode.Symmetric:
                return Fold(index, 2 * (long)length, length, 1);
            default:
                throw new ArgumentOutOfRangeException(nameof(mode), mode, "Expected Replicate, Reflect101 or Symmetric.");
        }
    }

    private static int Fold(int index, long period, int length, int repeat)
    {
        long phase = index % period;
        phase += phase < 0 ? period : 0;
        return (int)(phase < length ? phase : period - repeat - phase);
    }
}
