using Gir.Models.Tensors;

namespace Gir.Models.Backbones.StyleGan2;

/// <summary>The operators of StyleGAN2 (Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", CVPR 2020), each of operators that every engine has.</summary>
internal static class StyleOps
{
    private const float StyleEpsilon = 1e-8f;

    /// <summary>
    /// Enlarges, filters and thins out [n, c, h, w], rows and columns apart. A kernel that is no product of rows and columns is a sum of such.
    /// </summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="rows">What happens along the height.</param>
    /// <param name="columns">What happens along the width.</param>
    /// <returns>[n, c, oh, ow], sizes as <see cref="FirFilter.OutputSize"/> says.</returns>
    public static Tensor UpFirDn2d(this Tensor x, FirFilter rows, FirFilter columns)
    {
        TensorOps.Check4d("upfirdn2d", x);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        (int height, int width) = (rows.OutputSize(x.Shape[2]), columns.OutputSize(x.Shape[3]));
        if (x.Shape[2] < 1 || x.Shape[3] < 1 || height < 1 || width < 1)
            throw new TensorShapeException("upfirdn2d", $"{x.Shape} to {height} x {width}", "a non-empty image, at least as large as the taps after enlarging and padding");
        return TensorOps.Resampled(x, rows.For(x.Shape[2]), columns.For(x.Shape[3]), [x.Shape[0], x.Shape[1], height, width]);
    }

    /// <summary>scale leaky_relu(x + bias), one bias per channel (dimension 1).</summary>
    /// <param name="x">[n, c, ..].</param>
    /// <param name="bias">[c] or null.</param>
    /// <param name="slope">Factor of negative values.</param>
    /// <param name="scale">Factor of all; sqrt 2 keeps the variance of normal values.</param>
    public static Tensor BiasLeakyRelu(this Tensor x, Tensor? bias, float slope = 0.2f, float scale = 1.41421356f)
    {
        if (bias is not null)
        {
            if (x.Rank < 2 || bias.Rank != 1 || bias.Length != x.Shape[1])
                throw new TensorShapeException("bias_leaky_relu", $"input {x.Shape}, bias {bias.Shape}", "[n, c, ..] and [c]");
            x += bias.Reshape(TensorOps.ChannelShape(x.Rank, bias.Length));
        }

        return x.LeakyRelu(slope) * scale;
    }

    /// <summary>x / sqrt(mean over dimension 1 of x^2 + 1e-8).</summary>
    /// <param name="x">[n, c, ..].</param>
    public static Tensor PixelNorm(this Tensor x)
    {
        if (x.Rank < 2)
            throw new TensorShapeException("pixel_norm", $"{x.Shape}", "[n, c, ..]");
        return x * (x.Square().Mean([1], keepDimensions: true) + StyleEpsilon).ReciprocalSqrt();
    }

    /// <summary>
    /// A convolution whose weights are scaled by a style per sample and input channel, and (demodulation) normalized per output channel; equalized: weights count
    /// divided by the root of the inputs of one output. The batch shares one weight: input channels are scaled before, output channels after, the same values
    /// as weights of each sample's own (section 2.2).
    /// </summary>
    /// <param name="x">[n, i, h, w].</param>
    /// <param name="weight">[o, i, k, k], k odd.</param>
    /// <param name="style">[n, i].</param>
    /// <param name="demodulate">Whether outputs are divided by the norm of their scaled weights, 1e-8 added to its square.</param>
    /// <param name="sampling">What happens to the size.</param>
    /// <param name="filter">The filter after the transposed convolution or before the strided one; null where the size is kept.</param>
    /// <returns>[n, o, h, w], or [n, o, 2 h, 2 w], or [n, o, h / 2, w / 2] with filters padded for that.</returns>
    public static Tensor ModulatedConv2d(
        this Tensor x, Tensor weight, Tensor style, bool demodulate = true, StyleSampling sampling = StyleSampling.None, FirFilter? filter = null)
    {
        TensorOps.Check4d("modulated_conv2d", x);
        int inputs = x.Shape[1];
        if (weight.Rank != 4 || weight.Shape[1] != inputs || weight.Shape[2] != weight.Shape[3] || weight.Shape[2] % 2 == 0 || !style.Shape.Is(x.Shape[0], inputs))
            throw new TensorShapeException("modulated_conv2d", $"input {x.Shape}, weight {weight.Shape}, style {style.Shape}", $"weight [o, {inputs}, k, k] with odd k and style [{x.Shape[0]}, {inputs}]");
        if (filter is null == (sampling != StyleSampling.None))
            throw new ArgumentException($"Expected a filter where the size changes and none where it does not; found {(filter is null ? "none" : "one")} for {sampling}.", nameof(filter));
        int kernel = weight.Shape[2];
        Tensor factors = style * (float)(1 / Math.Sqrt((double)inputs * kernel * kernel));
        Tensor scaled = x * factors.Reshape(x.Shape[0], inputs, 1, 1);
        Tensor y = sampling switch
        {
            StyleSampling.Up => scaled.ConvTranspose2d(weight.Permute(1, 0, 2, 3), stride: 2).UpFirDn2d(filter!, filter!),
            StyleSampling.Down => scaled.UpFirDn2d(filter!, filter!).Conv2d(weight, stride: 2),
            _ => scaled.Conv2d(weight, padding: kernel / 2),
        };
        if (!demodulate)
            return y;
        Tensor squares = weight.Square().Sum([2, 3], keepDimensions: false);
        Tensor norms = (factors.Square().MatMulTransposed(squares) + StyleEpsilon).ReciprocalSqrt();
        return y * norms.Reshape(x.Shape[0], weight.Shape[0], 1, 1);
    }

    /// <summary>
    /// Appends one constant channel that says how much samples of a batch differ (Karras et al., "Progressive Growing of GANs", ICLR 2018, section 3): the standard
    /// deviation over the samples of a subgroup, 1e-8 added to the variance, averaged over channels and pixels.
    /// </summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="group">Samples of a subgroup; of smaller batches all. Sample b belongs to subgroup b mod (n / group).</param>
    /// <returns>[n, c + 1, h, w].</returns>
    public static Tensor MinibatchDeviation(this Tensor x, int group = 4)
    {
        TensorOps.Check4d("minibatch_deviation", x);
        (int n, int c, int h, int w) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        int size = Math.Min(n, group);
        if (size < 1 || n % size != 0)
            throw new TensorShapeException("minibatch_deviation", $"{x.Shape}, subgroups of {group}", "a batch that divides into subgroups");
        int subgroups = n / size;
        Tensor deviation = (x.Reshape(size, subgroups, c, h, w).Variance([0], keepDimensions: false) + StyleEpsilon).Sqrt();
        Tensor means = deviation.Mean([1, 2, 3], keepDimensions: false);
        Tensor channel = means.Reshape(1, subgroups, 1, 1, 1).Expand([size, subgroups, 1, h, w]).Reshape(n, 1, h, w);
        return TensorOps.Concatenate(1, x, channel);
    }
}
