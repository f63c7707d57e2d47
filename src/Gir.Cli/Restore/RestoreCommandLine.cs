using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Restore;

/// <summary>The options of "restore".</summary>
internal static class RestoreCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<string?>("--input", "-i") { Description = "Image file, or folder of image files; .npy keeps samples as they are.", HelpName = "PATH" };
        var output = new Option<string?>("--output", "-o") { Description = "File for one image, folder for several (then as png, npy for npy).", HelpName = "PATH" };
        var model = new Option<string?>("--model", "-m") { Description = "Name of a trained model or of a classical restorer, e.g. \"median(size=5)\" (see --list), or a checkpoint (.pth, .safetensors).", HelpName = "NAME" };
        var options = new Option<string?>("--options") { Description = "JSON file with hyper-parameters that the checkpoint does not say.", HelpName = "FILE" };
        var tile = new Option<int?>("--tile") { Description = "Size of tiles in input pixels; 0: never tile. Default: whole where --memory allows, else the largest tiles that it does.", HelpName = "N" };
        var overlap = new Option<int?>("--overlap") { Description = "Pixels that neighbouring tiles share. Default: 64, at most half a tile.", HelpName = "N" };
        var memory = new Option<int?>("--memory") { Description = "MiB that the network may use at a time beside weights and images. Default: 512.", HelpName = "MIB" };
        var ensemble = new Option<bool>("--ensemble") { Description = "Average the results of eight orientations." };
        var noise = new Option<double?>("--noise") { Description = "Standard deviation of the noise, 0..255, for networks that are told it.", HelpName = "SIGMA" };
        var sheet = new Option<string?>("--sheet") { Description = "Also write one image with every input beside its result.", HelpName = "FILE" };
        var list = new Option<bool>("--list", "-l") { Description = "List the trained models, the architectures and the classical restorers." };
        Option<bool> force = CommonOptions.Force();
        Option<int> threads = CommonOptions.Threads();

        var command = new Command("restore", "Restores images with a published checkpoint or a classical method.")
        {
            input, output, model, options, tile, overlap, memory, ensemble, noise, sheet, list, force, threads,
        };
        command.SetAction((parsed, cancellationToken) => RestoreCommand.RunAsync(
            new RestoreSettings(
                parsed.GetValue(input),
                parsed.GetValue(output),
                parsed.GetValue(model),
                parsed.GetValue(options),
                parsed.GetValue(tile),
                parsed.GetValue(overlap),
                parsed.GetValue(memory),
                parsed.GetValue(ensemble),
                parsed.GetValue(noise),
                parsed.GetValue(sheet),
                parsed.GetValue(list),
                parsed.GetValue(force),
                parsed.GetValue(threads)),
            terminal,
            cancellationToken));
        return command;
    }
}
