using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Serve;

/// <summary>The options of "serve".</summary>
internal static class ServeCommandLine
{
    private const int UsualPort = 8470;
    private const int UsualSide = 768;

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string[]>("--model", "-m") { Description = "Restorers by name and checkpoint files to choose from, separated by commas; may be repeated. Default: all classical ones and the trained models.", HelpName = "NAME" };
        Option<string?> wrapper = CommonOptions.Wrapper();
        var port = new Option<int>("--port", "-p") { Description = "Port; 0: any free one.", HelpName = "N", DefaultValueFactory = _ => UsualPort };
        var listen = new Option<string>("--listen") { Description = "IP address to listen on. Any but 127.0.0.1 and ::1 lets other machines in, which are asked for no password.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
        var side = new Option<int>("--side") { Description = $"Larger images are reduced to so many pixels a side, {ServeCommand.LeastSide} to {ServeCommand.MostSide}.", HelpName = "N", DefaultValueFactory = _ => UsualSide };
        Option<int> threads = CommonOptions.Threads();
        RestorerFactory.Complete(model);
        listen.CompletionSources.Add("127.0.0.1", "::1");

        var command = new Command("serve", "A page on this machine to compose a degradation, restore it, and see and measure what comes out. Nothing is stored, and no other machine can reach it.")
        {
            model, wrapper, port, listen, side, threads,
        };
        command.SetAction((parsed, cancellationToken) => ServeCommand.RunAsync(
            new ServeSettings
            {
                Port = parsed.GetValue(port),
                Listen = parsed.GetValue(listen)!,
                Models = parsed.GetValue(model) ?? [],
                Wrapper = parsed.GetValue(wrapper),
                Side = parsed.GetValue(side),
                Threads = parsed.GetValue(threads),
            },
            terminal,
            cancellationToken));
        return command;
    }
}
