using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gir.Imaging.Observability;

/// <summary>The meter and the activity source of a package, both named as it is: what the package does, for whoever listens.</summary>
internal sealed class PackageTelemetry
{
    public PackageTelemetry(Type ofPackage)
    {
        string name = ofPackage.Assembly.GetName().Name!;
        string version = ofPackage.Assembly.GetName().Version!.ToString(3);
        Activities = new ActivitySource(name, version);
        Meter = new Meter(name, version);
    }

    public ActivitySource Activities { get; }

    public Meter Meter { get; }

    /// <summary>A kind of work: an activity "gir.restore" and a histogram "gir.models.restore.duration", in seconds.</summary>
    /// <param name="activity">The activity's name.</param>
    /// <param name="duration">The histogram's name.</param>
    /// <param name="tag">The name of the one tag that both have.</param>
    /// <param name="description">What is measured.</param>
    public TimedWork Work(string activity, string duration, string tag, string description) =>
        new(Activities, activity, Meter.CreateHistogram(duration, "s", description, tags: null, TimedWork.Buckets), tag);
}

/// <summary>A kind of work that is traced and timed where somebody listens, and costs a few nanoseconds where nobody does.</summary>
internal sealed class TimedWork(ActivitySource source, string name, Histogram<double> duration, string tag)
{
    /// <summary>From a patch to a long restoration, in seconds.</summary>
    public static InstrumentAdvice<double> Buckets { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300],
    };

    /// <summary>Begins one piece of it, until disposed.</summary>
    /// <param name="what">The tag's value, one of few: they are kept apart.</param>
    public Piece Begin(string? what) => new(this, what);

    /// <summary>One piece of work. Disposed without <see cref="Complete{T}"/>, it failed.</summary>
    public readonly struct Piece : IDisposable
    {
        private readonly TimedWork _work;
        private readonly string? _what;
        private readonly long _start;

        internal Piece(TimedWork work, string? what)
        {
            (_work, _what) = (work, what);
            Activity = work.Source.StartActivity(work.Name);
            if (what is not null)
                Activity?.SetTag(work.Tag, what);
            _start = work.Duration.Enabled ? Stopwatch.GetTimestamp() : 0;
        }

        /// <summary>The activity; null where nobody listens.</summary>
        public Activity? Activity { get; }

        /// <summary>The work is done.</summary>
        /// <returns>Its result, which is handed through.</returns>
        public T Complete<T>(T result)
        {
            Activity?.SetStatus(ActivityStatusCode.Ok);
            return result;
        }

        public void Dispose()
        {
            if (_start != 0)
            {
                double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
                if (_what is null)
                    _work.Duration.Record(seconds);
                else
                    _work.Duration.Record(seconds, new KeyValuePair<string, object?>(_work.Tag, _what));
            }

            if (Activity is null)
                return;
            if (Activity.Status == ActivityStatusCode.Unset)
                Activity.SetStatus(ActivityStatusCode.Error);
            Activity.Dispose();
        }
    }

    private ActivitySource Source => source;

    private string Name => name;

    private Histogram<double> Duration => duration;

    private string Tag => tag;
}
