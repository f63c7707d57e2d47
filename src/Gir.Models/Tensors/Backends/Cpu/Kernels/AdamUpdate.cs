using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// One step of Adam or AdamW in one pass over parameter, gradient and moments. Aliasing: none. Lane layout: lane = element; every element gets
/// the same operations, wherever it lies.
/// </summary>
internal readonly unsafe struct AdamUpdate
{
    private readonly float _scale;
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _share1;
    private readonly float _share2;
    private readonly float _decay;
    private readonly float _added;
    private readonly float _step;
    private readonly float _root;
    private readonly float _epsilon;

    /// <summary>Rounds the constants of a step, bias corrections included, once.</summary>
    public AdamUpdate(in AdamStepSettings s)
    {
        _scale = (float)s.GradientScale;
        (_beta1, _beta2) = ((float)s.Beta1, (float)s.Beta2);
        (_share1, _share2) = ((float)(1 - s.Beta1), (float)(1 - s.Beta2));
        _decay = (float)(1 - (s.DecoupledDecay ? s.LearningRate * s.WeightDecay : 0));
        _added = (float)(s.DecoupledDecay ? 0 : s.WeightDecay);
        _step = (float)(s.LearningRate / (1 - Math.Pow(s.Beta1, s.Step)));
        _root = (float)(1 / Math.Sqrt(1 - Math.Pow(s.Beta2, s.Step)));
        _epsilon = (float)s.Epsilon;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(float* parameter, float* gradient, float* first, float* second, int length)
    {
        var tail = new RowTail(length);
        Lanes last = Step(tail.Load(parameter), tail.Load(gradient), tail.Load(first), tail.Load(second));
        for (nint i = 0; i < tail.Whole; i += 16)
        {
            Lanes next = Step(Vector512.Load(parameter + i), Vector512.Load(gradient + i), Vector512.Load(first + i), Vector512.Load(second + i));
            next.Parameter.Store(parameter + i);
            next.First.Store(first + i);
            next.Second.Store(second + i);
        }

        tail.Store(last.Parameter, parameter);
        tail.Store(last.First, first);
        tail.Store(last.Second, second);
    }

    /// <summary>The scalar twin: one element at a time through lane 0.</summary>
    public void Scalar(float* parameter, float* gradient, float* first, float* second, int length)
    {
        for (int i = 0; i < length; i++)
        {
            Lanes next = Step(Vector512.Create(parameter[i]), Vector512.Create(gradient[i]), Vector512.Create(first[i]), Vector512.Create(second[i]));
            (parameter[i], first[i], second[i]) = (next.Parameter.ToScalar(), next.First.ToScalar(), next.Second.ToScalar());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes Step(Vector512<float> parameter, Vector512<float> gradient, Vector512<float> first, Vector512<float> second)
    {
        Vector512<float> g = (gradient * _scale) + (parameter * _added);
        first = (first * _beta1) + (g * _share1);
        second = (second * _beta2) + (g * g * _share2);
        return new Lanes((parameter * _decay) - (first * _step / ((Vector512.Sqrt(second) * _root) + Vector512.Create(_epsilon))), first, second);
    }

    private readonly record struct Lanes(Vector512<float> Parameter, Vector512<float> First, Vector512<float> Second);
}
