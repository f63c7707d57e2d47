using System.Diagnostics;
using Gir.Evaluation.Orleans.Messages;
using Orleans;

namespace Gir.Evaluation.Orleans.Coordination;

/// <summary>A run's talk with one silo: orders there, results back, turn after turn, until all is done or the silo is lost.</summary>
/// <param name="run">The run.</param>
/// <param name="desks">The cluster.</param>
/// <param name="silo">The silo.</param>
internal sealed class SiloLink(ClusterRun run, IDesks desks, string silo)
{
    // A desk that was lost is not opened again: the silo may still hold orders that others have been given since.
    private readonly string _desk = run.NewDesk();
    private readonly Dictionary<long, (Ledger.Lease Lease, Order Order)> _out = [];
    private readonly HashSet<int> _imagesSent = [];
    private long _acknowledged;

    private IDeskGrain Desk => desks.Find(silo, _desk);

    /// <summary>Ends when all is done, the silo is unfit or lost, or the run is stopped; fails where the run has to.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (run.IsUnfit(silo))
            return;
        string? lost = null;
        try
        {
            WorkerCard card = await AskAsync(desk => desk.Open(run.Terms), cancellationToken);
            if (run.Admit(silo, card))
                await TalkAsync(card, cancellationToken);
        }
        catch (SiloLostException e)
        {
            lost = e.Message;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            run.Leave(silo, lost);
            if (lost is null)
                await CloseAsync();
        }
    }

    private async Task TalkAsync(WorkerCard card, CancellationToken cancellationToken)
    {
        var can = card.Restorers.ToHashSet();
        while (!run.Ledger.IsDone)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed = run.Ledger.Changed;
            Order[] orders = await TopUpAsync(card, can, cancellationToken);
            if (_out.Count == 0)
            {
                await Task.WhenAny(changed, Task.Delay(run.Options.TurnTime, cancellationToken));
                continue;
            }

            // What an earlier turn brought is in the file by now: acknowledged, it may be forgotten there.
            Answer answer = await AskAsync(desk => desk.Exchange(new Turn(_acknowledged, orders, run.Options.TurnTime)), cancellationToken);
            foreach (Made made in answer.Made)
                run.Keep(made);
            foreach (Finished finished in answer.Finished)
                Close(finished);
            _acknowledged = answer.Upto;
            foreach (string hash in answer.Missing)
                await SendAgainAsync(hash, cancellationToken);
        }
    }

    /// <summary>Orders for all cores, and as many again, so that none waits for the next turn.</summary>
    private async Task<Order[]> TopUpAsync(WorkerCard card, HashSet<int> can, CancellationToken cancellationToken)
    {
        var orders = new List<Order>();
        while (_out.Count < 2 * card.Cores && run.Ledger.Next(silo, can, _imagesSent, run.Cores) is { } lease)
        {
            ImagePacket clean;
            ImagePacket? depth;
            try
            {
                clean = await run.Images.CleanAsync(lease.Image);
                depth = await run.Images.DepthAsync(lease.Image, lease.Parts);
            }
            catch (Exception e) when (ClusterRun.IsImages(e))
            {
                run.GiveUp(lease.Image, e);
                run.Ledger.Finish(lease.Order);
                continue;
            }

            await SendAsync(clean, cancellationToken);
            if (depth is not null)
                await SendAsync(depth, cancellationToken);
            _imagesSent.Add(lease.Image);
            var order = new Order(lease.Order, run.Job.Images[lease.Image].Name, clean.Hash, depth?.Hash, [.. lease.Parts]);
            _out.Add(lease.Order, (lease, order));
            orders.Add(order);
            ClusterMeters.Orders.Add(1);
        }

        return [.. orders];
    }

    private void Close(Finished finished)
    {
        if (!_out.Remove(finished.Order, out (Ledger.Lease Lease, Order Order) closed))
            return;
        if (finished.Reason is null)
        {
            if (run.Ledger.Finish(finished.Order))
                run.Images.Forget(closed.Lease.Image);
        }
        else if (finished.IsImages)
        {
            run.GiveUp(closed.Lease.Image, new EvaluationException(finished.Reason));
            run.Ledger.Finish(finished.Order);
        }
        else
        {
            ClusterLog.OrderFailed(run.Logger, silo, closed.Order.ImageName, finished.Reason);
            if (!run.Ledger.Fail(finished.Order))
                throw new EvaluationException($"Image '{closed.Order.ImageName}' failed on the cluster again and again; last on silo {silo}: {finished.Reason}");
        }
    }

    private async Task SendAsync(ImagePacket packet, CancellationToken cancellationToken)
    {
        if (!await AskAsync(desk => desk.Has(packet.Hash), cancellationToken))
            await PutAsync(packet, cancellationToken);
    }

    private async Task SendAgainAsync(string hash, CancellationToken cancellationToken)
    {
        foreach ((Ledger.Lease lease, Order order) in _out.Values.Where(o => o.Order.Image == hash || o.Order.Depth == hash).Take(1).ToArray())
            await PutAsync(order.Image == hash ? await run.Images.CleanAsync(lease.Image) : (await run.Images.DepthAsync(lease.Image, lease.Parts))!, cancellationToken);
    }

    private async Task PutAsync(ImagePacket packet, CancellationToken cancellationToken)
    {
        int size = run.Options.ImagePartBytes;
        for (int offset = 0; offset < packet.Bytes.Length; offset += size)
        {
            var part = new ImagePart(packet.Hash, packet.Bytes.Length, offset, packet.Bytes[offset..Math.Min(packet.Bytes.Length, offset + size)]);
            await AskAsync(
                async desk =>
                {
                    await desk.Put(part);
                    return true;
                },
                cancellationToken);
            ClusterMeters.ImageBytes.Add(part.Bytes.Length);
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            await Desk.Close().WaitAsync(TimeSpan.FromSeconds(2));
        }
        catch (Exception)
        {
            // It closes by itself where nobody is heard of.
        }
    }

    /// <summary>Asks again after a failure: every question may be asked twice. While an answer is overdue, others may make what the silo is at; what it delivers all the same counts once.</summary>
    /// <exception cref="SiloLostException">There was no answer for too long, or the cluster says that the silo is gone.</exception>
    private async Task<T> AskAsync<T>(Func<IDeskGrain, Task<T>> question, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Task<T> answer = question(Desk);
                if (await Task.WhenAny(answer, Task.Delay(run.Options.Overdue, cancellationToken)) != answer)
                {
                    ClusterLog.SiloSlow(run.Logger, silo);
                    run.Ledger.Lose(silo);
                }

                return await answer.WaitAsync(run.Options.Silence, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                run.Ledger.Lose(silo);
                if (Stopwatch.GetElapsedTime(start) >= run.Options.Silence || !run.Alive.Contains(silo))
                    throw new SiloLostException(e.Message);
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    private sealed class SiloLostException(string message) : Exception(message);
}
