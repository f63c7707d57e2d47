using Gir.Models.Tensors;

namespace Gir.Models.Backbones.DiffusionUNet;

/// <summary>Sinusoids of timesteps (Ho, Jain, Abbeel 2020, after Vaswani et al. 2017): cosines, then sines, of frequencies from 1 down to 1 / 10000.</summary>
internal static class TimestepEmbedding
{
    private const double LongestPeriod = 10_000;

    /// <summary>The embedding of one timestep, in double; a zero ends an odd number of values.</summary>
    public static double[] Of(double timestep, int size)
    {
        int half = size / 2;
        var values = new double[size];
        for (int k = 0; k < half; k++)
        {
            double angle = timestep * Math.Exp(-Math.Log(LongestPeriod) * k / half);
            (values[half + k], values[k]) = Math.SinCos(angle);
        }

        return values;
    }

    /// <summary>The embeddings of timesteps: [n, size].</summary>
    public static Tensor Of(IReadOnlyList<int> timesteps, int size, TensorBackend backend) =>
        Tensor.From([.. timesteps.SelectMany(t => Of(t, size)).Select(v => (float)v)], [timesteps.Count, size], backend);
}
