using Gir.Degradations.Kernels;
using Gir.Imaging;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Degradations.Noise;

/// <summary>Noise on a range of chunks; element i of the noise is a function of the seed and i, so chunks are independent.</summary>
/// <param name="noise">Parameters.</param>
/// <param name="samples">The samples, changed in place: "sharers" planes of "length" elements each.</param>
/// <param name="sharers">Planes that share one draw.</param>
/// <param name="length">Elements of the noise.</param>
/// <param name="seed">Seed.</param>
internal readonly struct NoiseRange(NoiseDegradation noise, float[] samples, int sharers, int length, ulong seed) : IRangeBody
{
    public const int ChunkLength = 2048;

    public int Length => length;

    public void Invoke(int start, int end)
    {
        Span<float> draws = stackalloc float[ChunkLength];
        for (int chunk = start; chunk < end; chunk++)
        {
            int from = chunk * ChunkLength;
            Span<float> drawn = draws[..Math.Min(ChunkLength, length - from)];
            Draw(drawn, from);
            for (int plane = 0; plane < sharers; plane++)
                Put(samples.AsSpan((plane * length) + from, drawn.Length), drawn);
        }
    }

    private void Draw(Span<float> drawn, int from)
    {
        switch (noise.Kind)
        {
            case NoiseKind.SaltAndPepper:
                Philox4x32.FillUniform(drawn, seed, 0, (ulong)from);
                break;
            case NoiseKind.Poisson:
                DrawPoisson(drawn, from);
                break;
            default:
                Philox4x32.FillGaussian(drawn, seed, 0, (ulong)from);
                break;
        }
    }

    private void Put(Span<float> target, ReadOnlySpan<float> drawn)
    {
        switch (noise.Kind)
        {
            case NoiseKind.SaltAndPepper:
                Replace(target, drawn);
                break;
            case NoiseKind.Speckle:
                RowMap.Invoke(target, drawn, target, new Speckle((float)(noise.Sigma / 255)));
                break;
            case NoiseKind.Poisson:
                RowMap.Invoke(target, drawn, target, new SaturatingAdd(1));
                break;
            default:
                RowMap.Invoke(target, drawn, target, new SaturatingAdd((float)(noise.Sigma / 255)));
                break;
        }
    }

    /// <summary>The deviation of the drawn value from the mean of the sharing planes.</summary>
    private void DrawPoisson(Span<float> drawn, int from)
    {
        for (int i = 0; i < drawn.Length; i++)
        {
            double mean = 0;
            for (int plane = 0; plane < sharers; plane++)
                mean += samples[(plane * length) + from + i];
            mean /= sharers;
            // A sample outside [0, 1] (possible without quantization) has no photon count of its own.
            double expected = Math.Clamp(mean, 0, 1) * noise.Scale;
            drawn[i] = double.IsNaN(expected) ? 0 : (float)((PoissonSampler.Draw(expected, seed, (ulong)(from + i)) / noise.Scale) - mean);
        }
    }

    private void Replace(Span<float> target, ReadOnlySpan<float> drawn)
    {
        (float pepper, float salt) = ((float)(noise.Amount / 2), (float)noise.Amount);
        for (int i = 0; i < target.Length; i++)
        {
            if (drawn[i] < salt)
                target[i] = drawn[i] < pepper ? 0 : 1;
        }
    }
}
