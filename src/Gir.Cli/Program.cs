using System.Runtime.InteropServices;
using Gir.Cli;
using Gir.Cli.Shell;

using var stop = new CancellationTokenSource();

void Stop(PosixSignalContext context)
{
    // The first signal stops the work in good order; a second one ends the process as usual.
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

try
{
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    Terminal terminal = Terminal.OfProcess();
    // Loaded now, while files can be opened: what tells a failure, and the console it is told to.
    Console.OpenStandardError().Write([]);
    Failures.OneLine("");
    if (OpenFileLimit.Complaint() is { } tooFew)
        return Failures.Tell(terminal, tooFew);
    return await GirTool.RunAsync(args, terminal, stop.Token);
}
catch (Exception e)
{
    // The tool tells its failures itself, unless not even its first parts can be loaded.
    Console.Error.WriteLine($"error: gir cannot begin; too few files may be open (ulimit -n), or too little memory is allowed (ulimit -v). {e.Message.ReplaceLineEndings(" ")}");
    return ExitCode.Usage;
}
