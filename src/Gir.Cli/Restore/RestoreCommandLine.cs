using System.CommandLine;
using Gir.Cli.Shell;
using Gir.Models.Zoo;

namespace Gir.Cli.Restore;

/// <summary>The options of "restore".</summary>
internal static class RestoreCommandLine
{
    public static Command Create(Terminal terminal)
    {
        Option<string?> input = CommonOptions.Input("Image file, folder of image files, or - for the input; .npy keeps samples as they are.");
        var output = new Option<string?>("--output", "-o") { Description = "File for one image, folder for several (then as png, npy for npy), or - for the output.", HelpName = "PATH" };
        var model = new Option<string>("--model", "-m") { Description = "Name of a trained model or of a classical restorer, e.g. \"median(size=5)\" (see --list), a checkpoint (.pth, .safetensors), or a training's folder, with settings too: \"latent-diffusion(folder=trained, steps=10)\".", HelpName = "NAME", DefaultValueFactory = _ => ModelZoo.Shipped[0] };
        var options = new Option<string?>("--options") { Description = "JSON file with hyper-parameters that the checkpoint does not say.", HelpName = "FILE" };
        Option<string?> wrapper = CommonOptions.Wrapper();
        var tile = new Option<int?>("--tile") { Description = "Size of tiles in input pixels; 0: never tile. Default: whole where --memory allows, else the largest tiles that it does.", HelpName = "N" };
        var overlap = new Option<int?>("--overlap") { Description = "Pixels that neighboring tiles share. At most half a tile. Default: what the network wants, 64 or (GirNet) 128.", HelpName = "N" };
        var memory = new Option<int?>("--memory") { Description = "MiB that the network may use at a time beside weights and images. Default: 512.", HelpName = "MIB" };
        var ensemble = new Option<bool>("--ensemble") { Description = "Average the results of eight orientations." };
        var noise = new Option<double?>("--noise") { Description = "Standard deviation of the noise, 0..255, for networks that are told it.", HelpName = "SIGMA" };
        var sheet = new Option<string?>("--sheet") { Description = "Also write one image with every input beside its result.", HelpName = "FILE" };
        var format = new Option<string?>("--format") { Description = "png, jpg, bmp or npy, for folders and for the output. Default: png, npy for npy.", HelpName = "FORMAT" };
        Option<int?> bits = CommonOptions.Bits();
        var allowNonFinite = new Option<bool>("--allow-non-finite") { Description = "Write results that hold NaN or infinity all the same, to .npy files." };
        var list = new Option<bool>("--list", "-l") { Description = "List the trained models, the architectures and the classical restorers." };
        Option<bool> json = CommonOptions.Json("With --list: print JSON instead of a table.");
        Option<bool> force = CommonOptions.Force();
        Option<bool> resume = CommonOptions.Resume("Keep the results that are there, whatever made them, and make the others.");
        Option<bool> strict = CommonOptions.Strict();
        Option<bool> dryRun = CommonOptions.DryRun();
        Option<int> threads = CommonOptions.Threads();
        RestorerFactory.Complete(model);

        var command = new Command("restore", "Restores images with a trained model, a published checkpoint or a classical method.")
        {
            input, output, model, options, wrapper, tile, overlap, memory, ensemble, noise, sheet, format, bits, allowNonFinite, list, json, force, resume, strict, dryRun, threads,
        };
        command.SetAction((parsed, cancellationToken) => RestoreCommand.RunAsync(
            new RestoreSettings
            {
                Input = parsed.GetValue(input),
                Output = parsed.GetValue(output),
                Model = parsed.GetValue(model)!,
                Options = parsed.GetValue(options),
                Wrapper = parsed.GetValue(wrapper),
                Tile = parsed.GetValue(tile),
                Overlap = parsed.GetValue(overlap),
                Memory = parsed.GetValue(memory),
                Ensemble = parsed.GetValue(ensemble),
                Noise = parsed.GetValue(noise),
                Sheet = parsed.GetValue(sheet),
                Format = parsed.GetValue(format),
                Bits = parsed.GetValue(bits),
                AllowNonFinite = parsed.GetValue(allowNonFinite),
                List = parsed.GetValue(list),
                Json = parsed.GetValue(json),
                Force = parsed.GetValue(force),
                Resume = parsed.GetValue(resume),
                Strict = parsed.GetValue(strict),
                DryRun = parsed.GetValue(dryRun),
                Threads = parsed.GetValue(threads),
            },
            terminal,
            cancellationToken));
        return command;
    }
}
