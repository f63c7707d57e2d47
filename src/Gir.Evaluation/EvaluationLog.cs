using Microsoft.Extensions.Logging;

namespace Gir.Evaluation;

/// <summary>What a benchmark tells a logger.</summary>
internal static partial class EvaluationLog
{
    [LoggerMessage(1, LogLevel.Information, "Benchmark begins: {Total} results, of which {Kept} are kept from before.")]
    public static partial void BenchmarkBegins(ILogger logger, int kept, int total);

    [LoggerMessage(2, LogLevel.Debug, "Task {Task} on image {Image} took {Seconds:F2} s.")]
    public static partial void UnitDone(ILogger logger, string task, string image, double seconds);

    [LoggerMessage(3, LogLevel.Information, "Benchmark done: {Total} results in {Seconds:F1} s.")]
    public static partial void BenchmarkDone(ILogger logger, int total, double seconds);

    [LoggerMessage(4, LogLevel.Error, "Benchmark stopped after {Done} of {Total} results.")]
    public static partial void BenchmarkFailed(ILogger logger, Exception failure, int done, int total);
}
