using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AdamStep(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamStepSettings settings) =>
        _pool.Run(Parts(parameter.Length), new AdamJob
        {
            Update = new AdamUpdate(settings), Parameter = Of(parameter), Gradient = Of(gradient), First = Of(firstMoment), Second = Of(secondMoment),
            Length = parameter.Length,
        });

    private readonly struct AdamJob : IPoolJob
    {
        public AdamUpdate Update { get; init; }

        public float* Parameter { get; init; }

        public float* Gradient { get; init; }

        public float* First { get; init; }

        public float* Second { get; init; }

        public int Length { get; init; }

        public void Run(int part)
        {
            int start = part * Chunk;
            Update.Run(Parameter + start, Gradient + start, First + start, Second + start, Math.Min(Chunk, Length - start));
        }
    }
}
