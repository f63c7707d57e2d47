using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    internal override bool FusesGroupNorm => true;

    /// <inheritdoc/>
    internal override void GroupNormSilu(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Tensor y, Tensor mean, Tensor reciprocal)
    {
        if (x.Length == 0)
            return;
        _pool.Run(mean.Length, new GroupNormSiluJob
        {
            Group = new GroupExtent(x, groups), X = Of(x), Weight = Of(weight), Bias = Of(bias), Epsilon = epsilon, Y = Of(y), Mean = Of(mean), Reciprocal = Of(reciprocal),
        });
    }

    /// <inheritdoc/>
    internal override void GroupNormSiluGradient(
        Tensor x, int groups, Tensor weight, Tensor bias, Tensor mean, Tensor reciprocal, Tensor dy, Tensor dx, Tensor dweight, Tensor dbias)
    {
        using var weights = new PartialSums(x.Shape[0], x.Shape[1]);
        using var biases = new PartialSums(x.Shape[0], x.Shape[1]);
        if (x.Length > 0)
        {
            _pool.Run(mean.Length, new GroupNormSiluGradientJob
            {
                Group = new GroupExtent(x, groups), X = Of(x), Dy = Of(dy), Weight = Of(weight), Bias = Of(bias), Mean = Of(mean), Reciprocal = Of(reciprocal), Dx = Of(dx),
                Dweight = weights.Start, Dbias = biases.Start,
            });
        }

        weights.AddUp(dweight);
        biases.AddUp(dbias);
    }

    /// <summary>Channels of a group, elements of a channel, and how many groups an image has.</summary>
    private readonly struct GroupExtent(Tensor x, int groups)
    {
        public int Groups { get; } = groups;

        public int Channels { get; } = x.Shape[1] / groups;

        public int Length { get; } = x.Shape.Stride(1);
    }

    private readonly struct GroupNormSiluJob : IPoolJob
    {
        public GroupExtent Group { get; init; }

        public float* X { get; init; }

        public float* Weight { get; init; }

        public float* Bias { get; init; }

        public float Epsilon { get; init; }

        public float* Y { get; init; }

        public float* Mean { get; init; }

        public float* Reciprocal { get; init; }

        public void Run(int part)
        {
            long at = (long)part * Group.Channels * Group.Length;
            int channel = part % Group.Groups * Group.Channels;
            Kernels.GroupNormSilu.Forward(X + at, Group.Channels, Group.Length, Weight + channel, Bias + channel, Epsilon, Y + at, Mean + part, Reciprocal + part);
        }
    }

    private readonly struct GroupNormSiluGradientJob : IPoolJob
    {
        public GroupExtent Group { get; init; }

        public float* X { get; init; }

        public float* Dy { get; init; }

        public float* Weight { get; init; }

        public float* Bias { get; init; }

        public float* Mean { get; init; }

        public float* Reciprocal { get; init; }

        public float* Dx { get; init; }

        public double* Dweight { get; init; }

        public double* Dbias { get; init; }

        public void Run(int part)
        {
            long at = (long)part * Group.Channels * Group.Length;
            int channel = part % Group.Groups * Group.Channels;
            // Sums lie by image and channel: a part is one image's group.
            long sums = (long)part * Group.Channels;
            Kernels.GroupNormSilu.Gradient(
                X + at, Dy + at, Group.Channels, Group.Length, Weight + channel, Bias + channel, Mean[part], Reciprocal[part], Dx + at, Dweight + sums, Dbias + sums);
        }
    }
}
