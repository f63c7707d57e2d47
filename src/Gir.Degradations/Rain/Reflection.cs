namespace Gir.Degradations.Rain;

/// <summary>Reflection at the edge samples (OpenCV's BORDER_REFLECT_101), repeated where an image is smaller than the filter.</summary>
internal static class Reflection
{
    /// <summary>The index within [0, length) that stands at any integer position.</summary>
    public static int Index(int position, int length)
    {
        if ((uint)position < (uint)length)
            return position;
        if (length == 1)
            return 0;
        int period = 2 * (length - 1);
        int phase = position % period;
        phase += phase < 0 ? period : 0;
        return phase < length ? phase : period - phase;
    }
}
