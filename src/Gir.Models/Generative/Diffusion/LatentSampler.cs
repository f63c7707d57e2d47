using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>How noise becomes an image.</summary>
public enum DiffusionSampler
{
    /// <summary>Ancestral sampling of a shortened chain (Nichol, Dhariwal 2021), as DiffBIR does.</summary>
    Spaced,

    /// <summary>DDIM (Song, Meng, Ermon 2021); the number of steps may come out larger than asked for.</summary>
    Ddim,
}

/// <summary>What one step of a sampler made.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Timestep">The schedule's timestep.</param>
/// <param name="Output">What the network predicted.</param>
/// <param name="Image">The image that this means, after guidance.</param>
/// <param name="Next">What the next step starts from.</param>
internal readonly record struct SamplingStep(int Index, int Timestep, Tensor Output, Tensor Image, Tensor Next);

/// <summary>Turns noise into latents, step by step. Immutable; the same noise gives the same bits.</summary>
internal abstract class LatentSampler(DiffusionPrediction prediction, IReadOnlyList<int> timesteps)
{
    /// <summary>The timesteps, ascending; they are visited from the last on.</summary>
    public IReadOnlyList<int> Timesteps => timesteps;

    /// <summary>What the network predicts.</summary>
    protected DiffusionPrediction Prediction => prediction;

    /// <summary>A sampler of so many steps from a timestep on.</summary>
    /// <param name="sampler">Which.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="steps">Steps; one step takes the image predicted at the start.</param>
    /// <param name="start">The timestep of the start, the schedule's last by default.</param>
    /// <param name="eta">Noise that DDIM draws, as a share of ancestral sampling's.</param>
    /// <exception cref="ArgumentException">There are more steps than timesteps, or the network predicts noise where no image is left.</exception>
    public static LatentSampler Create(DiffusionSampler sampler, NoiseSchedule schedule, DiffusionPrediction prediction, int steps, int? start = null, double eta = 0)
    {
        int last = start ?? schedule.Count - 1;
        if (last < 0 || last >= schedule.Count)
            throw new ArgumentOutOfRangeException(nameof(start), last, $"Expected a timestep in 0..{schedule.Count - 1}.");
        if (steps < 1 || steps > last + 1)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"Expected 1..{last + 1} steps from timestep {last}.");
        LatentSampler created = sampler == DiffusionSampler.Ddim && steps > 1
            ? new DdimSampler(new DdimChain(schedule, TimestepSelection.Ddim(last + 1, steps), eta), prediction)
            : new SpacedSampler(new DiffusionChain(schedule, steps == 1 ? [last] : TimestepSelection.Spaced(last + 1, steps)), prediction);
        if (prediction == DiffusionPrediction.Noise && schedule.AlphaBars[created.Timesteps[^1]] == 0)
            throw new ArgumentException($"Nothing of the image is left at timestep {created.Timesteps[^1]}, where predicted noise says nothing of it; expected a network that predicts velocity or the image, or a later start.", nameof(prediction));
        return created;
    }

    /// <summary>Samples.</summary>
    /// <param name="x">Noise, or a noisy latent at the last timestep.</param>
    /// <param name="predict">The network's output for a noisy latent at a timestep.</param>
    /// <param name="noise">The noise that a step draws, by the step's number.</param>
    /// <param name="guidance">Keeps predictions near a target; may be null.</param>
    /// <param name="told">Is told of every step; its tensors are to be read at once. May be null.</param>
    public Tensor Run(Tensor x, Func<Tensor, int, Tensor> predict, Func<int, Tensor> noise, RestorationGuidance? guidance = null, Action<SamplingStep>? told = null)
    {
        Tensor start = x;
        for (int step = 0; step < timesteps.Count; step++)
        {
            ForwardCancellation.ThrowIfRequested();
            Tensor before = x;
            using (TensorScope scope = TensorScope.Enter())
            {
                int index = timesteps.Count - 1 - step;
                Tensor output = predict(x, timesteps[index]);
                (Tensor image, Tensor next) = Step(index, x, output, () => noise(step), guidance);
                told?.Invoke(new SamplingStep(step, timesteps[index], output, image, next));
                x = scope.Keep(next);
            }

            if (!ReferenceEquals(before, start))
                before.Storage.Release();
        }

        return x;
    }

    /// <summary>One step.</summary>
    /// <param name="index">The timestep's place in <see cref="Timesteps"/>.</param>
    /// <param name="x">The noisy latent.</param>
    /// <param name="output">What the network predicted.</param>
    /// <param name="noise">Draws noise.</param>
    /// <param name="guidance">Guidance, or null.</param>
    public abstract (Tensor Image, Tensor Next) Step(int index, Tensor x, Tensor output, Func<Tensor> noise, RestorationGuidance? guidance = null);
}

