using Gir.Imaging.Text;
using Microsoft.ML.OnnxRuntime;

namespace Gir.Models.OnnxRuntime.Sessions;

/// <summary>Where models run.</summary>
internal static class Providers
{
    private const string Suffix = "ExecutionProvider";
    private const string Processor = "cpu";

    /// <summary>Session options for a model.</summary>
    /// <exception cref="OnnxModelException">The native library does not have a provider.</exception>
    public static SessionOptions Session(string source, OnnxRestorerOptions options)
    {
        // What goes wrong comes as an exception: nothing is written to the error stream.
        var session = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            if (options.Restoration.MaxDegreeOfParallelism is { } threads)
                session.IntraOpNumThreads = threads;
            string[] available = OrtEnv.Instance().GetAvailableProviders();
            foreach (string name in options.Providers)
                Append(session, source, name, options.DeviceId, available);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Append(SessionOptions session, string source, string name, int device, string[] available)
    {
        string? provider = available.FirstOrDefault(p => string.Equals(p, name + Suffix, StringComparison.OrdinalIgnoreCase));
        if (provider is null)
        {
            throw new OnnxModelException(
                source,
                $"this build of ONNX Runtime has no provider '{Suggestion.Shortened(name)}'; it has {string.Join(", ", available.Select(Short))}. Others come with other native packages, e.g. Microsoft.ML.OnnxRuntime.Gpu for cuda.");
        }

        switch (Short(provider))
        {
            case Processor:
                break;
            case "cuda":
                session.AppendExecutionProvider_CUDA(device);
                break;
            case "tensorrt":
                session.AppendExecutionProvider_Tensorrt(device);
                break;
            case "dml":
                session.AppendExecutionProvider_DML(device);
                break;
            default:
                session.AppendExecutionProvider(provider[..^Suffix.Length]);
                break;
        }
    }

    private static string Short(string provider) =>
        (provider.EndsWith(Suffix, StringComparison.Ordinal) ? provider[..^Suffix.Length] : provider).ToLowerInvariant();
}
