using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>
    /// Multi-head self-attention inside the windows of images (Liu et al. 2021): softmax(scale q k^T + bias + mask) v. Images are not copied into windows
    /// unless gradients are wanted.
    /// </summary>
    /// <param name="queries">[n, h, w, c], or [n, h, w, 3 c] of which the first c channels are the queries.</param>
    /// <param name="keysAndValues">[n, h, w, 2 c], or [n, h, w, 3 c] of which the last 2 c channels are keys and values.</param>
    /// <param name="windows">How the images are divided.</param>
    /// <param name="bias">Relative position bias [heads, queries, keys], or null.</param>
    /// <param name="mask">Shift mask [k, queries, keys], window w taking mask w mod k, or null; it has no gradient.</param>
    /// <returns>[n, h, w, c].</returns>
    public static Tensor WindowAttention(this Tensor queries, Tensor keysAndValues, AttentionWindows windows, Tensor? bias = null, Tensor? mask = null)
    {
        int width = CheckWindowAttention(queries, keysAndValues, windows, bias, mask);
        (int n, int h, int w) = (queries.Shape[0], queries.Shape[1], queries.Shape[2]);
        if (!Tape.IsRecording || !(queries.IsTracked || keysAndValues.IsTracked || bias is { IsTracked: true }))
        {
            Tensor y = Tensor.Empty([n, h, w, width], queries.Backend);
            MultiplyAddMeter.Count(2L * n * h * w * windows.Keys * width);
            queries.Backend.WindowAttention(queries, keysAndValues, windows, bias, mask, y);
            KeepAlive(queries, keysAndValues, bias, mask);
            return y;
        }

        int first = keysAndValues.Shape[3] - (2 * width);
        Tensor q = Heads(Partition(queries.Narrow(3, 0, width), windows), windows.Heads);
        Tensor k = Keys(keysAndValues.Narrow(3, first, width), windows);
        Tensor v = Keys(keysAndValues.Narrow(3, first + width, width), windows);
        Tensor attended = Attention(q, k, v, windows.Scale, bias, mask).Permute(0, 2, 1, 3).Reshape(-1, windows.Size, windows.Size, width);
        Tensor image = attended.WindowReverse(windows.Size, h, w);
        return windows.Shift > 0 ? image.Roll([windows.Shift, windows.Shift], [1, 2]) : image;
    }

    /// <summary>
    /// Restormer's bias-free normalization over the channels of [n, c, h, w] at each pixel: w x / sqrt(variance + epsilon). The mean enters
    /// the variance but is not subtracted.
    /// </summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="weight">[c].</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    public static Tensor BiasFreeLayerNorm2d(this Tensor x, Tensor weight, float epsilon = 1e-5f)
    {
        Check4d("bias_free_layer_norm2d", x);
        return Normalize("bias_free_layer_norm2d", x, weight, null, Extent(x.Shape, 1, 1), epsilon, subtractMean: false);
    }

    private static int CheckWindowAttention(Tensor queries, Tensor keysAndValues, in AttentionWindows windows, Tensor? bias, Tensor? mask)
    {
        Check4d("window_attention", queries);
        Check4d("window_attention", keysAndValues);
        int width = keysAndValues.Shape[3] == 2 * queries.Shape[3] ? queries.Shape[3] : queries.Shape[3] / 3;
        bool fits = (keysAndValues.Shape[3] == 2 * queries.Shape[3] || (keysAndValues.Shape[3] == queries.Shape[3] && queries.Shape[3] == 3 * width))
            && keysAndValues.Shape.With(3, 1) == queries.Shape.With(3, 1);
        if (!fits)
            throw new TensorShapeException("window_attention", $"queries {queries.Shape}, keys and values {keysAndValues.Shape}", "[n, h, w, c] and [n, h, w, 2 c], or both [n, h, w, 3 c]");
        (int heads, int size, int keySize, int shift, _) = windows;
        if (heads < 1 || width % heads != 0 || size < 1 || queries.Shape[1] % size != 0 || queries.Shape[2] % size != 0)
            throw new TensorShapeException("window_attention", $"{queries.Shape}, {heads} heads, window {size}", "heads that divide the channels and a window that divides height and width");
        if (keySize < size || (keySize - size) % 2 != 0 || shift < 0 || shift >= size || (shift > 0 && keySize > size))
            throw new TensorShapeException("window_attention", $"window {size}, keys' window {keySize}, shift {shift}", "a keys' window larger by an even number and unshifted, or equal with a shift inside the window");
        if (bias is not null && !bias.Shape.Is(heads, windows.Queries, windows.Keys))
            throw new TensorShapeException("window_attention", $"bias {bias.Shape}", $"[{heads}, {windows.Queries}, {windows.Keys}]");
        int count = queries.Shape[0] * (queries.Shape[1] / size) * (queries.Shape[2] / size);
        if (mask is not null && (mask.Rank != 3 || mask.Shape[1] != windows.Queries || mask.Shape[2] != windows.Keys || mask.Shape[0] < 1 || count % mask.Shape[0] != 0))
            throw new TensorShapeException("window_attention", $"mask {mask.Shape} for {count} windows", $"[k, {windows.Queries}, {windows.Keys}] with k dividing {count}");
        CheckEngine("window_attention", queries, keysAndValues, bias, mask);
        return width;
    }

    // Windows of the image after it was rolled, as tokens [windows, size^2, c].
    private static Tensor Partition(Tensor image, in AttentionWindows windows)
    {
        Tensor rolled = windows.Shift > 0 ? image.Roll([-windows.Shift, -windows.Shift], [1, 2]) : image;
        return rolled.WindowPartition(windows.Size).Reshape(-1, windows.Queries, image.Shape[3]);
    }

    // Tokens [windows, m, heads d] as heads [windows, heads, m, d].
    private static Tensor Heads(Tensor tokens, int heads) =>
        tokens.Reshape(tokens.Shape[0], tokens.Shape[1], heads, tokens.Shape[2] / heads).Permute(0, 2, 1, 3);

    // Larger windows in steps of the queries' windows, zeros around the image.
    private static Tensor Keys(Tensor image, in AttentionWindows windows)
    {
        (int heads, int size, int keySize) = (windows.Heads, windows.Size, windows.KeySize);
        if (keySize == size)
            return Heads(Partition(image, windows), heads);
        (int n, int h, int w, int c) = (image.Shape[0], image.Shape[1], image.Shape[2], image.Shape[3]);
        int count = h / size * (w / size);
        Tensor blocks = image.Permute(0, 3, 1, 2).Unfold(keySize, size, (keySize - size) / 2);
        return blocks.Reshape(n, heads, c / heads, windows.Keys, count).Permute(0, 4, 1, 3, 2).Reshape(n * count, heads, windows.Keys, c / heads);
    }
}
