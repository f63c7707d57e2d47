namespace Gir.Models.Training;

/// <summary>Measures steps per second and the share of waiting for patches, without what is no part of a step.</summary>
internal sealed class TrainingClock(TimeProvider time)
{
    private long _start = time.GetTimestamp();
    private TimeSpan _paused;
    private TimeSpan _waited;
    private long _steps;

    public long Now => time.GetTimestamp();

    public void Start()
    {
        _start = Now;
        (_paused, _waited, _steps) = (TimeSpan.Zero, TimeSpan.Zero, 0);
    }

    public void Waited(long since) => _waited += time.GetElapsedTime(since);

    public void Stepped() => _steps++;

    /// <summary>Stops the clock until disposed.</summary>
    public Pause Interrupt() => new(this, Now);

    /// <summary>Steps per second and share of waiting since the last lap; 0 where no time has passed.</summary>
    public (double StepsPerSecond, double DataWaitShare) Lap()
    {
        double seconds = (time.GetElapsedTime(_start) - _paused).TotalSeconds;
        (double, double) lap = seconds > 0 && _steps > 0 ? (_steps / seconds, Math.Clamp(_waited.TotalSeconds / seconds, 0, 1)) : (0, 0);
        Start();
        return lap;
    }

    /// <summary>Time that does not count.</summary>
    public readonly struct Pause(TrainingClock clock, long since) : IDisposable
    {
        public void Dispose() => clock._paused += clock.Elapsed(since);
    }

    private TimeSpan Elapsed(long since) => time.GetElapsedTime(since);
}
