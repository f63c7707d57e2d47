using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

/// <summary>
/// The differentiable operators. Each checks shapes, makes the output, runs the backend's kernel and notes on the tape how to go back.
/// Names and semantics are PyTorch's.
/// </summary>
/// <remarks>
/// Operands that do not fit are refused with a <see cref="TensorShapeException"/>, operands of two engines with an <see cref="ArgumentException"/>;
/// the message begins with the operator's name.
/// </remarks>
public static partial class TensorOps
{
    /// <summary>Elementwise a + b, broadcast.</summary>
    public static Tensor Add(this Tensor a, Tensor b) => Tape.Record(
        Binary("add", BinaryOperation.Add, a, b), "add", [a, b], (A: a, B: b),
        static (dy, s) => [s.A.IsSought ? dy.SumTo(s.A.Shape) : null, s.B.IsSought ? dy.SumTo(s.B.Shape) : null]);

    /// <summary>Elementwise a - b, broadcast.</summary>
    public static Tensor Subtract(this Tensor a, Tensor b) => Tape.Record(
        Binary("subtract", BinaryOperation.Subtract, a, b), "subtract", [a, b], (A: a, B: b),
        static (dy, s) => [s.A.IsSought ? dy.SumTo(s.A.Shape) : null, s.B.IsSought ? (-dy).SumTo(s.B.Shape) : null]);

    /// <summary>Elementwise a b, broadcast.</summary>
    public static Tensor Multiply(this Tensor a, Tensor b) => Tape.Record(
        Binary("multiply", BinaryOperation.Multiply, a, b), "multiply", [a, b], (A: a, B: b),
        static (dy, s) => [s.A.IsSought ? (dy * s.B).SumTo(s.A.Shape) : null, s.B.IsSought ? (dy * s.A).SumTo(s.B.Shape) : null]);

    /// <summary>Elementwise a / b, broadcast.</summary>
    public static Tensor Divide(this Tensor a, Tensor b)
    {
        Tensor y = Binary("divide", BinaryOperation.Divide, a, b);
        return Tape.Record(
            y, "divide", [a, b], (A: a, B: b, Y: y),
            static (dy, s) => [s.A.IsSought ? (dy / s.B).SumTo(s.A.Shape) : null, s.B.IsSought ? (-(dy * s.Y / s.B)).SumTo(s.B.Shape) : null]);
    }

    /// <summary>scale x + shift.</summary>
    public static Tensor ScaleAndShift(this Tensor x, float scale, float shift)
    {
        Tensor y = Tensor.Empty(x.Shape, x.Backend);
        x.Backend.ScaleAndShift(x, scale, shift, y);
        return Tape.Record(y, "scale_and_shift", [x], scale, static (dy, scale) => [dy.ScaleAndShift(scale, 0)]);
    }

    /// <summary>An elementwise function.</summary>
    public static Tensor Apply(this Tensor x, UnaryOperation operation)
    {
        Tensor y = Tensor.Empty(x.Shape, x.Backend);
        x.Backend.Unary(operation, x, y);
        return Tape.Record(y, "apply", [x], (Operation: operation, X: x, Y: y), static (dy, s) =>
            [Tape.IsRecording && !IsPiecewiseLinear(s.Operation.Function) ? dy * Derivative(s.Operation, s.X, s.Y) : Sloped(dy, s.Operation, s.X, s.Y)]);
    }

    /// <summary>max(x, 0).</summary>
    public static Tensor Relu(this Tensor x) => x.Apply(new(UnaryFunction.Relu));

    /// <summary>min(max(x, 0), 6); unlike a clamp, no gradient passes at either bound.</summary>
    public static Tensor Relu6(this Tensor x) => 6 - (6 - x.Relu()).Relu();

    /// <summary>x, or slope x where negative.</summary>
    public static Tensor LeakyRelu(this Tensor x, float slope = 0.01f) => x.Apply(new(UnaryFunction.LeakyRelu, slope));

    /// <summary>The Gaussian error linear unit, erf form.</summary>
    public static Tensor Gelu(this Tensor x) => x.Apply(new(UnaryFunction.Gelu));

    /// <summary>The logistic function.</summary>
    public static Tensor Sigmoid(this Tensor x) => x.Apply(new(UnaryFunction.Sigmoid));

    /// <summary>Hyperbolic tangent.</summary>
    public static Tensor Tanh(this Tensor x) => x.Apply(new(UnaryFunction.Tanh));

    /// <summary>x sigmoid(x).</summary>
    public static Tensor Silu(this Tensor x) => x.Apply(new(UnaryFunction.Silu));

    /// <summary>log(1 + exp(beta x)) / beta, linear beyond beta x = threshold.</summary>
    public static Tensor Softplus(this Tensor x, float beta = 1, float threshold = 20) => x.Apply(new(UnaryFunction.Softplus, beta, threshold));

