using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Dasr;

/// <summary>
/// Blind restoration that learns to tell degradations apart without labels and adapts its kernels to them (Wang, Wang, Dong, Xu, Yang, An, Guo:
/// "Unsupervised Degradation Representation Learning for Blind Super-Resolution", CVPR 2021, figures 2 and 3): 7,248,091 parameters at scale 4,
/// 6,952,667 at scale 1, both encoders counted. Inputs and outputs are in 0..255 where <see cref="DasrOptions.ShiftsMean"/>.
/// </summary>
internal sealed class Dasr : Module
{
    private readonly DasrGenerator _generator;
    private readonly MomentumContrast _contrast;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Dasr(DasrOptions? options = null)
    {
        options ??= new();
        options.Validate();
        var layers = new LayerFactory(options.Seed);
        _generator = Child("G", new DasrGenerator(options, layers));
        _contrast = Child("E", new MomentumContrast(options, layers));
    }

    /// <summary>Keys that the contrast remembers; batches must divide it.</summary>
    public int QueueLength => _contrast.QueueLength;

    /// <summary>Whether batch normalization uses and remembers the batch's own statistics; set it around <see cref="Train"/>.</summary>
    public bool IsTraining
    {
        get => _contrast.IsTraining;
        set => _contrast.IsTraining = value;
    }

    /// <summary>
    /// The training form: restores the queries and contrasts their degradations with those of the keys and of earlier batches. Moves the key encoder
    /// after the query encoder and puts the keys into the queue.
    /// </summary>
    /// <param name="queries">Patches [n, 3, h, w]; n divides the queue's length.</param>
    /// <param name="keys">Other patches of the same images with the same degradations, same shape.</param>
    /// <returns>The restored queries, and logits [n, 1 + queue] for <see cref="ContrastiveLoss"/>.</returns>
    /// <exception cref="TensorShapeException">The shapes differ, or n does not divide the queue's length.</exception>
    public (Tensor Restored, Tensor Logits) Train(Tensor queries, Tensor keys)
    {
        CheckPair(queries, keys);
        (Tensor code, Tensor logits) = _contrast.Contrast(queries, keys);
        return (_generator.Call(queries, code), logits);
    }

    /// <summary>The contrast alone, to train the degradation encoder before the rest; otherwise as <see cref="Train"/>.</summary>
    /// <returns>Logits [n, 1 + queue] for <see cref="ContrastiveLoss"/>.</returns>
    /// <inheritdoc cref="Train"/>
    public Tensor Contrast(Tensor queries, Tensor keys)
    {
        CheckPair(queries, keys);
        return _contrast.Contrast(queries, keys).Logits;
    }

    private static void CheckPair(Tensor queries, Tensor keys)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(keys);
        if (queries.Rank != 4 || queries.Shape != keys.Shape || queries.Shape[1] != 3)
            throw new TensorShapeException("dasr", $"queries {queries.Shape}, keys {keys.Shape}", "two batches [n, 3, h, w] of the same shape");
    }

    /// <summary>The degradation codes of images: [n, 3, h, w] to [n, d].</summary>
    public Tensor Encode(Tensor x) => _contrast.Call(x);

    /// <summary>Cross entropy of logits [n, 1 + queue] against class 0, the pair's (InfoNCE; Wang et al. 2021, equation 1), averaged over n.</summary>
    public static Tensor ContrastiveLoss(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Rank != 2)
            throw new TensorShapeException("contrastive_loss", $"{logits.Shape}", "[n, classes]");
        Tensor largest = logits.Detach().Max(1, keepDimensions: true);
        Tensor shifted = logits - largest;
        return (shifted.Exp().Sum([1], keepDimensions: true).Log() - shifted.Narrow(1, 0, 1)).Mean();
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => _generator.Call(x, Encode(x));
}
