using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Training;

/// <summary>Moves parameters against their gradients.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public abstract class Optimizer
{
    private protected Optimizer(IEnumerable<Tensor> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(learningRate);
        Parameters = [.. parameters];
        if (Parameters.FirstOrDefault(p => p.Storage.IsCompact) is { } compact)
            throw new ArgumentException($"The weight {compact.Shape} was loaded compact, for inference; load the network without CompactWeights to train it.", nameof(parameters));
        LearningRate = learningRate;
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>Step size; set by the schedule before each step.</summary>
    public double LearningRate { get; set; }

    /// <summary>Steps taken.</summary>
    public long StepCount { get; set; }

    /// <summary>One step; parameters without a gradient stay as they are.</summary>
    /// <param name="gradientScale">Multiplies all gradients, e.g. the result of <see cref="GradientClipping.Scale"/>.</param>
    public void Step(double gradientScale = 1)
    {
        StepCount++;
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].Gradient is { } gradient)
            {
                TensorOps.CheckEngine("optimizer step", Parameters[i], gradient);
                Update(i, Parameters[i], gradient, gradientScale);
                GC.KeepAlive(gradient);
            }
        }

        // Parameters and moments are reachable through it.
        GC.KeepAlive(this);
    }

    /// <summary>Hands the gradients' memory back: they belong to no scope, and serve the next step instead of waiting for a collection.</summary>
    internal void ReleaseGradients()
    {
        foreach (Tensor parameter in Parameters)
        {
            parameter.Gradient?.Storage.Release();
            parameter.Gradient = null;
        }
    }

    /// <summary>Names, in checkpoints, of what is kept from step to step for a parameter: tensors of its shape.</summary>
    internal abstract IReadOnlyList<string> StateNames(int index);

    /// <summary>What is kept for a parameter, in the order of the names; null before its first step.</summary>
    internal abstract IReadOnlyList<Tensor>? StateOf(int index);

    /// <summary>Restores what was kept, copying it.</summary>
    internal abstract void SetState(int index, IReadOnlyList<Tensor> state);

    private protected abstract void Update(int index, Tensor parameter, Tensor gradient, double gradientScale);

    private protected static Tensor ZerosLike(Tensor parameter)
    {
        using TensorScope persistent = TensorScope.Suspend();
        return Tensor.Zeros(parameter.Shape, parameter.Backend);
    }
}

/// <summary>Adam (Kingma, Ba 2015), and AdamW (Loshchilov, Hutter 2019) with decoupled weight decay; as in torch.optim.</summary>
public sealed class Adam : Optimizer
{
    private static readonly string[] s_names = ["adam.first", "adam.second"];

    private readonly AdamStepSettings _settings;
    private readonly Tensor?[] _first;
    private readonly Tensor?[] _second;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="beta1">Decay of the first moment.</param>
    /// <param name="beta2">Decay of the second moment.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    /// <param name="weightDecay">Weight decay.</param>
    /// <param name="decoupled">True: AdamW; false: L2 regularization.</param>
    public Adam(
        IEnumerable<Tensor> parameters, double learningRate = 2e-4, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        double weightDecay = 0, bool decoupled = false)
        : base(parameters, learningRate)
    {
        _settings = new AdamStepSettings(0, beta1, beta2, epsilon, weightDecay, decoupled, 0, 1);
        _first = new Tensor?[Parameters.Count];
        _second = new Tensor?[Parameters.Count];
    }

    /// <summary>First and second moment of a parameter, for checkpoints; null before its first step.</summary>
    public (Tensor First, Tensor Second)? Moments(int index) =>
        _first[index] is { } first && _second[index] is { } second ? (first, second) : null;

    /// <summary>Restores the moments of a parameter, copying them.</summary>
    public void SetMoments(int index, Tensor first, Tensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Shape != Parameters[index].Shape || second.Shape != Parameters[index].Shape)
            throw new TensorShapeException("adam moments", $"{first.Shape} and {second.Shape}", $"{Parameters[index].Shape}");
        TensorOps.CheckEngine("adam moments", Parameters[index], first, second);
        // Copies: the values given may belong to a scope, or to a file that is closed.
        first.Backend.Copy(first, _first[index] ??= ZerosLike(Parameters[index]));
        second.Backend.Copy(second, _second[index] ??= ZerosLike(Parameters[index]));
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }

    internal override IReadOnlyList<string> StateNames(int index) => s_names;

    internal override IReadOnlyList<Tensor>? StateOf(int index) => Moments(index) is { } moments ? [moments.First, moments.Second] : null;

    internal override void SetState(int index, IReadOnlyList<Tensor> state) => SetMoments(index, state[0], state[1]);

    /// <summary>Moves one parameter, for an optimizer that moves others in its own way.</summary>
    internal void Move(int index, Tensor parameter, Tensor gradient, double gradientScale, double learningRate, long step)
    {
        Tensor first = _first[index] ??= ZerosLike(parameter);
        Tensor second = _second[index] ??= ZerosLike(parameter);
        parameter.Backend.AdamStep(
            parameter, gradient, first, second, _settings with { LearningRate = learningRate, Step = step, GradientScale = gradientScale });
    }

    private protected override void Update(int index, Tensor parameter, Tensor gradient, double gradientScale) =>
        Move(index, parameter, gradient, gradientScale, LearningRate, StepCount);
}

/// <summary>Stochastic gradient descent with momentum and weight decay, as torch.optim.SGD.</summary>
public sealed class Sgd : Optimizer
{
    private static readonly string[] s_names = ["sgd.velocity"];

    private readonly double _momentum;
    private readonly double _weightDecay;
    private readonly bool _nesterov;
    private readonly Tensor?[] _velocity;

    /// <summary>Creates the optimizer.</summary>
    public Sgd(IEnumerable<Tensor> parameters, double learningRate, double momentum = 0, double weightDecay = 0, bool nesterov = false)
        : base(parameters, learningRate)
    {
        (_momentum, _weightDecay, _nesterov) = (momentum, weightDecay, nesterov);
        _velocity = new Tensor?[Parameters.Count];
    }

    internal override IReadOnlyList<string> StateNames(int index) => s_names;

    internal override IReadOnlyList<Tensor>? StateOf(int index) => _velocity[index] is { } velocity ? [velocity] : null;

    internal override void SetState(int index, IReadOnlyList<Tensor> state) => state[0].Backend.Copy(state[0], _velocity[index] ??= ZerosLike(Parameters[index]));

    private protected override void Update(int index, Tensor parameter, Tensor gradient, double gradientScale)
    {
        TensorBackend backend = parameter.Backend;
        using TensorScope scope = TensorScope.Enter();
        Tensor direction = gradient.Detach() * (float)gradientScale;
        if (_weightDecay != 0)
            backend.AddScaled(parameter, (float)_weightDecay, direction);
        if (_momentum != 0)
        {
            if (_velocity[index] is not { } velocity)
            {
                // The first velocity is the gradient itself.
                velocity = _velocity[index] = ZerosLike(parameter);
                backend.Copy(direction, velocity);
            }
            else
            {
                Tensor next = (velocity * (float)_momentum) + direction;
                backend.Copy(next, velocity);
            }

            if (_nesterov)
                backend.AddScaled(velocity, (float)_momentum, direction);
            else
                backend.Copy(velocity, direction);
        }

        backend.AddScaled(direction, (float)-LearningRate, parameter);
        GC.KeepAlive(direction);
    }
}
