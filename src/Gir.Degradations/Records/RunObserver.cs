using System.Globalization;
using System.Runtime.InteropServices;
using Gir.Degradations.Kernels;
using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>Collects what a run has to tell its record.</summary>
internal sealed class RunObserver(int steps)
{
    private readonly ulong[] _seeds = new ulong[steps];
    private readonly List<KeyValuePair<string, double>>[] _drawn = [.. Enumerable.Range(0, steps).Select(_ => new List<KeyValuePair<string, double>>())];

    public DegradationDepthRecord? Depth { get; private set; }

    public IReadOnlyList<DegradationStepRecord> Steps => [.. _seeds.Select((seed, i) => new DegradationStepRecord(seed, _drawn[i].AsReadOnly()))];

    public Action<string, double> Listen(int step, ulong seed)
    {
        _seeds[step] = seed;
        List<KeyValuePair<string, double>> drawn = _drawn[step];
        drawn.Clear();
        return (name, value) =>
        {
            // JSON has no such numbers, and a draw is never one: the operator has a fault.
            if (!double.IsFinite(value))
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The drawn value '{name}' is {value}."));
            drawn.Add(KeyValuePair.Create(name, value));
        };
    }

    public void DepthWasRead(string source, ImageBuffer depth) => Depth = new DegradationDepthRecord(source, depth.Height, depth.Width, HashOf(depth));

    public static string HashOf(ImageBuffer image) => string.Create(
        CultureInfo.InvariantCulture, $"xxh64:{XxHash64.Compute(MemoryMarshal.AsBytes(image.Samples)):x16}");
}
