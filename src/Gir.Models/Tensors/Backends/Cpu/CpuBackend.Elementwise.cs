using System.Runtime.CompilerServices;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Fill(Tensor y, float value) => _pool.Run(Parts(y.Length), new FillJob(Of(y), y.Length, value));

    /// <inheritdoc/>
    public override void Copy(Tensor x, Tensor y) => _pool.Run(Parts(y.Length), new CopyJob(Of(x), Of(y), y.Length));

    /// <inheritdoc/>
    public override void AddScaled(Tensor x, float alpha, Tensor y) => Each(new AddScaledLanes(alpha), Of(x), Of(y), null, y);

    /// <inheritdoc/>
    public override void ScaleAndShift(Tensor x, float scale, float shift, Tensor y) => Each(new ScaleAndShiftLanes(scale, shift), Of(x), null, null, y);

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

    /// <inheritdoc/>
    public override void Gate(Tensor x, int outer, Tensor y)
    {
        int half = y.Length / Math.Max(outer, 1);
        _pool.Run(outer * Parts(half), new GateJob { Half = half, X = Of(x), Y = Of(y) });
    }

    /// <inheritdoc/>
    public override void GateGradient(Tensor x, Tensor dy, int outer, Tensor dx)
    {
        int half = dy.Length / Math.Max(outer, 1);
        _pool.Run(outer * Parts(half), new GateGradientJob { Half = half, X = Of(x), Dy = Of(dy), Dx = Of(dx) });
    }

    private void Forward<TFunction>(UnaryOperation operation, Tensor x, Tensor y)
        where TFunction : IUnaryLanes =>
        Each(new ForwardLanes<TFunction>(operation), Of(x), null, null, y);

    private void Gradient<TFunction>(UnaryOperation operation, Tensor x, Tensor y, Tensor dy, Tensor dx)
        where TFunction : IUnaryLanes =>
        Each(new GradientLanes<TFunction>(operation), Of(dy), TFunction.GradientReadsX ? Of(x) : null, TFunction.GradientReadsY ? Of(y) : null, dx);

    private void Binary<TFunction>(TFunction function, Tensor a, Tensor b, Tensor y)
        where TFunction : struct, ILaneFunction
    {
        var walk = new BroadcastWalk(a.Shape, b.Shape, y.Shape);
        if (walk.Rows == 1)
        {
            _pool.Run(Parts(y.Length), new ElementwiseJob<TFunction>
            {
                Function = function, A = Of(a), B = Of(b), Y = Of(y), Length = y.Length, RepeatA = walk.RepeatA, RepeatB = walk.RepeatB,
            });
            return;
        }

        int group = RowsPerPart(walk.RowLength);
        _pool.Run(Parts(walk.Rows, group), new BroadcastJob<TFunction> { Function = function, Walk = walk, Group = group, A = Of(a), B = Of(b), Y = Of(y) });
    }

    // y = f(a, b, c), all of one length.
    private void Each<TFunction>(TFunction function, float* a, float* b, float* c, Tensor y)
        where TFunction : struct, ILaneFunction =>
        _pool.Run(Parts(y.Length), new ElementwiseJob<TFunction> { Function = function, A = a, B = b, C = c, Y = Of(y), Length = y.Length });

    private readonly struct FillJob(float* y, int length, float value) : IPoolJob
    {
        private readonly float* _y = y;

        public void Run(int part) => new Span<float>(_y + ((long)part * Chunk), Math.Min(Chunk, length - (part * Chunk))).Fill(value);
    }

    private readonly struct CopyJob(float* x, float* y, int length) : IPoolJob
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Run(int part)
        {
            int start = part * Chunk;
            int count = Math.Min(Chunk, length - start);
            new Span<float>(_x + start, count).CopyTo(new Span<float>(_y + start, count));
        }
    }

    private readonly struct ElementwiseJob<TFunction> : IPoolJob
        where TFunction : struct, ILaneFunction
    {
        public TFunction Function { get; init; }

        public float* A { get; init; }

        public float* B { get; init; }

        public float* C { get; init; }

        public float* Y { get; init; }

        public int Length { get; init; }

        public bool RepeatA { get; init; }

        public bool RepeatB { get; init; }

        public void Run(int part)
        {
            int start = part * Chunk;
            Elementwise.Run(
                Function, At(A, RepeatA ? 0 : start), At(B, RepeatB ? 0 : start), At(C, start), Y + start, Math.Min(Chunk, Length - start), RepeatA, RepeatB);
        }

        private static float* At(float* operand, int start) => operand == null ? null : operand + start;
    }

    private readonly struct GateJob : IPoolJob
    {
        public int Half { get; init; }

        public float* X { get; init; }

        public float* Y { get; init; }

        public void Run(int part)
        {
            (int outer, int chunk) = Math.DivRem(part, Parts(Half));
            int start = chunk * Chunk;
            float* first = X + (2L * outer * Half) + start;
            Elementwise.Run(default(MultiplyLanes), first, first + Half, null, Y + ((long)outer * Half) + start, Math.Min(Chunk, Half - start));
        }
    }

    private readonly struct GateGradientJob : IPoolJob
    {
        public int Half { get; init; }

        public float* X { get; init; }

        public float* Dy { get; init; }

        public float* Dx { get; init; }

        public void Run(int part)
        {
            (int outer, int chunk) = Math.DivRem(part, Parts(Half));
            int start = chunk * Chunk;
            int count = Math.Min(Chunk, Half - start);
            long first = (2L * outer * Half) + start;
            float* gradient = Dy + ((long)outer * Half) + start;
            Elementwise.Run(default(MultiplyLanes), gradient, X + first + Half, null, Dx + first, count);
            Elementwise.Run(default(MultiplyLanes), gradient, X + first, null, Dx + first + Half, count);
        }
    }

    private readonly struct BroadcastJob<TFunction> : IPoolJob
        where TFunction : struct, ILaneFunction
    {
        public TFunction Function { get; init; }

        public BroadcastWalk Walk { get; init; }

        public int Group { get; init; }

        public float* A { get; init; }

        public float* B { get; init; }

        public float* Y { get; init; }

        // A few calls have hundreds of short rows each: it must not begin in the slow code of the first tier.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int part)
        {
            BroadcastWalk walk = Walk;
            int length = walk.RowLength;
            int first = part * Group;
            int end = first + Math.Min(Group, walk.Rows - first);
            for (int row = first; row < end; row++)
            {
                (int offsetA, int offsetB) = walk.Offsets(row);
                Elementwise.Run(Function, A + offsetA, B + offsetB, null, Y + ((long)row * length), length, walk.RepeatA, walk.RepeatB);
            }
        }
    }
}
