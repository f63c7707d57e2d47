namespace Gir.Evaluation.Tests;

/// <summary>Keeps all that a benchmark reports, and tells it at once.</summary>
internal sealed class BenchmarkListener(Action<BenchmarkProgress>? told = null) : IProgress<BenchmarkProgress>
{
    public List<BenchmarkProgress> All { get; } = [];

    public void Report(BenchmarkProgress value)
    {
        lock (All)
            All.Add(value);
        told?.Invoke(value);
    }
}
