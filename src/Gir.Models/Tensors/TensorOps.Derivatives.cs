using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

/// <summary>Derivatives of elementwise functions as operators, for gradients that are differentiated themselves.</summary>
public static partial class TensorOps
{
    // Whose derivative is constant wherever it exists: what happens at a kink is left out, as everywhere in the field.
    private static bool IsPiecewiseLinear(UnaryFunction function) =>
        function is UnaryFunction.Relu or UnaryFunction.LeakyRelu or UnaryFunction.Clamp or UnaryFunction.Abs or UnaryFunction.HardSigmoid;

    // dy f'(x) by the engine's kernel; as a function of dy it is linear, and its own transpose. What f' depends on is not followed.
    private static Tensor Sloped(Tensor dy, UnaryOperation operation, Tensor x, Tensor y)
    {
        Tensor dx = Tensor.Empty(x.Shape, x.Backend);
        x.Backend.UnaryGradient(operation, x, y, dy, dx);
        return Tape.Record(dx, "apply_slope", [dy], (Operation: operation, X: x, Y: y), static (g, s) => [Sloped(g, s.Operation, s.X, s.Y)]);
    }

    // f'(x), y being f(x).
    private static Tensor Derivative(UnaryOperation operation, Tensor x, Tensor y)
    {
        switch (operation.Function)
        {
            case UnaryFunction.Gelu:
                Tensor density = (x.Square() * -0.5f).Exp() * (float)(1 / Math.Sqrt(2 * Math.PI));
                return (((x * (float)Math.Sqrt(0.5)).Erf() + 1) * 0.5f) + (x * density);
            case UnaryFunction.Sigmoid:
                return y * (1 - y);
            case UnaryFunction.Tanh:
                return 1 - y.Square();
            case UnaryFunction.Silu:
                Tensor sigmoid = x.Sigmoid();
                return sigmoid * ((x * (1 - sigmoid)) + 1);
            case UnaryFunction.Softplus:
                Tensor scaled = x * operation.A;
                // 1 beyond the threshold, where the function is a line.
                Tensor line = Sloped(Tensor.Ones(x.Shape, x.Backend), new(UnaryFunction.Relu), (scaled - operation.B).Detach(), y);
                return (scaled.Sigmoid() * (1 - line)) + line;
            case UnaryFunction.Exp:
                return y;
            case UnaryFunction.Log:
                return Tensor.Ones([], x.Backend) / x;
            case UnaryFunction.Sqrt:
                return Tensor.Full([], 0.5f, x.Backend) / y;
            case UnaryFunction.ReciprocalSqrt:
                return y.Square() * y * -0.5f;
            case UnaryFunction.Square:
                return x * 2;
            case UnaryFunction.Erf:
                return (-x.Square()).Exp() * (float)(2 / Math.Sqrt(Math.PI));
            default:
                throw new NotSupportedException($"The derivative of {operation.Function} is not known as an operator.");
        }
    }
}
