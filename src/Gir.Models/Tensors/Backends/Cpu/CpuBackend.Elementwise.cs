using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Fill(Tensor y, float value) => ForChunks(y.Length, (start, end) => new Span<float>(Of(y) + start, end - start).Fill(value));

    /// <inheritdoc/>
    public override void Copy(Tensor x, Tensor y) =>
        ForChunks(y.Length, (start, end) => new Span<float>(Of(x) + start, end - start).CopyTo(new Span<float>(Of(y) + start, end - start)));

    /// <inheritdoc/>
    public override void AddScaled(Tensor x, float alpha, Tensor y) =>
        ForChunks(y.Length, (start, end) => Elementwise.Run(new AddScaledLanes(alpha), Of(x) + start, Of(y) + start, null, Of(y) + start, end - start));

    /// <inheritdoc/>
    public override void ScaleAndShift(Tensor x, float scale, float shift, Tensor y) =>
        ForChunks(y.Length, (start, end) => Elementwise.Run(new ScaleAndShiftLanes(scale, shift), Of(x) + start, null, null, Of(y) + start, end - start));

    /// <inheritdoc/>
    public override void Unary(UnaryOperation operation, Tensor x, Tensor y)
    {
        switch (operation.Function)
        {
            case UnaryFunction.Relu:
                Forward<ReluLanes>(operation, x, y);
                break;
            case UnaryFunction.LeakyRelu:
                Forward<LeakyReluLanes>(operation, x, y);
                break;
            case UnaryFunction.Gelu:
                Forward<GeluLanes>(operation, x, y);
                break;
            case UnaryFunction.Sigmoid:
                Forward<SigmoidLanes>(operation, x, y);
                break;
            case UnaryFunction.Tanh:
                Forward<TanhLanes>(operation, x, y);
                break;
            case UnaryFunction.Silu:
                Forward<SiluLanes>(operation, x, y);
                break;
            case UnaryFunction.Softplus:
                Forward<SoftplusLanes>(operation, x, y);
                break;
            case UnaryFunction.HardSigmoid:
                Forward<HardSigmoidLanes>(operation, x, y);
                break;
            case UnaryFunction.Clamp:
                Forward<ClampLanes>(operation, x, y);
                break;
            case UnaryFunction.Abs:
                Forward<AbsLanes>(operation, x, y);
                break;
            case UnaryFunction.Exp:
                Forward<ExpLanes>(operation, x, y);
                break;
            case UnaryFunction.Log:
                Forward<LogLanes>(operation, x, y);
                break;
            case UnaryFunction.Sqrt:
                Forward<SqrtLanes>(operation, x, y);
                break;
            case UnaryFunction.ReciprocalSqrt:
                Forward<ReciprocalSqrtLanes>(operation, x, y);
                break;
            case UnaryFunction.Square:
                Forward<SquareLanes>(operation, x, y);
                break;
            case UnaryFunction.Erf:
                Forward<ErfLanes>(operation, x, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation.Function, "Unknown function.");
        }
    }

    /// <inheritdoc/>
    public override void UnaryGradient(UnaryOperation operation, Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        switch (operation.Function)
        {
            case UnaryFunction.Relu:
                Gradient<ReluLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.LeakyRelu:
                Gradient<LeakyReluLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Gelu:
                Gradient<GeluLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Sigmoid:
                Gradient<SigmoidLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Tanh:
                Gradient<TanhLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Silu:
                Gradient<SiluLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Softplus:
                Gradient<SoftplusLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.HardSigmoid:
                Gradient<HardSigmoidLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Clamp:
                Gradient<ClampLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Abs:
                Gradient<AbsLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Exp:
                Gradient<ExpLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Log:
                Gradient<LogLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Sqrt:
                Gradient<SqrtLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.ReciprocalSqrt:
                Gradient<ReciprocalSqrtLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Square:
                Gradient<SquareLanes>(operation, x, y, dy, dx);
                break;
            case UnaryFunction.Erf:
                Gradient<ErfLanes>(operation, x, y, dy, dx);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation.Function, "Unknown function.");
        }
    }

    /// <inheritdoc/>
    public override void Binary(BinaryOperation operation, Tensor a, Tensor b, Tensor y)
    {
        switch (operation)
        {
            case BinaryOperation.Add:
                Binary(new AddLanes(), a, b, y);
                break;
            case BinaryOperation.Subtract:
                Binary(new SubtractLanes(), a, b, y);
                break;
            case BinaryOperation.Multiply:
                Binary(new MultiplyLanes(), a, b, y);
                break;
            default:
                Binary(new DivideLanes(), a, b, y);
                break;
        }
    }

    private void Forward<TFunction>(UnaryOperation operation, Tensor x, Tensor y)
        where TFunction : IUnaryLanes =>
        ForChunks(y.Length, (start, end) => Elementwise.Run(new ForwardLanes<TFunction>(operation), Of(x) + start, null, null, Of(y) + start, end - start));

    private void Gradient<TFunction>(UnaryOperation operation, Tensor x, Tensor y, Tensor dy, Tensor dx)
        where TFunction : IUnaryLanes =>
        ForChunks(dx.Length, (start, end) =>
            Elementwise.Run(new GradientLanes<TFunction>(operation), Of(x) + start, Of(y) + start, Of(dy) + start, Of(dx) + start, end - start));

    private void Binary<TFunction>(TFunction function, Tensor a, Tensor b, Tensor y)
        where TFunction : struct, ILaneFunction
    {
        var walk = new BroadcastWalk(a.Shape, b.Shape, y.Shape);
        if (walk.Rows == 1)
        {
            ForChunks(walk.RowLength, (start, end) => Elementwise.Run(
                function, Of(a) + (walk.RepeatA ? 0 : start), Of(b) + (walk.RepeatB ? 0 : start), null, Of(y) + start, end - start, walk.RepeatA, walk.RepeatB));
            return;
        }

        ForRows(walk.Rows, walk.RowLength, (start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                (int offsetA, int offsetB) = walk.Offsets(row);
                Elementwise.Run(
                    function, Of(a) + offsetA, Of(b) + offsetB, null, Of(y) + ((long)row * walk.RowLength), walk.RowLength, walk.RepeatA, walk.RepeatB);
            }
        });
    }
}
