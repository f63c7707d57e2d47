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

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await GirTool.RunAsync(args, Terminal.OfProcess(), stop.Token);
