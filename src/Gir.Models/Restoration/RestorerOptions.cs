using Gir.Models.Zoo;

namespace Gir.Models.Restoration;

/// <summary>What <see cref="Restorers.Create"/> is told beside the name.</summary>
public sealed record RestorerOptions
{
    /// <summary>
    /// Largest number of threads of one restoration, at least 1; results do not depend on it. Default null: one for classical restorers, as many as the
    /// engine has for networks.
    /// </summary>
    public int? MaxDegreeOfParallelism { get; init; }

    /// <summary>What networks are told: which network of the checkpoint, hyper-parameters, tiles, the noise level. Classical restorers refuse it.</summary>
    public ModelZooOptions Network { get; init; } = new();

    internal void Validate()
    {
        if (MaxDegreeOfParallelism < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism, "Expected at least 1 thread.");
    }

    internal ModelZooOptions ForNetwork() => Network with
    {
        Restoration = Network.Restoration with { MaxDegreeOfParallelism = Network.Restoration.MaxDegreeOfParallelism ?? MaxDegreeOfParallelism },
    };
}
