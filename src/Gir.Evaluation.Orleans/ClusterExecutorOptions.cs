namespace Gir.Evaluation.Orleans;

/// <summary>How a <see cref="ClusterExecutor"/> shares work out.</summary>
public sealed record ClusterExecutorOptions
{
    /// <summary>How long an order of a silo's core should take: longer ones are fewer messages, and more to be made again when a silo is lost. Default: 1 s.</summary>
    public TimeSpan OrderTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo has to answer, at most; also how often results come in. Default: 1 s.</summary>
    public TimeSpan TurnTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After so long without an answer a silo counts as lost; long before that, others make what it is at. Default: 30 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for a silo that can do what is left before the run is given up. Default: 2 min.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often to look for silos that have joined. Default: 1 s.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of one message with a part of an image. Default: 256 KiB.</summary>
    public int ImagePartBytes { get; init; } = 256 << 10;

    /// <summary>Told about once a second how the cluster does; may be null.</summary>
    public IProgress<ClusterState>? Progress { get; init; }

    /// <summary>An answer is overdue after so long.</summary>
    internal TimeSpan Overdue => (2 * TurnTime) + TimeSpan.FromSeconds(3);

    internal void Validate()
    {
        foreach ((string name, TimeSpan time) in new[] { (nameof(OrderTime), OrderTime), (nameof(TurnTime), TurnTime), (nameof(Silence), Silence), (nameof(Patience), Patience), (nameof(Refresh), Refresh) })
        {
            if (time <= TimeSpan.Zero || time > TimeSpan.FromDays(1))
                throw new ArgumentOutOfRangeException(name, $"{name} is {time}; expected more than none, and at most a day.");
        }

        if (Silence < 2 * TurnTime)
            throw new ArgumentOutOfRangeException(nameof(Silence), $"{nameof(Silence)} is {Silence}; expected at least twice {nameof(TurnTime)}, {TurnTime}.");
        if (ImagePartBytes is < 1024 or > (64 << 20))
            throw new ArgumentOutOfRangeException(nameof(ImagePartBytes), $"{nameof(ImagePartBytes)} is {ImagePartBytes}; expected 1024..{64 << 20}.");
    }
}
