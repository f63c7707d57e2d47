using Microsoft.Extensions.Logging;

namespace Gir.Models;

/// <summary>What this package tells a logger.</summary>
internal static partial class ModelsLog
{
    [LoggerMessage(1, LogLevel.Information, "Restorer '{Key}' loaded from {Source}: {Architecture}, {Parameters} parameters, {Milliseconds:F0} ms.")]
    public static partial void Loaded(ILogger logger, string key, string source, string architecture, long parameters, double milliseconds);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Restorer '{Key}' runs some seventy times slower than it could: this process has no fused multiply-add. If it was compiled ahead of time, compile it for x86-64-v3 (IlcInstructionSet); else DOTNET_EnableHWIntrinsic or DOTNET_EnableFMA is 0, or the processor is from before 2015.")]
    public static partial void NoFusedMultiplyAdd(ILogger logger, string key);

    [LoggerMessage(3, LogLevel.Information, "Training of {Architecture} in '{Output}' begins at step {Step} of {Iterations}.")]
    public static partial void TrainingBegins(ILogger logger, string architecture, string output, long step, long iterations);

    [LoggerMessage(4, LogLevel.Information, "Training in '{Output}' stands at step {Step} of {Iterations}, loss {Loss:G4}.")]
    public static partial void TrainingEnds(ILogger logger, string output, long step, long iterations, double loss);
}
