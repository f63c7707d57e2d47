using Microsoft.Extensions.Logging;

namespace Gir.Evaluation.Orleans;

/// <summary>What a coordinator tells a logger.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(1, LogLevel.Information, "Silo {Silo} takes part with {Cores} cores and {Restorers} of the restorers.")]
    public static partial void SiloJoined(ILogger logger, string silo, int cores, int restorers);

    [LoggerMessage(2, LogLevel.Warning, "Silo {Silo} cannot take part: {Reason}.")]
    public static partial void SiloUnfit(ILogger logger, string silo, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Silo {Silo} is lost ({Reason}); others make what it was at.")]
    public static partial void SiloLost(ILogger logger, string silo, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Silo {Silo} failed at image {Image}: {Reason}")]
    public static partial void OrderFailed(ILogger logger, string silo, string image, string reason);

    [LoggerMessage(5, LogLevel.Warning, "The cluster does not answer: {Reason}")]
    public static partial void ClusterSilent(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Silo {Silo} is slow to answer: others make what it is at, too.")]
    public static partial void SiloSlow(ILogger logger, string silo);

    [LoggerMessage(7, LogLevel.Warning, "Silo {Silo} failed at a line of task {Task}: {Reason}")]
    public static partial void LineFailed(ILogger logger, string silo, string task, string reason);
}
