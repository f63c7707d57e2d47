using Gir.Models.Tensors;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace Gir.Models.TorchSharp;

public sealed partial class TorchBackend
{
    private static readonly double s_rootHalf = Math.Sqrt(0.5);
    private static readonly double s_rootTwoPi = Math.Sqrt(2 * Math.PI);

    /// <inheritdoc/>
    public override void Unary(UnaryOperation operation, Tensor x, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        if (IsInPlace(x, y) && ApplyInPlace(operation, x))
            return;
        torch.Tensor v = Of(x);
        Put(y, operation.Function switch
        {
            UnaryFunction.Relu => v.relu(),
            UnaryFunction.LeakyRelu => v.leaky_relu(Numbers.Number(operation.A)),
            UnaryFunction.Gelu => F.gelu(v),
            UnaryFunction.Sigmoid => v.sigmoid(),
            UnaryFunction.Tanh => v.tanh(),
            UnaryFunction.Silu => F.silu(v),
            UnaryFunction.Softplus => Softplus(v, operation.A, operation.B),
            UnaryFunction.HardSigmoid => F.hardsigmoid(v),
            UnaryFunction.Clamp => v.clamp(Numbers.Number(operation.A), Numbers.Number(operation.B)),
            UnaryFunction.Abs => v.abs(),
            UnaryFunction.Exp => v.exp(),
            UnaryFunction.Log => v.log(),
            UnaryFunction.Sqrt => v.sqrt(),
            UnaryFunction.ReciprocalSqrt => v.rsqrt(),
            UnaryFunction.Square => v.square(),
            UnaryFunction.Erf => v.erf(),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Function, "Expected a function that there is."),
        });
    }

    // What networks write over what they have just made: the memory is warm, and no more of it is needed.
    private bool ApplyInPlace(UnaryOperation operation, Tensor x)
    {
        switch (operation.Function)
        {
            case UnaryFunction.Relu:
                Changed(x).relu_();
                return true;
            case UnaryFunction.LeakyRelu:
                Changed(x).leaky_relu_(Numbers.Number(operation.A));
                return true;
            case UnaryFunction.Abs:
                Changed(x).abs_();
                return true;
            case UnaryFunction.Clamp:
                Changed(x).clamp_(Numbers.Number(operation.A), Numbers.Number(operation.B));
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public override void UnaryGradient(UnaryOperation operation, Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(dx, Derivative(operation, Of(x), Of(y)).mul_(Of(dy)));
    }

    // In memory of its own.
    private static torch.Tensor Derivative(UnaryOperation operation, torch.Tensor x, torch.Tensor y) => operation.Function switch
    {
        UnaryFunction.Relu => Step(IsAbove(x, 0)),
        UnaryFunction.LeakyRelu => Step(IsAbove(x, 0)).Scale(1 - operation.A).Add(operation.A),
        UnaryFunction.Gelu => x.Times(s_rootHalf).erf().Add(1).Scale(0.5).Add(x.square().Scale(-0.5).exp().mul_(x).Scale(1 / s_rootTwoPi)),
        UnaryFunction.Sigmoid => y.Times(-1).Add(1).mul_(y),
        UnaryFunction.Tanh => y.square().Scale(-1).Add(1),
        UnaryFunction.Silu => SiluDerivative(x),
        UnaryFunction.Softplus => torch.where(IsAbove(x.Times(operation.A), operation.B), torch.ones_like(x), x.Times(operation.A).sigmoid()),
        UnaryFunction.HardSigmoid => Step(torch.logical_and(IsAbove(x, -3), x.lt(Numbers.Number(3)))).Scale(1.0 / 6),
        UnaryFunction.Clamp => Step(torch.logical_and(x.ge(Numbers.Number(operation.A)), x.le(Numbers.Number(operation.B)))),
        UnaryFunction.Abs => x.sign(),
        UnaryFunction.Exp => y.clone(),
        UnaryFunction.Log => x.reciprocal(),
        UnaryFunction.Sqrt => y.reciprocal().Scale(0.5),
        UnaryFunction.ReciprocalSqrt => y.div(x).Scale(-0.5),
        UnaryFunction.Square => x.Times(2),
        UnaryFunction.Erf => x.square().Scale(-1).exp().Scale(2 / Math.Sqrt(Math.PI)),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Function, "Expected a function that there is."),
    };

    private static torch.Tensor SiluDerivative(torch.Tensor x)
    {
        torch.Tensor s = x.sigmoid();
        return s.Times(-1).Add(1).mul_(x).Add(1).mul_(s);
    }

    // Linear beyond the threshold, where the exponential is not added any more.
    private static torch.Tensor Softplus(torch.Tensor x, double beta, double threshold)
    {
        torch.Tensor scaled = x.Times(beta);
        return torch.where(IsAbove(scaled, threshold), x, scaled.exp().log1p().Scale(1 / beta));
    }

    private static torch.Tensor IsAbove(torch.Tensor x, double value) => x.gt(Numbers.Number(value));

    private static torch.Tensor Step(torch.Tensor condition) => condition.to(torch.ScalarType.Float32);

    /// <inheritdoc/>
    public override void Binary(BinaryOperation operation, Tensor a, Tensor b, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor left, torch.Tensor right) = (Of(a), Of(b));
        Put(y, operation switch
        {
            BinaryOperation.Add => left.Plus(right),
            BinaryOperation.Subtract => left.sub(right),
            BinaryOperation.Multiply => left.mul(right),
            _ => left.div(right),
        });
    }

    /// <inheritdoc/>
    public override void Gate(Tensor x, int outer, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor halves = Halves(x, outer);
        Put(y, halves.select(1, 0).mul(halves.select(1, 1)));
    }

    /// <inheritdoc/>
    public override void GateGradient(Tensor x, Tensor dy, int outer, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor halves = Halves(x, outer);
        torch.Tensor gradient = Flat(dy).view(outer, dy.Length / Math.Max(outer, 1));
        torch.Tensor result = torch.empty_like(halves);
        result.select(1, 0).copy_(halves.select(1, 1)).mul_(gradient);
        result.select(1, 1).copy_(halves.select(1, 0)).mul_(gradient);
        Put(dx, result);
    }

    private torch.Tensor Halves(Tensor x, int outer) => Flat(x).view(outer, 2, x.Length / Math.Max(2 * outer, 1));

    /// <inheritdoc/>
    public override void Broadcast(Tensor x, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Put(y, Own(Of(x).expand(Sizes(y.Shape))));
    }

    /// <inheritdoc/>
    public override void AdamStep(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamStepSettings settings)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor p = Changed(parameter).view(parameter.Length);
        torch.Tensor m = Changed(firstMoment).view(parameter.Length);
        torch.Tensor s = Changed(secondMoment).view(parameter.Length);
        torch.Tensor g = settings.GradientScale == 1 ? Flat(gradient) : Flat(gradient).Times(settings.GradientScale);
        if (settings.DecoupledDecay)
            p.Scale(1 - (settings.LearningRate * settings.WeightDecay));
        else if (settings.WeightDecay != 0)
            g = g.add(p, Numbers.Number(settings.WeightDecay));
        m.Scale(settings.Beta1).Add(g, 1 - settings.Beta1);
        s.Scale(settings.Beta2).addcmul_(g, g, Numbers.Number(1 - settings.Beta2));
        double correction1 = 1 - Math.Pow(settings.Beta1, settings.Step);
        double correction2 = 1 - Math.Pow(settings.Beta2, settings.Step);
        torch.Tensor root = s.Times(1 / correction2).sqrt_().Add(settings.Epsilon);
        p.addcdiv_(m, root, Numbers.Number(-settings.LearningRate / correction1));
    }
}
