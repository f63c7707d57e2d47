namespace Gir.Imaging;

/// <summary>
/// Gives image memory a second life. Images are large objects: fresh ones cost page faults and full collections, often more than the
/// work that fills them.
/// </summary>
/// <remarks>
/// The library's operations take their results from here. Returning images is up to the caller, who does so where many images are
/// made and dropped (training on the fly); one that is never returned is collected as usual. Safe for concurrent use.
/// </remarks>
public static class ImagePool
{
    /// <summary>Most bytes kept at a time; beyond, what has been kept is forgotten.</summary>
    public const long MaximumBytes = 64L << 20;

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<int, Stack<float[]>> s_kept = [];
    private static long s_bytes;

    /// <summary>An image of a shape, with arbitrary content.</summary>
    /// <param name="channels">Number of planes, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the image would be too large.</exception>
    public static ImageBuffer Rent(int channels, int height, int width)
    {
        // Sizes that cannot be allocated are left to the checks of the ordinary constructor.
        if (channels < 1 || height < 1 || width < 1 || (Int128)channels * height * width > Array.MaxLength)
            return new ImageBuffer(channels, height, width);
        return new ImageBuffer(channels, height, width, Take(channels * height * width));
    }

    /// <summary>Keeps an image's memory for the next that needs as much.</summary>
    /// <param name="image">An image that nobody uses any more: its samples will be overwritten at any time.</param>
    public static void Return(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        long bytes = sizeof(float) * (long)image.Array.Length;
        if (bytes > MaximumBytes)
            return;
        lock (s_lock)
        {
            if (s_bytes + bytes > MaximumBytes)
                Forget();
            if (!s_kept.TryGetValue(image.Array.Length, out Stack<float[]>? stack))
                s_kept[image.Array.Length] = stack = new Stack<float[]>();
            stack.Push(image.Array);
            s_bytes += bytes;
        }
    }

    /// <summary>Forgets all memory that is kept.</summary>
    public static void Clear()
    {
        lock (s_lock)
            Forget();
    }

    private static float[] Take(int length)
    {
        lock (s_lock)
        {
            if (s_kept.TryGetValue(length, out Stack<float[]>? stack) && stack.TryPop(out float[]? samples))
            {
                s_bytes -= sizeof(float) * (long)length;
                return samples;
            }
        }

        return GC.AllocateUninitializedArray<float>(length);
    }

    private static void Forget()
    {
        s_kept.Clear();
        s_bytes = 0;
    }
}
