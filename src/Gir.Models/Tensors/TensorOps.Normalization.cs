using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>Softmax along one dimension.</summary>
    public static Tensor Softmax(this Tensor x, int dimension) => Softmax(x, dimension, logarithm: false);

    /// <summary>The logarithm of the softmax along one dimension.</summary>
    public static Tensor LogSoftmax(this Tensor x, int dimension) => Softmax(x, dimension, logarithm: true);

    /// <summary>Layer normalization over the last dimension (Ba, Kiros, Hinton 2016), as torch's layer_norm.</summary>
    /// <param name="x">[.., n].</param>
    /// <param name="weight">[n] or null.</param>
    /// <param name="bias">[n] or null.</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    /// <param name="subtractMean">False: Restormer's bias-free form x / sqrt(variance + epsilon).</param>
    public static Tensor LayerNorm(this Tensor x, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f, bool subtractMean = true)
    {
        if (x.Rank < 1)
            throw new TensorShapeException("layer_norm", $"{x.Shape}", "[.., n]");
        return Normalize("layer_norm", x, weight, bias, Extent(x.Shape, x.Rank - 1, 1), epsilon, subtractMean);
    }

    /// <summary>Layer normalization over the channels of [n, c, h, w] at each pixel (NAFNet's LayerNorm2d).</summary>
    public static Tensor LayerNorm2d(this Tensor x, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-6f)
    {
        Check4d("layer_norm2d", x);
        return Normalize("layer_norm2d", x, weight, bias, Extent(x.Shape, 1, 1), epsilon, subtractMean: true);
    }

    /// <summary>Normalization of each plane of [n, c, ..] (Ulyanov et al. 2016), as torch's instance_norm without running statistics.</summary>
    public static Tensor InstanceNorm(this Tensor x, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f)
    {
        if (x.Rank < 3)
            throw new TensorShapeException("instance_norm", $"{x.Shape}", "[n, c, ..] with at least one dimension to normalize over");
        return NormalizeGroups("instance_norm", x, x.Shape[1], weight, bias, epsilon);
    }

    /// <summary>Normalization of groups of channels of [n, c, ..] (Wu, He 2018).</summary>
    public static Tensor GroupNorm(this Tensor x, int groups, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f)
    {
        CheckGroups(x, groups);
        return NormalizeGroups("group_norm", x, groups, weight, bias, epsilon);
    }

    /// <summary>Group normalization, then x sigmoid(x): the two are one step of diffusion's networks, and one kernel where the engine has it.</summary>
    internal static Tensor GroupNormSilu(this Tensor x, int groups, Tensor weight, Tensor bias, float epsilon)
    {
        if (!x.Backend.FusesGroupNorm)
            return x.GroupNorm(groups, weight, bias, epsilon).Silu();
        CheckGroups(x, groups);
        CheckFactor("group_norm", x, weight, x.Shape[1]);
        CheckFactor("group_norm", x, bias, x.Shape[1]);
        CheckEngine("group_norm", x, weight, bias);
        Tensor y = Tensor.Empty(x.Shape, x.Backend);
        Tensor mean = Tensor.Empty([x.Shape[0] * groups], x.Backend);
        Tensor reciprocal = Tensor.Empty(mean.Shape, x.Backend);
        x.Backend.GroupNormSilu(x, groups, weight, bias, epsilon, y, mean, reciprocal);
        return Tape.Record(
            y, "group_norm_silu", [x, weight, bias], (X: x, Groups: groups, Weight: weight, Bias: bias, Mean: mean, Reciprocal: reciprocal), static (dy, s) =>
            {
                Tensor dx = Tensor.Empty(s.X.Shape, s.X.Backend);
                Tensor dweight = Tensor.Empty(s.Weight.Shape, s.X.Backend);
                Tensor dbias = Tensor.Empty(s.Bias.Shape, s.X.Backend);
                s.X.Backend.GroupNormSiluGradient(s.X, s.Groups, s.Weight, s.Bias, s.Mean, s.Reciprocal, dy, dx, dweight, dbias);
                return [dx, dweight, dbias];
            });
    }

    /// <summary>Batch normalization with given statistics (Ioffe, Szegedy 2015), as torch's batch_norm in evaluation.</summary>
    /// <param name="x">[n, c, ..].</param>
    /// <param name="mean">Running means [c].</param>
    /// <param name="variance">Running variances [c].</param>
    /// <param name="weight">[c] or null.</param>
    /// <param name="bias">[c] or null.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static Tensor BatchNorm(this Tensor x, Tensor mean, Tensor variance, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f)
    {
        CheckStatistics(x, mean, variance);
        TensorShape channels = ChannelShape(x.Rank, x.Shape[1]);
        Tensor scale = (variance + epsilon).ReciprocalSqrt().Reshape(channels);
        return ScaleChannels("batch_norm", (x - mean.Reshape(channels)) * scale, weight, bias);
    }

    /// <summary>Batch normalization with the batch's own statistics, updating running ones, as torch's batch_norm in training.</summary>
    /// <param name="x">[n, c, ..].</param>
    /// <param name="runningMean">Replaced by (1 - momentum) old + momentum mean; [c].</param>
    /// <param name="runningVariance">Likewise, with the unbiased variance; [c].</param>
    /// <param name="weight">[c] or null.</param>
    /// <param name="bias">[c] or null.</param>
    /// <param name="momentum">Share of the new statistics.</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    public static Tensor BatchNormTraining(
        this Tensor x, Tensor runningMean, Tensor runningVariance, Tensor? weight = null, Tensor? bias = null, float momentum = 0.1f, float epsilon = 1e-5f)
    {
        CheckStatistics(x, runningMean, runningVariance);
        int[] dimensions = [0, .. Enumerable.Range(2, x.Rank - 2)];
        int count = x.Length / Math.Max(x.Shape[1], 1);
        if (count < 2)
            throw new TensorShapeException("batch_norm", $"{x.Shape}", "more than one value per channel when training");
        Tensor mean = x.Mean(dimensions, keepDimensions: true);
        Tensor centered = x - mean;
        Tensor variance = centered.Square().Mean(dimensions, keepDimensions: true);
        using (Tape.NoGradient())
        {
            Blend(runningMean, mean.Reshape(runningMean.Shape), momentum);
            Blend(runningVariance, variance.Reshape(runningVariance.Shape) * ((float)count / Math.Max(count - 1, 1)), momentum);
        }

        return ScaleChannels("batch_norm", centered * (variance + epsilon).ReciprocalSqrt(), weight, bias);
    }

    private static void CheckGroups(Tensor x, int groups)
    {
        if (x.Rank < 2 || groups < 1 || x.Shape[1] % groups != 0)
            throw new TensorShapeException("group_norm", $"{x.Shape}, {groups} groups", "[n, c, ..] with c divisible by the groups");
    }

    private static Tensor NormalizeGroups(string operation, Tensor x, int groups, Tensor? weight, Tensor? bias, float epsilon)
    {
        int outer = x.Shape[0] * groups;
        Tensor y = Normalize(operation, x, null, null, new AxisExtent(outer, x.Length / Math.Max(outer, 1), 1), epsilon, subtractMean: true);
        return ScaleChannels(operation, y, weight, bias);
    }

    private static void CheckStatistics(Tensor x, Tensor mean, Tensor variance)
    {
        if (x.Rank < 2)
            throw new TensorShapeException("batch_norm", $"{x.Shape}", "[n, c, ..]");
        if (mean.Length != x.Shape[1] || variance.Length != x.Shape[1])
            throw new TensorShapeException("batch_norm", $"input {x.Shape}, mean {mean.Shape}, variance {variance.Shape}", $"mean and variance [{x.Shape[1]}]");
        CheckEngine("batch_norm", x, mean, variance);
    }

    private static void Blend(Tensor running, Tensor current, float momentum)
    {
        Tensor blended = (running.Detach() * (1 - momentum)) + (current * momentum);
        running.Backend.Copy(blended, running);
        GC.KeepAlive(blended);
    }

    private static Tensor ScaleChannels(string operation, Tensor x, Tensor? weight, Tensor? bias)
    {
        CheckFactor(operation, x, weight, x.Shape[1]);
        CheckFactor(operation, x, bias, x.Shape[1]);

        CheckEngine(operation, x, weight, bias);
        TensorShape channels = ChannelShape(x.Rank, x.Shape[1]);
        if (weight is not null)
            x *= weight.Reshape(channels);
        return bias is null ? x : x + bias.Reshape(channels);
    }

    private static Tensor Softmax(Tensor x, int dimension, bool logarithm)
    {
        AxisExtent extent = Extent(x.Shape, Dimension(logarithm ? "log_softmax" : "softmax", x, dimension), 1);
        Tensor y = Tensor.Empty(x.Shape, x.Backend);
        x.Backend.Softmax(x, extent, logarithm, y);
        return Tape.Record(y, "softmax", [x], (Y: y, Extent: extent, Logarithm: logarithm), static (dy, s) =>
        {
            Tensor dx = Tensor.Empty(s.Y.Shape, s.Y.Backend);
            s.Y.Backend.SoftmaxGradient(s.Y, dy, s.Extent, s.Logarithm, dx);
            return [dx];
        });
    }

    private static Tensor Normalize(
        string operation, Tensor x, Tensor? weight, Tensor? bias, AxisExtent extent, float epsilon, bool subtractMean)
    {
        CheckFactor(operation, x, weight, extent.Count);
        CheckFactor(operation, x, bias, extent.Count);
        CheckEngine(operation, x, weight, bias);
        Tensor y = Tensor.Empty(x.Shape, x.Backend);
        Tensor mean = Tensor.Empty([extent.Outer, extent.Inner], x.Backend);
        Tensor reciprocal = Tensor.Empty([extent.Outer, extent.Inner], x.Backend);
        x.Backend.Normalize(x, weight, bias, extent, epsilon, subtractMean, y, mean, reciprocal);
        // In place of a missing factor stands x, whose gradient from there is null.
        return Tape.Record(
            y, operation, [x, weight ?? x, bias ?? x],
            (X: x, Weight: weight, Bias: bias, Mean: mean, Reciprocal: reciprocal, Extent: extent, SubtractMean: subtractMean), static (dy, s) =>
            {
                Tensor dx = Tensor.Empty(s.X.Shape, s.X.Backend);
                Tensor? dweight = s.Weight is null ? null : Tensor.Empty(s.Weight.Shape, s.X.Backend);
                Tensor? dbias = s.Bias is null ? null : Tensor.Empty(s.Bias.Shape, s.X.Backend);
                s.X.Backend.NormalizeGradient(s.X, s.Weight, s.Mean, s.Reciprocal, dy, s.Extent, s.SubtractMean, dx, dweight, dbias);
                return [dx, dweight, dbias];
            });
    }

    private static void CheckFactor(string operation, Tensor x, Tensor? factor, int count)
    {
        if (factor is not null && factor.Length != count)
            throw new TensorShapeException(operation, $"{x.Shape}, weight or bias {factor.Shape}", $"[{count}]");
    }

    private static AxisExtent Extent(TensorShape shape, int first, int count)
    {
        int outer = 1;
        int middle = 1;
        for (int d = 0; d < first + count; d++)
        {
            if (d < first)
                outer *= shape.Sizes[d];
            else
                middle *= shape.Sizes[d];
        }

        return new AxisExtent(outer, middle, shape.Stride(first + count - 1));
    }
}
