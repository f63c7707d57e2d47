using Gir.Evaluation.Orleans.Messages;
using Orleans;
using Orleans.Concurrency;

namespace Gir.Evaluation.Orleans.Silo;

/// <summary>Passes messages on to the silo's <see cref="LineWorkshop"/>.</summary>
[AtSiloPlacement, Reentrant]
internal sealed class LineGrain(LineWorkshop workshop) : Grain, ILineGrain
{
    // Recipes and a test set are read, which may take a moment: not on the grain's turn.
    public Task<LineCard> Open(LineOffer offer)
    {
        string run = this.GetPrimaryKeyString();
        return Task.Run(() => workshop.Open(run, offer));
    }

    public Task<LineState[]> Exchange(LineOrder[] orders) => Task.FromResult(workshop.Exchange(this.GetPrimaryKeyString(), orders));

    public Task Close()
    {
        workshop.Close(this.GetPrimaryKeyString());
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
