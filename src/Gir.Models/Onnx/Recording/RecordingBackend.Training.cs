using Gir.Models.Tensors;

namespace Gir.Models.Onnx.Recording;

/// <content>What only training asks for, or no network does.</content>
internal sealed partial class RecordingBackend
{
    /// <inheritdoc/>
    public override void UnaryGradient(UnaryOperation operation, Tensor x, Tensor y, Tensor dy, Tensor dx) => throw Gradients();

    /// <inheritdoc/>
    public override void GateGradient(Tensor x, Tensor dy, int outer, Tensor dx) => throw Gradients();

    /// <inheritdoc/>
    public override void MaxGradient(Tensor x, Tensor dy, int dimension, Tensor dx) => throw Gradients();

    /// <inheritdoc/>
    public override void Conv2dWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dweight) => throw Gradients();

    /// <inheritdoc/>
    public override void SoftmaxGradient(Tensor y, Tensor dy, in AxisExtent extent, bool logarithm, Tensor dx) => throw Gradients();

    /// <inheritdoc/>
    public override void NormalizeGradient(
        Tensor x, Tensor? weight, Tensor mean, Tensor reciprocal, Tensor dy, in AxisExtent extent, bool subtractMean, Tensor dx, Tensor? dweight, Tensor? dbias) =>
        throw Gradients();

    /// <inheritdoc/>
    public override void Pad2dGradient(Tensor dy, in Padding2d padding, Tensor dx) => throw Gradients();

    /// <inheritdoc/>
    public override void ScatterAdd(Tensor dy, int[] rows, Tensor dx) => throw Gradients();

    /// <inheritdoc/>
    public override void ResampleGradient(Tensor dy, ResamplingTaps rows, ResamplingTaps columns, Tensor dx) => throw Gradients();

    /// <inheritdoc/>
    public override void MaxPoolGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dx) => throw Gradients();

    /// <inheritdoc/>
    public override void AdamStep(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamStepSettings settings) => throw Gradients();

    /// <inheritdoc/>
    public override double SumOfSquares(Tensor x) => throw Gradients();

    /// <inheritdoc/>
    public override void Unfold(Tensor x, in Conv2dGeometry geometry, Tensor y) => throw NotRecorded("unfold");

    /// <inheritdoc/>
    public override void Fold(Tensor x, in Conv2dGeometry geometry, Tensor y) => throw NotRecorded("fold");

    /// <inheritdoc/>
    public override void MaxPool(Tensor x, in Conv2dGeometry geometry, Tensor y) => throw NotRecorded("max pooling");

    /// <inheritdoc/>
    public override void Attention(Tensor q, Tensor k, Tensor v, float scale, Tensor? bias, Tensor? mask, Tensor y) => throw NotRecorded("attention outside of windows");

    private static OnnxExportException Gradients() => NotRecorded("gradients or an optimizer's step");
}
