using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gir.Testing;

/// <summary>Hears what a package's meter and activity source say, of this test alone, until disposed.</summary>
public sealed class Listening : IDisposable
{
    private readonly ActivityListener _activities;
    private readonly MeterListener _measurements = new();
    private readonly Activity _test = new Activity("test").Start();

    public Listening(string package)
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == package,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == _test.TraceId)
                    Activities.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_activities);
        _measurements.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == package)
                listener.EnableMeasurementEvents(instrument);
        };
        _measurements.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _measurements.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _measurements.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _measurements.Start();
    }

    /// <summary>Activities that have ended.</summary>
    public ConcurrentQueue<Activity> Activities { get; } = [];

    /// <summary>Measurements: the instrument's name, the value, the tags as "name=value".</summary>
    public ConcurrentQueue<(string Name, double Value, string Tags)> Measurements { get; } = [];

    public void Dispose()
    {
        _activities.Dispose();
        _measurements.Dispose();
        _test.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Activity.Current?.TraceId == _test.TraceId)
            Measurements.Enqueue((instrument.Name, value, string.Join(",", tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
    }
}
