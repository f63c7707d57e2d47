using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Explain;

/// <summary>The command "explain", whose parts show why a network does what it does.</summary>
internal static class ExplainCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("explain", "Shows why a network does what it does.") { Lam(terminal) };
        command.SetAction(HelpText.Show);
        return command;
    }

    private static Command Lam(Terminal terminal)
    {
        Option<string?> input = CommonOptions.Input();
        input.Required = true;
        var model = new Option<string[]>("--model", "-m") { Description = "Name of a trained model or a checkpoint (.pth, .safetensors); may be repeated to compare.", HelpName = "NAME", Required = true };
        var output = new Option<string?>("--output", "-o") { Description = "Folder for the pictures; without it only the indices are printed.", HelpName = "DIR" };
        var window = new Option<string?>("--window", "-w") { Description = "The part of the result to explain: top,left,size or top,left,height,width in its pixels. Default: 16 x 16 in the middle.", HelpName = "Y,X,N" };
        var whole = new Option<bool>("--whole") { Description = "Explain the whole result instead of a window." };
        var around = new Option<int>("--around") { Description = "Side of the square around the window that the network gets to see; 0: all of the image.", HelpName = "N", DefaultValueFactory = _ => 256 };
        var method = new Option<string>("--method") { Description = "local-attribution-map, integrated-gradients or input-gradients.", HelpName = "NAME", DefaultValueFactory = _ => "local-attribution-map" };
        var steps = new Option<int>("--steps") { Description = "Points on the path.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var sigma = new Option<double>("--sigma") { Description = "Standard deviation of the strongest blur on the path.", HelpName = "S", DefaultValueFactory = _ => 1.2 };
        var noise = new Option<double?>("--noise") { Description = "Standard deviation of the noise, 0..255, for networks that are told it.", HelpName = "SIGMA" };
        Option<string?> wrapper = CommonOptions.Wrapper();
        Option<bool> json = CommonOptions.Json();
        Option<bool> force = CommonOptions.Force();
        Option<bool> strict = CommonOptions.Strict();
        Option<int> threads = CommonOptions.Threads();

        var command = new Command("lam", "Which pixels a network used for a window of its result: local attribution maps and their diffusion index.")
        {
            input, model, output, window, whole, around, method, steps, sigma, noise, wrapper, json, force, strict, threads,
        };
        command.SetAction((parsed, cancellationToken) => LamCommand.RunAsync(
            new LamSettings
            {
                Input = parsed.GetValue(input)!,
                Models = parsed.GetValue(model)!,
                Output = parsed.GetValue(output),
                Window = parsed.GetValue(window),
                Whole = parsed.GetValue(whole),
                Around = parsed.GetValue(around),
                Method = parsed.GetValue(method)!,
                Steps = parsed.GetValue(steps),
                Sigma = parsed.GetValue(sigma),
                Noise = parsed.GetValue(noise),
                Wrapper = parsed.GetValue(wrapper),
                Json = parsed.GetValue(json),
                Force = parsed.GetValue(force),
                Strict = parsed.GetValue(strict),
                Threads = parsed.GetValue(threads),
            },
            terminal,
            cancellationToken));
        return command;
    }
}