/// <summary>Ancestral sampling (Ho, Jain, Abbeel: "Denoising Diffusion Probabilistic Models", NeurIPS 2020), of a chain of any timesteps; the last step draws no noise.</summary>
/// <param name="chain">The chain.</param>
/// <param name="prediction">What the network predicts.</param>
/// <param name="isLarge">Whether the variance is beta rather than the posterior's.</param>
/// <param name="clips">Whether predicted images are limited to -1..1; not for latents.</param>
internal sealed class SpacedSampler(DiffusionChain chain, DiffusionPrediction prediction, bool isLarge = false, bool clips = false) : LatentSampler(prediction, chain.Timesteps)
{
    /// <inheritdoc/>
    public override (Tensor Image, Tensor Next) Step(int index, Tensor x, Tensor output, Func<Tensor> noise, RestorationGuidance? guidance = null)
    {
        Tensor image = Predicted(index, x, output);
        if (guidance is not null)
            image = guidance.Apply(image, chain.Timesteps[index], chain.ImageShare(index));
        Tensor mean = Mean(index, x, image);
        double deviation = Math.Sqrt(isLarge ? chain.LargeVariance(index) : chain.PosteriorVariance(index));
        return (image, index == 0 ? mean : mean + (noise() * (float)deviation));
    }

    /// <summary>The image that a prediction means.</summary>
    public Tensor Predicted(int index, Tensor x, Tensor output)
    {
        Tensor image = DiffusionMath.Image(Prediction, x, output, chain.AlphaBars[index]);
        return clips ? image.Clamp(-1, 1) : image;
    }

    /// <summary>Mean of what the next step starts from.</summary>
    public Tensor Mean(int index, Tensor x, Tensor image) => DiffusionMath.Mix(image, chain.ImageShare(index), x, chain.NoisyShare(index));
}

/// <summary>DDIM's sampling.</summary>
/// <param name="chain">The chain.</param>
/// <param name="prediction">What the network predicts.</param>
internal sealed class DdimSampler(DdimChain chain, DiffusionPrediction prediction) : LatentSampler(prediction, chain.Timesteps)
{
    /// <inheritdoc/>
    public override (Tensor Image, Tensor Next) Step(int index, Tensor x, Tensor output, Func<Tensor> noise, RestorationGuidance? guidance = null)
    {
        if (guidance is not null)
            throw new NotSupportedException("Restoration guidance is defined for ancestral sampling; expected the spaced sampler.");
        (double now, double before, double sigma) = (chain.AlphaBars[index], chain.AlphaBarsBefore[index], chain.Sigmas[index]);
        Tensor image = DiffusionMath.Image(Prediction, x, output, now);
        Tensor next = DiffusionMath.Mix(image, Math.Sqrt(before), DiffusionMath.Noise(Prediction, x, output, now), Math.Sqrt(Math.Max(1 - before - (sigma * sigma), 0)));
        return (image, sigma == 0 ? next : next + (noise() * (float)sigma));
    }
}
