using Gir.Evaluation.Orleans.Messages;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Gir.Evaluation.Orleans.Silo;

/// <summary>Places a desk on the silo that its key names, and nowhere else.</summary>
[GenerateSerializer, Immutable, Alias("gir.at-silo")]
internal sealed class AtSiloPlacement : PlacementStrategy;

/// <inheritdoc cref="AtSiloPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AtSiloPlacementAttribute() : PlacementAttribute(new AtSiloPlacement());

/// <inheritdoc cref="AtSiloPlacement"/>
internal sealed class AtSiloDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        string key = target.GrainIdentity.Key.ToString() ?? "";
        SiloAddress? silo = DeskKey.Silo(key);
        return silo is not null && context.GetCompatibleSilos(target).Contains(silo)
            ? Task.FromResult(silo)
            : throw new SiloUnavailableException($"The cluster has no silo for '{key}'.");
    }
}
