namespace Gir.Models.Tensors;

/// <summary>An elementwise function.</summary>
public enum UnaryFunction
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x, or A x where x is negative.</summary>
    LeakyRelu,

    /// <summary>x (1 + erf(x / sqrt 2)) / 2.</summary>
    Gelu,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>x sigmoid(x).</summary>
    Silu,

    /// <summary>log(1 + exp(A x)) / A, linear beyond A x = B.</summary>
    Softplus,

    /// <summary>min(max(x / 6 + 1/2, 0), 1).</summary>
    HardSigmoid,

    /// <summary>min(max(x, A), B).</summary>
    Clamp,

    /// <summary>|x|; the derivative at 0 is 0.</summary>
    Abs,

    /// <summary>exp x.</summary>
    Exp,

    /// <summary>Natural logarithm.</summary>
    Log,

    /// <summary>Square root.</summary>
    Sqrt,

    /// <summary>1 / sqrt x.</summary>
    ReciprocalSqrt,

    /// <summary>x squared.</summary>
    Square,

    /// <summary>The error function.</summary>
    Erf,
}

/// <summary>An elementwise function with its constants.</summary>
/// <param name="Function">The function.</param>
/// <param name="A">Its first constant.</param>
/// <param name="B">Its second constant.</param>
public readonly record struct UnaryOperation(UnaryFunction Function, float A = 0, float B = 0);

/// <summary>An elementwise operation on two operands.</summary>
public enum BinaryOperation
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Subtract,

    /// <summary>a b.</summary>
    Multiply,

    /// <summary>a / b.</summary>
    Divide,
}

/// <summary>The geometry of a convolution, pooling or unfolding window.</summary>
/// <param name="KernelHeight">Rows of the window.</param>
/// <param name="KernelWidth">Columns of the window.</param>
/// <param name="Stride">Steps between windows, in both directions.</param>
/// <param name="Padding">Zeros on every side.</param>
/// <param name="Dilation">Distance of neighboring taps.</param>
/// <param name="Groups">Independent groups of channels.</param>
public readonly record struct Conv2dGeometry(int KernelHeight, int KernelWidth, int Stride = 1, int Padding = 0, int Dilation = 1, int Groups = 1)
{
    /// <summary>Rows of the output for rows of the input.</summary>
    public int OutputHeight(int height) => Output(height, KernelHeight);

    /// <summary>Columns of the output for columns of the input.</summary>
    public int OutputWidth(int width) => Output(width, KernelWidth);

    private int Output(int size, int kernel)
    {
        long room = size + (2L * Padding) - ((long)Dilation * (kernel - 1)) - 1;
        return room < 0 ? 0 : (int)Math.Min((room / Stride) + 1, int.MaxValue);
    }
}

/// <summary>A tensor seen as [outer, n, inner], C order.</summary>
/// <param name="Outer">Product of the sizes before the axes of interest.</param>
/// <param name="Count">Product of the sizes of the axes of interest.</param>
/// <param name="Inner">Product of the sizes after them.</param>
public readonly record struct AxisExtent(int Outer, int Count, int Inner);

/// <summary>What padding repeats.</summary>
public enum TensorPadMode
{
    /// <summary>A constant.</summary>
    Constant,

    /// <summary>Mirrored without the edge.</summary>
    Reflect,

    /// <summary>The edge.</summary>
    Replicate,

    /// <summary>The opposite side.</summary>
    Circular,
}

/// <summary>Padding of the last two dimensions.</summary>
/// <param name="Mode">What is repeated.</param>
/// <param name="Left">Columns before.</param>
/// <param name="Right">Columns after.</param>
/// <param name="Top">Rows above.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Value">The constant of constant padding.</param>
public readonly record struct Padding2d(TensorPadMode Mode, int Left, int Right, int Top, int Bottom, float Value = 0);

/// <summary>For every output position the input positions and weights that it is the sum of.</summary>
/// <param name="InputSize">Positions of the input.</param>
/// <param name="OutputSize">Positions of the output.</param>
/// <param name="TapCount">Taps per output position.</param>
/// <param name="Indices">Input positions, TapCount per output position.</param>
/// <param name="Weights">Weights, likewise.</param>
public sealed record ResamplingTaps(int InputSize, int OutputSize, int TapCount, int[] Indices, float[] Weights);

/// <summary>One step of Adam (Kingma, Ba 2015) or AdamW (Loshchilov, Hutter 2019).</summary>
/// <param name="LearningRate">Step size.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">Weight decay.</param>
/// <param name="DecoupledDecay">True: AdamW; false: added to the gradient.</param>
/// <param name="Step">Number of this step, from 1.</param>
/// <param name="GradientScale">Multiplies the gradient first (clipping).</param>
public readonly record struct AdamStepSettings(
    double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, bool DecoupledDecay, long Step, double GradientScale);
