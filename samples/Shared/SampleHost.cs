using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Gir.Degradations;
using Gir.Imaging.Codecs;

namespace Gir.Samples;

/// <summary>Something the user can put right: told in one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Runs a sample: one line on the error stream and exit code 2 for what the user can put right, 130 after Ctrl-C.</summary>
internal static partial class SampleHost
{
    public const int Failed = 2;
    public const int Interrupted = 130;

    public static async Task<int> RunAsync(RootCommand command, string[] arguments, Func<Exception, bool>? isExpected = null)
    {
        ParseResult parsed = command.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
            return Fail(parsed.Errors.Count > 0 ? parsed.Errors[0].Message : "The arguments cannot be understood.");
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            // The first signal stops the work in good order; a second one ends the process as usual.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("Stopped.");
            return Interrupted;
        }
        catch (Exception e) when (IsExpected(e) || isExpected?.Invoke(e) == true)
        {
            return Fail(e.Message);
        }
    }

    private static bool IsExpected(Exception e) =>
        e is UsageException or DegradationException or ImageFormatException or IOException or UnauthorizedAccessException;

    private static int Fail(string message)
    {
        // What a method calls its parameter means nothing to a user.
        message = MethodParameter().Replace(message.ReplaceLineEndings(" "), "");
        Console.Error.WriteLine("error: " + message);
        return Failed;
    }

    [GeneratedRegex(@" \(Parameter '\w+'\)")]
    private static partial Regex MethodParameter();
}