    /// <summary>min(max(x / 6 + 1/2, 0), 1).</summary>
    public static Tensor HardSigmoid(this Tensor x) => x.Apply(new(UnaryFunction.HardSigmoid));

    /// <summary>x limited to [minimum, maximum]; the gradient passes where x lies within.</summary>
    public static Tensor Clamp(this Tensor x, float minimum = float.NegativeInfinity, float maximum = float.PositiveInfinity) =>
        x.Apply(new(UnaryFunction.Clamp, minimum, maximum));

    /// <summary>|x|.</summary>
    public static Tensor Abs(this Tensor x) => x.Apply(new(UnaryFunction.Abs));

    /// <summary>exp x.</summary>
    public static Tensor Exp(this Tensor x) => x.Apply(new(UnaryFunction.Exp));

    /// <summary>Natural logarithm.</summary>
    public static Tensor Log(this Tensor x) => x.Apply(new(UnaryFunction.Log));

    /// <summary>Square root.</summary>
    public static Tensor Sqrt(this Tensor x) => x.Apply(new(UnaryFunction.Sqrt));

    /// <summary>1 / sqrt x.</summary>
    public static Tensor ReciprocalSqrt(this Tensor x) => x.Apply(new(UnaryFunction.ReciprocalSqrt));

    /// <summary>x squared.</summary>
    public static Tensor Square(this Tensor x) => x.Apply(new(UnaryFunction.Square));

    /// <summary>The error function.</summary>
    public static Tensor Erf(this Tensor x) => x.Apply(new(UnaryFunction.Erf));

    /// <summary>max(x, 0) + weight min(x, 0), with one weight or one per channel (dimension 1).</summary>
    public static Tensor Prelu(this Tensor x, Tensor weight)
    {
        if (weight.Length != 1 && (x.Rank < 2 || weight.Length != x.Shape[1]))
            throw new TensorShapeException("prelu", $"input {x.Shape}, weight {weight.Shape}", "one weight, or one per channel");
        CheckEngine("prelu", x, weight);
        Tensor perChannel = weight.Reshape(ChannelShape(x.Rank, weight.Length));
        return x.Relu() - ((-x).Relu() * perChannel);
    }

    /// <summary>Elementwise product of the two halves of the channels (NAFNet's gate).</summary>
    public static Tensor SimpleGate(this Tensor x)
    {
        int half = x.Rank < 2 ? 0 : x.Shape[1] / 2;
        if (x.Rank < 2 || x.Shape[1] != 2 * half)
            throw new TensorShapeException("simple_gate", $"{x.Shape}", "[n, c, ..] with an even number of channels");
        int outer = x.Shape[0];
        Tensor y = Tensor.Empty(x.Shape.With(1, half), x.Backend);
        x.Backend.Gate(x, outer, y);
        return Tape.Record(y, "simple_gate", [x], (X: x, Outer: outer), static (dy, s) =>
        {
            Tensor dx = Tensor.Empty(s.X.Shape, s.X.Backend);
            s.X.Backend.GateGradient(s.X, dy, s.Outer, dx);
            return [dx];
        });
    }

    internal static TensorShape ChannelShape(int rank, int channels)
    {
        var sizes = new int[Math.Max(rank, 1)];
        Array.Fill(sizes, 1);
        sizes[rank < 2 ? 0 : 1] = channels;
        return TensorShape.Create(sizes);
    }

    private static Tensor Binary(string name, BinaryOperation operation, Tensor a, Tensor b)
    {
        TensorShape shape = TensorShape.Broadcast(a.Shape, b.Shape)
            ?? throw new TensorShapeException(name, $"{a.Shape} and {b.Shape}", "shapes that broadcast: equal sizes, or 1, from the last dimension on");
        CheckEngine(name, a, b);
        Tensor y = Tensor.Empty(shape, a.Backend);
        a.Backend.Binary(operation, a, b, y);
        return y;
    }

    /// <summary>Kernels hold pointers only: a tensor that nobody else holds must not be collected under them.</summary>
    internal static void KeepAlive(params ReadOnlySpan<Tensor?> operands)
    {
        foreach (Tensor? operand in operands)
            GC.KeepAlive(operand);
    }

    /// <summary>Refuses operands of several engines: a kernel reads only the memory of its own.</summary>
    /// <exception cref="ArgumentException">An operand belongs to another engine than the first.</exception>
    internal static void CheckEngine(string operation, Tensor first, params ReadOnlySpan<Tensor?> others)
    {
        foreach (Tensor? other in others)
        {
            if (other is null || first.Backend.Reads(other.Backend))
                continue;
            string engines = other.Backend.Name == first.Backend.Name
                ? $"{first.Shape} and {other.Shape} on two engines named '{first.Backend.Name}'"
                : $"{first.Shape} on engine '{first.Backend.Name}' and {other.Shape} on engine '{other.Backend.Name}'";
            throw new ArgumentException($"{operation}: found {engines}; expected all operands on one engine.");
        }
    }
}
