using Gir.Imaging;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>The size of a <see cref="DiffusionStudy"/>; the defaults are the study as it is meant, some hours of two cores.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record DiffusionStudyOptions
{
    /// <summary>The folder of results, networks and pictures.</summary>
    public required string Output { get; init; }

    /// <summary>Scenes that are measured, 2..10,000; default 200.</summary>
    public int Images { get; init; } = 200;

    /// <summary>Sampling seeds of every latent diffusion, 1..100; default 3.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>Steps of sampling where an experiment does not vary them, 2..1000; default 20.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>The numbers of steps that are compared; default 1, 2, 5, 10, 20, 50.</summary>
    public IReadOnlyList<int> StepCounts { get; init; } = [1, 2, 5, 10, 20, 50];

    /// <summary>Strengths of the blur sweep in pixels, ascending, 0 is no blur; default 0, 0.5 .. 4.</summary>
    public IReadOnlyList<double> BlurLevels { get; init; } = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4];

    /// <summary>Training steps of each network that is compared with the latent diffusion, from 1 on; default 3000.</summary>
    public int NetworkSteps { get; init; } = 3000;

    /// <summary>Training steps of each autoencoder of the ceiling, from 1 on; default 2000.</summary>
    public int CeilingSteps { get; init; } = 2000;

    /// <summary>Training steps of U-Net and of control branch of each short latent diffusion, from 1 on; default 3000.</summary>
    public int VariantSteps { get; init; } = 3000;

    /// <summary>Seed of the first scene; the others follow. Default 5,000,000, which no training uses.</summary>
    public ulong FirstScene { get; init; } = 5_000_000;

    /// <summary>Resamples of the intervals, from 100 on; default 1000.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Threads: images worked on at a time. No result but the times depends on it.</summary>
    public Parallelism Parallelism { get; init; }

    /// <summary>Refuses what makes no study.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal void Validate()
    {
        static void Within(int value, int least, int most, string name)
        {
            if (value < least || value > most)
                throw new ArgumentOutOfRangeException(name, value, $"Expected {least}..{most}.");
        }

        ArgumentException.ThrowIfNullOrWhiteSpace(Output);
        Within(Images, 2, 10_000, nameof(Images));
        Within(Seeds, 1, 100, nameof(Seeds));
        Within(Steps, 2, 1000, nameof(Steps));
        foreach (int steps in StepCounts)
            Within(steps, 1, 1000, nameof(StepCounts));
        foreach (int steps in new[] { NetworkSteps, CeilingSteps, VariantSteps })
            Within(steps, 1, int.MaxValue, nameof(NetworkSteps));
        Within(Resamples, 100, 1_000_000, nameof(Resamples));
        if (StepCounts.Count == 0 || BlurLevels.Count < 2 || BlurLevels.Any(b => b is not (0 or (>= 0.1 and <= 20))) || BlurLevels.Zip(BlurLevels.Skip(1)).Any(p => p.First >= p.Second))
            throw new ArgumentException($"Found blur levels {string.Join(", ", BlurLevels)} and {StepCounts.Count} numbers of steps; expected at least two levels of 0 or 0.1..20, ascending, and one number.", nameof(BlurLevels));
    }
}
