namespace Gir.Evaluation.Shards;

/// <summary>Which results of a benchmark a shard makes.</summary>
/// <remarks>
/// Results are counted one by one, those of a task on an image side by side: a shard's border cuts through at most one such pair, so that hardly
/// any image is degraded twice.
/// </remarks>
internal sealed class ShardPlan
{
    private readonly int[] _places;
    private readonly int _tasks;
    private readonly int _scored;
    private readonly long _start;
    private readonly long _end;

    /// <summary>Shares a benchmark out.</summary>
    /// <param name="shard">The part that is asked for.</param>
    /// <param name="images">How many images there are.</param>
    /// <param name="tasks">How many tasks.</param>
    /// <param name="restorers">How many restorers; the degraded image itself is scored beside them.</param>
    /// <exception cref="EvaluationException">There are more shards than results.</exception>
    public ShardPlan(Shard shard, int images, int tasks, int restorers)
    {
        _places = Shard.Shuffled(images * tasks);
        _tasks = tasks;
        _scored = restorers + 1;
        long total = (long)_places.Length * _scored;
        if (shard.Count > total)
            throw new EvaluationException($"Shard {shard}: there are {total} results to make; expected at most so many shards.");
        (_start, _end) = shard.Range(total);
    }

    /// <summary>How many results the shard makes.</summary>
    public int Count => (int)(_end - _start);

    /// <summary>Whether the shard scores one on a task and an image.</summary>
    /// <param name="image">The image, by its place.</param>
    /// <param name="task">The task, by its place.</param>
    /// <param name="scored">0 for the degraded image itself, else the restorer's place from 1.</param>
    public bool Owns(int image, int task, int scored)
    {
        long place = ((long)_places[(image * _tasks) + task] * _scored) + scored;
        return place >= _start && place < _end;
    }
}
