namespace Gir.Models.Onnx.Recording;

/// <summary>What a step does.</summary>
internal enum RecordedOperator
{
    /// <summary>An input of the network; setting: its name.</summary>
    Input,

    /// <summary>A weight of the network; setting: its key.</summary>
    Weight,

    /// <summary>Values that do not depend on the input; setting: their name in the <see cref="ConstantPool"/>.</summary>
    Constant,

    /// <summary>One value everywhere; reals: the value.</summary>
    Fill,

    /// <summary>The same values in another shape.</summary>
    Reshape,

    /// <summary>scale x + shift; reals: both.</summary>
    Scale,

    /// <summary>An elementwise function; setting: <see cref="Tensors.UnaryOperation"/>.</summary>
    Unary,

    /// <summary>An operation on two operands; setting: <see cref="Tensors.BinaryOperation"/>.</summary>
    Binary,

    /// <summary>The product of the halves of a dimension; setting: the dimension.</summary>
    Gate,

    /// <summary>Repeated to the output's shape.</summary>
    Expand,

    /// <summary>Sums over dimensions of which 1 remains; setting: <see cref="Axes"/>.</summary>
    Sum,

    /// <summary>The mean over dimensions of which 1 remains; setting: <see cref="Axes"/>.</summary>
    Mean,

    /// <summary>The largest value along a dimension; setting: the dimension.</summary>
    Max,

    /// <summary>A matrix product, perhaps with a bias; setting: which operands are transposed.</summary>
    MatMul,

    /// <summary>A convolution, perhaps with a bias; setting: <see cref="Tensors.Conv2dGeometry"/>.</summary>
    Convolution,

    /// <summary>A transposed convolution, perhaps with a bias; setting: the geometry and the output's additional rows and columns.</summary>
    TransposedConvolution,

    /// <summary>Softmax along a dimension; setting: the dimension and whether the logarithm is wanted.</summary>
    Softmax,

    /// <summary>Normalization over dimensions; setting: <see cref="NormalizationStep"/>.</summary>
    Normalization,

    /// <summary>Dimensions in another order; setting: the order, as <see cref="Axes"/>.</summary>
    Permute,

    /// <summary>A part; sizes: starts, counts, steps of all dimensions.</summary>
    Slice,

    /// <summary>Several tensors one after another; setting: the dimension.</summary>
    Concatenate,

    /// <summary>Padding of the last two dimensions; setting: the mode, reals: the constant, sizes: left, right, top, bottom.</summary>
    Pad,

    /// <summary>Rows of a table; setting: their numbers in the <see cref="ConstantPool"/>.</summary>
    Gather,

    /// <summary>Resampling of the last two dimensions; setting: <see cref="ResamplingStep"/>.</summary>
    Resample,

    /// <summary>Attention inside windows; setting: <see cref="WindowAttentionStep"/>.</summary>
    WindowAttention,
}

/// <summary>Dimensions, compared by value.</summary>
internal readonly record struct Axes(string Text)
{
    public static Axes Of(IEnumerable<int> axes) => new(string.Join(',', axes));

    public long[] ToArray() => Text.Length == 0 ? [] : [.. Text.Split(',').Select(t => long.Parse(t, System.Globalization.CultureInfo.InvariantCulture))];
}

/// <summary>How a tensor is normalized; where no dimensions of its own fit, it is seen as [outer, n, inner].</summary>
internal readonly record struct NormalizationStep(Axes? Axes, float Epsilon, bool SubtractMean, bool HasWeight, bool HasBias);

/// <summary>How an image is resampled.</summary>
internal readonly record struct ResamplingStep(Tensors.InterpolationMode Mode, bool AlignsCorners);

/// <summary>Attention inside windows, and which of its optional operands there are.</summary>
internal readonly record struct WindowAttentionStep(Tensors.AttentionWindows Windows, bool HasBias, bool HasMask);

/// <summary>One operation of a forward pass for inputs of one size.</summary>
/// <param name="Operator">What it does.</param>
/// <param name="Setting">What does not depend on the size of the inputs; compared by value.</param>
/// <param name="Inputs">The numbers of the steps whose outputs it takes.</param>
/// <param name="Shape">The shape of its output.</param>
/// <param name="Sizes">Whole numbers that may depend on the size of the inputs.</param>
/// <param name="Reals">Numbers that may depend on it.</param>
internal sealed record RecordedStep(RecordedOperator Operator, object? Setting, int[] Inputs, int[] Shape, int[] Sizes, float[] Reals);
