using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>
    /// The mean over a square window around every pixel of [n, c, h, w]; near the border the window is moved inside, never cut
    /// (the pooling of Chu et al., "Improving Image Restoration by Revisiting Global Information Aggregation", ECCV 2022).
    /// </summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="window">Side of the window; a side longer than the image is that of the image.</param>
    /// <exception cref="TensorShapeException">The window is smaller than 1 or the image is empty.</exception>
    public static Tensor LocalMean(this Tensor x, int window)
    {
        Check4d("local_mean", x);
        if (window < 1 || x.Shape[2] < 1 || x.Shape[3] < 1)
            throw new TensorShapeException("local_mean", $"{x.Shape}, window {window}", "a non-empty image and a window of at least 1");
        ResamplingTaps rows = WindowTaps(x.Shape[2], window);
        ResamplingTaps columns = WindowTaps(x.Shape[3], window);
        Tensor y = Tensor.Empty(x.Shape, x.Backend);
        x.Backend.Resample(x, rows, columns, y);
        return Tape.Record(y, "local_mean", [x], dy =>
        {
            Tensor dx = Tensor.Empty(x.Shape, x.Backend);
            x.Backend.ResampleGradient(dy, rows, columns, dx);
            return [dx];
        });
    }

    private static ResamplingTaps WindowTaps(int size, int window)
    {
        int count = Math.Min(window, size);
        var indices = new int[size * count];
        for (int i = 0; i < size; i++)
        {
            // The windows that fit are the middle of the output; the first and last of them are repeated outwards, one more at the end.
            int start = Math.Clamp(i - ((count - 1) / 2), 0, size - count);
            for (int k = 0; k < count; k++)
                indices[(i * count) + k] = start + k;
        }

        var weights = new float[indices.Length];
        Array.Fill(weights, 1f / count);
        return new ResamplingTaps(size, size, count, indices, weights);
    }
}
