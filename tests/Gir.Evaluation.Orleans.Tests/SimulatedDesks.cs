using System.Collections.Concurrent;
using System.Diagnostics;
using Gir.Evaluation.Orleans.Coordination;
using Gir.Evaluation.Orleans.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Gir.Evaluation.Orleans.Tests;

/// <summary>Silos that only pretend to work, for a coordinator that does not know: every message is written and read as Orleans would.</summary>
/// <param name="silos">How many.</param>
/// <param name="cores">Cores of each.</param>
/// <param name="resultTime">How long one result takes.</param>
internal sealed class SimulatedDesks(int silos, int cores, TimeSpan resultTime) : IDesks, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly ConcurrentDictionary<string, SimulatedDesk> _desks = new();
    private readonly int _cores = cores;
    private readonly double _seconds = resultTime.TotalSeconds;
    private readonly string[] _names = [.. Enumerable.Range(0, silos).Select(i => $"silo-{i}")];
    private long _messages;
    private long _bytes;
    private long _imageBytes;
    private long _results;
    private long _dead;

    public long Messages => Volatile.Read(ref _messages);

    public long Bytes => Volatile.Read(ref _bytes);

    public long ImageBytes => Volatile.Read(ref _imageBytes);

    /// <summary>Results that were handed over, one that was handed over twice counted twice.</summary>
    public long Results => Volatile.Read(ref _results);

    public Task<IReadOnlyList<string>> SilosAsync() => Task.FromResult<IReadOnlyList<string>>([.. _names.Skip((int)Volatile.Read(ref _dead))]);

    public ILineGrain FindLines(string silo, string run) => throw new NotSupportedException("Simulated silos train nothing.");

    /// <summary>The first so many silos never answer again.</summary>
    public void Kill(int count) => Volatile.Write(ref _dead, count);

    public IDeskGrain Find(string silo, string run) => _desks.GetOrAdd($"{silo}/{run}", _ => new SimulatedDesk(this, int.Parse(silo[5..], System.Globalization.CultureInfo.InvariantCulture)));

    public void Dispose() => _services.Dispose();

    /// <summary>A message's way over the wire.</summary>
    private T Travel<T>(T message)
    {
        var serializer = _services.GetRequiredService<Serializer<T>>();
        byte[] bytes = serializer.SerializeToArray(message);
        Interlocked.Increment(ref _messages);
        Interlocked.Add(ref message is ImagePart ? ref _imageBytes : ref _bytes, bytes.Length);
        return serializer.Deserialize(bytes)!;
    }

    private sealed class SimulatedDesk(SimulatedDesks cluster, int silo) : IDeskGrain
    {
        private readonly long[] _freeAt = new long[cluster._cores];
        private readonly Queue<(long Time, Order Order)> _working = new();
        private readonly HashSet<string> _images = [];
        private int _metrics;
        private long _number;

        public Task<WorkerCard> Open(RunTerms terms)
        {
            Require();
            RunTerms there = cluster.Travel(terms);
            _metrics = there.Metrics.Length;
            return Task.FromResult(cluster.Travel(new WorkerCard(_freeAt.Length, null, [.. Enumerable.Range(0, there.Restorers.Length)])));
        }

        public Task<bool> Has(string hash)
        {
            Require();
            return Task.FromResult(_images.Contains(hash));
        }

        public Task Put(ImagePart part)
        {
            Require();
            ImagePart there = cluster.Travel(part);
            if (there.Offset + there.Bytes.Length == there.Length)
                _images.Add(there.Hash);
            return Task.CompletedTask;
        }

        public async Task<Answer> Exchange(Turn turn)
        {
            Require();
            Turn there = cluster.Travel(turn);
            long now = Stopwatch.GetTimestamp();
            foreach (Order order in there.Orders)
            {
                int core = Array.IndexOf(_freeAt, _freeAt.Min());
                int results = order.Parts.Sum(p => p.Restorers.Length + (p.Input ? 1 : 0));
                _freeAt[core] = Math.Max(_freeAt[core], now) + (long)(results * cluster._seconds * Stopwatch.Frequency);
                _working.Enqueue((_freeAt[core], order));
            }

            // As a desk answers: when an order is done and there is none to spare, or when time is up.
            long[] ends = [.. _working.Select(w => w.Time).Order()];
            long end = ends.Length == 0 ? long.MaxValue : ends[Math.Max(0, Math.Min(ends.Length - 1, ends.Length - _freeAt.Length - 1))];
            TimeSpan wait = Stopwatch.GetElapsedTime(now, Math.Min(end, now + (long)(there.Wait.TotalSeconds * Stopwatch.Frequency)));
            // Rounded up: a timer that rings a little early would find nothing done.
            if (wait > TimeSpan.Zero)
                await Task.Delay((int)Math.Ceiling(wait.TotalMilliseconds) + 1);
            Require();
            now = Stopwatch.GetTimestamp();
            (long Time, Order Order)[] done = [.. _working.Where(w => w.Time <= now)];
            (long Time, Order Order)[] left = [.. _working.Where(w => w.Time > now)];
            _working.Clear();
            foreach ((long Time, Order Order) one in left)
                _working.Enqueue(one);
            Made[] made = [.. done.SelectMany(d => d.Order.Parts).SelectMany(p => Scored(p).Select(r => new Made(p.Item, r, Values(p.Item, r), (float)cluster._seconds)))];
            Interlocked.Add(ref cluster._results, made.Length);
            _number += made.Length + done.Length;
            return cluster.Travel(new Answer(_number, made, [.. done.Select(d => new Finished(d.Order.Id, null, false))], []));
        }

        public Task Close() => Task.CompletedTask;

        private void Require()
        {
            if (silo < Volatile.Read(ref cluster._dead))
                throw new TimeoutException("The silo is dead.");
        }

        private static IEnumerable<int> Scored(OrderPart part) => part.Input ? [-1, .. part.Restorers] : part.Restorers;

        private double[] Values(int item, int restorer) => [.. Enumerable.Range(0, _metrics).Select(m => 20 + ((((item * 31) + (restorer * 7) + m) % 1000) / 97.0))];
    }
}
