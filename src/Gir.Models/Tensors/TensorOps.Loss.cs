namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>Mean absolute difference.</summary>
    public static Tensor L1Loss(this Tensor input, Tensor target) => Difference("l1_loss", input, target).Abs().Mean();

    /// <summary>Mean squared difference.</summary>
    public static Tensor MeanSquaredErrorLoss(this Tensor input, Tensor target) => Difference("mse_loss", input, target).Square().Mean();

    /// <summary>Mean of sqrt(d^2 + epsilon) (Charbonnier et al. 1994; BasicSR adds epsilon, others its square: pass what you mean).</summary>
    public static Tensor CharbonnierLoss(this Tensor input, Tensor target, float epsilon = 1e-12f) =>
        (Difference("charbonnier_loss", input, target).Square() + epsilon).Sqrt().Mean();

    /// <summary>10 / ln 10 times the mean over images of log(MSE + epsilon): minus the PSNR (NAFNet, HINet; both add 1e-8).</summary>
    public static Tensor PsnrLoss(this Tensor input, Tensor target, float epsilon = 1e-8f)
    {
        Tensor difference = Difference("psnr_loss", input, target);
        if (input.Rank < 2)
            throw new TensorShapeException("psnr_loss", $"{input.Shape}", "[n, ..], a mean over each image");
        int[] inner = [.. Enumerable.Range(1, input.Rank - 1)];
        return (difference.Square().Mean(inner, keepDimensions: false) + epsilon).Log().Mean() * (float)(10 / Math.Log(10));
    }

    /// <summary>Mean of d^2 / (2 beta) where |d| is below beta, |d| - beta / 2 elsewhere (Huber).</summary>
    public static Tensor SmoothL1Loss(this Tensor input, Tensor target, float beta = 1)
    {
        if (!(beta > 0))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "Expected more than 0; L1Loss is the limit.");
        Tensor magnitude = Difference("smooth_l1_loss", input, target).Abs();
        Tensor inside = magnitude.Clamp(maximum: beta);
        // With m = min(|d|, beta): m^2 / (2 beta) + (|d| - m) is the quadratic below beta and the line above it.
        return ((inside.Square() * (0.5f / beta)) + (magnitude - inside)).Mean();
    }

    /// <summary>Mean binary cross entropy of logits against probabilities.</summary>
    public static Tensor BinaryCrossEntropyWithLogits(this Tensor logits, Tensor probabilities)
    {
        CheckSame("bce_with_logits", logits, probabilities);
        return (logits.Relu() - (logits * probabilities) + ((-logits.Abs()).Exp() + 1).Log()).Mean();
    }

    /// <summary>Mean cross entropy of logits [n, classes] against class numbers.</summary>
    public static Tensor CrossEntropy(this Tensor logits, ReadOnlySpan<int> classes)
    {
        if (logits.Rank != 2 || logits.Shape[0] != classes.Length)
            throw new TensorShapeException("cross_entropy", $"logits {logits.Shape}, {classes.Length} classes", "[n, classes] and n class numbers");
        int width = logits.Shape[1];
        var rows = new int[classes.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)classes[i] >= (uint)width)
                throw new TensorShapeException("cross_entropy", $"class {classes[i]}", $"0..{width - 1}");
            rows[i] = (i * width) + classes[i];
        }

        return -logits.LogSoftmax(1).Reshape(logits.Length, 1).GatherRows(rows).Mean();
    }

    private static Tensor Difference(string operation, Tensor input, Tensor target)
    {
        CheckSame(operation, input, target);
        return input - target;
    }

    private static void CheckSame(string operation, Tensor input, Tensor target)
    {
        if (input.Shape != target.Shape)
            throw new TensorShapeException(operation, $"input {input.Shape}, target {target.Shape}", "equal shapes");
        CheckEngine(operation, input, target);
    }
}
