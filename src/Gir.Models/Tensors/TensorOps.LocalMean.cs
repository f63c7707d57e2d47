namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>
    /// The mean over a square window around every pixel of [n, c, h, w]; near the border the window is moved inside, never cut
    /// (the pooling of Chu et al., "Improving Image Restoration by Revisiting Global Information Aggregation", ECCV 2022).
    /// </summary>
    /// <remarks>
    /// Costs additions in proportion to the logarithm of the window, and sums in pairs, where the authors' table of cumulative sums loses digits
    /// with the size of the image.
    /// </remarks>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="window">Side of the window; a side longer than the image is that of the image.</param>
    /// <exception cref="TensorShapeException">The window is smaller than 1 or the image is empty.</exception>
    public static Tensor LocalMean(this Tensor x, int window)
    {
        Check4d("local_mean", x);
        (int h, int w) = (x.Shape[2], x.Shape[3]);
        if (window < 1 || h < 1 || w < 1)
            throw new TensorShapeException("local_mean", $"{x.Shape}, window {window}", "a non-empty image and a window of at least 1");
        (int rows, int columns) = (Math.Min(window, h), Math.Min(window, w));
        Tensor sums = SlidingSum(SlidingSum(x, 3, columns), 2, rows);
        // The windows that fit belong to the middle of the image; the outermost of them serve the border, one pixel more at the end.
        Tensor means = sums * (1f / ((float)rows * columns));
        return means.Pad2d(TensorPadMode.Replicate, (columns - 1) / 2, columns / 2, (rows - 1) / 2, rows / 2);
    }

    // Sums of `length` neighbors from sums of 1, 2, 4, .. neighbors: the binary digits of the length say which to add.
    private static Tensor SlidingSum(Tensor x, int dimension, int length)
    {
        int count = x.Shape[dimension] - length + 1;
        Tensor power = x;
        Tensor? sum = null;
        int covered = 0;
        for (int span = 1; ; span *= 2)
        {
            if ((length & span) != 0)
            {
                Tensor part = power.Narrow(dimension, covered, count);
                sum = sum is null ? part : sum + part;
                covered += span;
            }

            if (covered == length)
                return sum!;
            int left = power.Shape[dimension] - span;
            power = power.Narrow(dimension, 0, left) + power.Narrow(dimension, span, left);
        }
    }
}
