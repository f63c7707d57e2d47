using System.Globalization;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>The systems that experiments compare.</summary>
internal static class DiffusionSystems
{
    /// <summary>A traditional network.</summary>
    public static StudySystem Network(IRestorer restorer) => new(restorer.Info.Name, (c, _) => restorer.Restore(c.Degraded));

    /// <summary>The scene itself, encoded and decoded: no sample can be better.</summary>
    public static StudySystem Ceiling(LatentDiffusionRestorer diffusion) => new("ceiling", (c, _) => diffusion.RoundTrip(c.Clean));

    /// <summary>The initially restored image, encoded and decoded: what a sampler that changes nothing would give.</summary>
    public static StudySystem InitialRoundTrip(LatentDiffusionRestorer diffusion) => new("initial, encoded", (c, _) => diffusion.RoundTrip(c.Initial));

    /// <summary>Latent diffusion after the initial restorer.</summary>
    /// <param name="diffusion">The networks.</param>
    /// <param name="options">How to sample; the seed is the study's.</param>
    /// <param name="name">The name in rows.</param>
    public static StudySystem Sampled(LatentDiffusionRestorer diffusion, LatentDiffusionOptions options, string name) =>
        new(name, (c, seed) => diffusion.With(options with { Seed = seed }).Restore(c.Initial), IsSampled: true);

    /// <summary>The usual one, of so many steps.</summary>
    public static StudySystem Steps(LatentDiffusionRestorer diffusion, int steps) =>
        Sampled(diffusion, new LatentDiffusionOptions { Steps = steps }, string.Create(CultureInfo.InvariantCulture, $"cldm-{steps}"));

    /// <summary>Latent diffusion of the degraded image, without an initial restorer.</summary>
    public static StudySystem WithoutInitial(LatentDiffusionRestorer diffusion, int steps) => new(
        string.Create(CultureInfo.InvariantCulture, $"cldm-{steps}, no stage 1"),
        (c, seed) => diffusion.With(new LatentDiffusionOptions { Steps = steps, Seed = seed }).Restore(c.Degraded),
        IsSampled: true);

    /// <summary>Latent diffusion held near the initially restored image.</summary>
    public static StudySystem Guided(LatentDiffusionRestorer diffusion, int steps, double scale) => Sampled(
        diffusion,
        new LatentDiffusionOptions { Steps = steps, Guidance = new RestorationGuidanceOptions { Scale = scale } },
        string.Create(CultureInfo.InvariantCulture, $"cldm-{steps}, guided {scale}"));
}
