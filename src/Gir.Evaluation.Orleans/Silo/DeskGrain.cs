using Gir.Evaluation.Orleans.Messages;
using Orleans;
using Orleans.Concurrency;

namespace Gir.Evaluation.Orleans.Silo;

/// <summary>Passes messages on to the silo's <see cref="Workshop"/>.</summary>
[AtSiloPlacement, Reentrant]
internal sealed class DeskGrain(Workshop workshop) : Grain, IDeskGrain
{
    private string Run => this.GetPrimaryKeyString();

    // The metrics are tried on a picture, which is computation: not on the grain's turn.
    public Task<WorkerCard> Open(RunTerms terms)
    {
        string run = Run;
        return Task.Run(() => workshop.Open(run, terms));
    }

    public Task<bool> Has(string hash) => Task.FromResult(workshop.Images.Has(hash));

    public Task Put(ImagePart part)
    {
        workshop.Images.Put(part);
        return Task.CompletedTask;
    }

    public Task<Answer> Exchange(Turn turn) => workshop.ExchangeAsync(Run, turn);

    public Task Close()
    {
        workshop.Close(Run);
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
