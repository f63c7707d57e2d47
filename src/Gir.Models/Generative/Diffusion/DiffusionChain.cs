namespace Gir.Models.Generative.Diffusion;

/// <summary>What the network predicts.</summary>
public enum DiffusionPrediction
{
    /// <summary>The noise (DiffBIR v1 and v2).</summary>
    Noise,

    /// <summary>sqrt(abar) noise - sqrt(1 - abar) image (Salimans, Ho 2022; DiffBIR v2.1).</summary>
    Velocity,

    /// <summary>The image.</summary>
    Image,
}

/// <summary>
/// The timesteps that a sampler visits, in ascending order, and the tables of the shortened chain: beta = 1 - abar / abar of the timestep before. In double; the network is told
/// the schedule's own timesteps.
/// </summary>
internal sealed class DiffusionChain
{
    /// <param name="schedule">The schedule.</param>
    /// <param name="timesteps">Some of its timesteps, ascending.</param>
    public DiffusionChain(NoiseSchedule schedule, IReadOnlyList<int> timesteps)
    {
        Timesteps = timesteps;
        AlphaBars = [.. timesteps.Select(t => schedule.AlphaBars[t])];
        AlphaBarsBefore = [1, .. AlphaBars.SkipLast(1)];
        Betas = [.. AlphaBars.Zip(AlphaBarsBefore, (now, before) => 1 - (now / before))];
    }

    /// <summary>The timesteps.</summary>
    public IReadOnlyList<int> Timesteps { get; }

    /// <summary>Share of the image's variance that is left.</summary>
    public IReadOnlyList<double> AlphaBars { get; }

    /// <summary>The same one timestep earlier, 1 before the first.</summary>
    public IReadOnlyList<double> AlphaBarsBefore { get; }

    /// <summary>Share of noise that is added.</summary>
    public IReadOnlyList<double> Betas { get; }

    /// <summary>Steps.</summary>
    public int Count => Timesteps.Count;

    /// <summary>Variance of the posterior q(x before | x, image) (Ho, Jain, Abbeel 2020, equation 7).</summary>
    public double PosteriorVariance(int index) => Betas[index] * (1 - AlphaBarsBefore[index]) / (1 - AlphaBars[index]);

    /// <summary>beta; at the first timestep the posterior's variance at the second.</summary>
    public double LargeVariance(int index) => index == 0 && Count > 1 ? PosteriorVariance(1) : Betas[index];

    /// <summary>The image's share of the posterior's mean.</summary>
    public double ImageShare(int index) => Betas[index] * Math.Sqrt(AlphaBarsBefore[index]) / (1 - AlphaBars[index]);

    /// <summary>The noisy image's share of the posterior's mean.</summary>
    public double NoisyShare(int index) => (1 - AlphaBarsBefore[index]) * Math.Sqrt(1 - Betas[index]) / (1 - AlphaBars[index]);
}

/// <summary>DDIM's timesteps and tables (Song, Meng, Ermon: "Denoising Diffusion Implicit Models", ICLR 2021). Before the first lies timestep 0, so a little noise remains.</summary>
internal sealed class DdimChain
{
    /// <param name="schedule">The schedule.</param>
    /// <param name="timesteps">Some of its timesteps, ascending.</param>
    /// <param name="eta">0: no noise is drawn; 1: as much as in ancestral sampling.</param>
    public DdimChain(NoiseSchedule schedule, IReadOnlyList<int> timesteps, double eta)
    {
        Timesteps = timesteps;
        AlphaBars = [.. timesteps.Select(t => schedule.AlphaBars[t])];
        AlphaBarsBefore = [schedule.AlphaBars[0], .. AlphaBars.SkipLast(1)];
        Sigmas = [.. AlphaBars.Zip(AlphaBarsBefore, (now, before) => eta * Math.Sqrt((1 - before) / (1 - now)) * Math.Sqrt(1 - (now / before)))];
    }

    /// <summary>The timesteps.</summary>
    public IReadOnlyList<int> Timesteps { get; }

    /// <summary>Share of the image's variance that is left.</summary>
    public IReadOnlyList<double> AlphaBars { get; }

    /// <summary>The same one timestep earlier.</summary>
    public IReadOnlyList<double> AlphaBarsBefore { get; }

    /// <summary>Standard deviation of the noise that each step draws.</summary>
    public IReadOnlyList<double> Sigmas { get; }
}
