using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AdamStep(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamStepSettings settings)
    {
        AdamStepSettings s = settings;
        double correction1 = 1 - Math.Pow(s.Beta1, s.Step);
        double correction2 = 1 - Math.Pow(s.Beta2, s.Step);
        float decay = (float)(1 - (s.DecoupledDecay ? s.LearningRate * s.WeightDecay : 0));
        float added = (float)(s.DecoupledDecay ? 0 : s.WeightDecay);
        (float scale, float b1, float b2) = ((float)s.GradientScale, (float)s.Beta1, (float)s.Beta2);
        (float c1, float c2) = ((float)(1 - s.Beta1), (float)(1 - s.Beta2));
        float step = (float)(s.LearningRate / correction1);
        float root = (float)(1 / Math.Sqrt(correction2));
        float epsilon = (float)s.Epsilon;
        ForChunks(parameter.Length, (start, end) =>
        {
            for (int i = start; i < end; i += 16)
            {
                // Blocks have a spare vector at their end, so whole lanes may be read; only the data is written.
                int count = Math.Min(16, end - i);
                float* p = Of(parameter) + i;
                float* m = Of(firstMoment) + i;
                float* v = Of(secondMoment) + i;
                Vector512<float> value = Vector512.Load(p);
                Vector512<float> g = (Vector512.Load(Of(gradient) + i) * scale) + (value * added);
                Vector512<float> moment1 = (Vector512.Load(m) * b1) + (g * c1);
                Vector512<float> moment2 = (Vector512.Load(v) * b2) + (g * g * c2);
                value = (value * decay) - (moment1 * step / ((Vector512.Sqrt(moment2) * root) + Vector512.Create(epsilon)));
                Store(value, p, count);
                Store(moment1, m, count);
                Store(moment2, v, count);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> value, float* target, int count)
    {
        if (count == 16)
        {
            value.Store(target);
            return;
        }

        for (int i = 0; i < count; i++)
            target[i] = value[i];
    }
}
