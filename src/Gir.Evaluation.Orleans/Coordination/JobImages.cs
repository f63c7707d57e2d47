using System.Collections.Concurrent;
using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Execution;
using Gir.Imaging;

namespace Gir.Evaluation.Orleans.Coordination;

/// <summary>A job's images, packed for travelling: loaded when the first silo needs them, kept while there is work on them. Safe for concurrent use.</summary>
internal sealed class JobImages(BenchmarkJob job) : IDisposable
{
    // An image is large as floats: no more than so many are unpacked at a time.
    private readonly SemaphoreSlim _loading = new(2);
    private readonly ConcurrentDictionary<(int Image, bool Depth), Lazy<Task<ImagePacket?>>> _packets = new();

    /// <summary>An image.</summary>
    /// <exception cref="Exception">It cannot be loaded.</exception>
    public async Task<ImagePacket> CleanAsync(int image) => (await Get(image, depth: false))!;

    /// <summary>An image's depth; null where it has none, or the task needs none.</summary>
    public Task<ImagePacket?> DepthAsync(int image, IEnumerable<OrderPart> parts) =>
        parts.Any(p => job.Tasks[p.Task].Pipeline.UsesDepth) ? Get(image, depth: true) : Task.FromResult<ImagePacket?>(null);

    /// <summary>Nobody works on an image any more: it is loaded again should that change.</summary>
    public void Forget(int image)
    {
        _packets.TryRemove((image, false), out _);
        _packets.TryRemove((image, true), out _);
    }

    public void Dispose() => _loading.Dispose();

    private Task<ImagePacket?> Get(int image, bool depth) =>
        _packets.GetOrAdd((image, depth), key => new Lazy<Task<ImagePacket?>>(() => Task.Run(() => LoadAsync(key.Image, key.Depth)))).Value;

    private async Task<ImagePacket?> LoadAsync(int image, bool depth)
    {
        await _loading.WaitAsync();
        try
        {
            ImageBuffer? loaded = depth ? job.Images[image].LoadDepth() : job.Images[image].Load();
            return loaded is null ? null : ImagePacket.Of(loaded);
        }
        finally
        {
            _loading.Release();
        }
    }
}
