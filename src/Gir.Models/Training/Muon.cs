using Gir.Models.Tensors;

namespace Gir.Models.Training;

/// <summary>
/// Muon (Jordan et al. 2024), scaled to Adam's learning rates (Liu et al., "Muon is scalable for LLM training", 2025): the momentum of a matrix is made nearly
/// orthogonal before the step, so that its rare directions move as far as its common ones. Convolutions [out, in, kh, kw] count as matrices of out rows.
/// Parameters of one dimension (biases, norms) and matrices with fewer than 16 rows or columns are moved by <see cref="Adam"/>.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class Muon : Optimizer
{
    private const int SmallestSide = 16;
    private const int Iterations = 5;

    // Root mean square of Adam's usual step, in units of the learning rate.
    private const double AdamStep = 0.2;

    private static readonly string[] s_names = ["muon.momentum"];

    private readonly Adam _adam;
    private readonly double _momentum;
    private readonly double _weightDecay;
    private readonly Tensor?[] _momenta;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="learningRate">Step size, as for <see cref="Adam"/>.</param>
    /// <param name="momentum">Decay of the momentum, in [0, 1).</param>
    /// <param name="beta1">For the others: Adam's decay of the first moment.</param>
    /// <param name="beta2">For the others: Adam's decay of the second moment.</param>
    /// <param name="weightDecay">Decoupled weight decay.</param>
    public Muon(
        IEnumerable<Tensor> parameters, double learningRate = 2e-4, double momentum = 0.95, double beta1 = 0.9, double beta2 = 0.999, double weightDecay = 0)
        : base(parameters, learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(momentum, 1);
        (_momentum, _weightDecay) = (momentum, weightDecay);
        _adam = new Adam(Parameters, learningRate, beta1, beta2, weightDecay: weightDecay, decoupled: true);
        _momenta = new Tensor?[Parameters.Count];
    }

    internal override IReadOnlyList<string> StateNames(int index) => IsMatrix(Parameters[index]) ? s_names : _adam.StateNames(index);

    internal override IReadOnlyList<Tensor>? StateOf(int index) =>
        !IsMatrix(Parameters[index]) ? _adam.StateOf(index) : _momenta[index] is { } momentum ? [momentum] : null;

    internal override void SetState(int index, IReadOnlyList<Tensor> state)
    {
        if (IsMatrix(Parameters[index]))
            state[0].Backend.Copy(state[0], _momenta[index] ??= ZerosLike(Parameters[index]));
        else
            _adam.SetState(index, state);
    }

    private protected override void Update(int index, Tensor parameter, Tensor gradient, double gradientScale)
    {
        if (!IsMatrix(parameter))
        {
            _adam.Move(index, parameter, gradient, gradientScale, LearningRate, StepCount);
            return;
        }

        using TensorScope scope = TensorScope.Enter();
        TensorBackend backend = parameter.Backend;
        Tensor momentum = _momenta[index] ??= ZerosLike(parameter);
        float taken = (float)((1 - _momentum) * gradientScale);
        // m <- mu m + (1 - mu) g, and Nesterov's look ahead: mu m + (1 - mu) g once more.
        backend.Copy(momentum * (float)_momentum, momentum);
        backend.AddScaled(gradient, taken, momentum);
        Tensor direction = momentum * (float)_momentum;
        backend.AddScaled(gradient, taken, direction);

        int rows = parameter.Shape[0];
        int columns = (int)(parameter.Length / rows);
        Tensor step = Orthogonalize(direction.Reshape(rows, columns));
        if (_weightDecay != 0)
            backend.AddScaled(parameter.Detach() * 1f, (float)(-LearningRate * _weightDecay), parameter);
        backend.AddScaled(step.Reshape(parameter.Shape), (float)(-LearningRate * AdamStep * Math.Sqrt(Math.Max(rows, columns))), parameter);
    }

    /// <summary>
    /// A matrix of the same singular vectors, its singular values between 0.7 and 1.2 where they were not tiny: five Newton-Schulz iterations
    /// x (a + b (x x') + c (x x')^2) with the coefficients of Jordan et al.
    /// </summary>
    internal static Tensor Orthogonalize(Tensor matrix)
    {
        const float A = 3.4445f, B = -4.7750f, C = 2.0315f;
        bool tall = matrix.Shape[0] > matrix.Shape[1];
        Tensor x = tall ? matrix.Transpose(0, 1) : matrix;
        x *= 1f / (MathF.Sqrt((x * x).Sum().Item()) + 1e-12f);
        TensorBackend backend = x.Backend;
        for (int i = 0; i < Iterations; i++)
        {
            Tensor gram = x.MatMulTransposed(x);
            Tensor factor = gram.MatMul(gram) * C;
            backend.AddScaled(gram, B, factor);
            Tensor next = factor.MatMul(x);
            backend.AddScaled(x, A, next);
            x = next;
        }

        return tall ? x.Transpose(0, 1) : x;
    }

    private static bool IsMatrix(Tensor parameter) =>
        parameter.Shape.Rank >= 2 && Math.Min(parameter.Shape[0], parameter.Length / parameter.Shape[0]) >= SmallestSide;
}
