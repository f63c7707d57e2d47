using System.CommandLine;
using Gir.Cli.Shell;
using Gir.Models.Zoo;

namespace Gir.Cli.Explain;

/// <summary>The command "explain", whose parts show why a network does what it does.</summary>
internal static class ExplainCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("explain", "Shows why a network does what it does.") { Lam(terminal), Ddr(terminal) };
        command.SetAction(HelpText.Show);
        return command;
    }

    private static Command Lam(Terminal terminal)
    {
        Option<string?> input = CommonOptions.Input();
        input.Required = true;
        Option<string[]> model = Model();
        var output = new Option<string?>("--output", "-o") { Description = "Folder for the pictures; without it only the indices are printed.", HelpName = "DIR" };
        var window = new Option<string?>("--window", "-w") { Description = "The part of the result to explain: top,left,size or top,left,height,width in its pixels. Default: 16 x 16 in the middle.", HelpName = "Y,X,N" };
        var whole = new Option<bool>("--whole") { Description = "Explain the whole result instead of a window." };
        var around = new Option<int>("--around") { Description = "Side of the square around the window that the network gets to see; 0: all of the image.", HelpName = "N", DefaultValueFactory = _ => 256 };
        var method = new Option<string>("--method") { Description = "local-attribution-map, integrated-gradients or input-gradients.", HelpName = "NAME", DefaultValueFactory = _ => "local-attribution-map" };
        var steps = new Option<int>("--steps") { Description = "Points on the path.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var sigma = new Option<double>("--sigma") { Description = "Standard deviation of the strongest blur on the path.", HelpName = "S", DefaultValueFactory = _ => 1.2 };
        Option<double?> noise = Noise();
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

    private static Command Ddr(Terminal terminal)
    {
        Option<string?> input = CommonOptions.Input("Folder of clean image files, or one image file.");
        input.Required = true;
        Option<string[]> model = Model();
        var layer = new Option<string[]>("--layer", "-l") { Description = "Layer whose maps are compared, e.g. body.15; may be repeated. Default: the last before the image is made.", HelpName = "NAME" };
        var list = new Option<bool>("--list-layers") { Description = "List the layers of each model with their maps' sizes, and do nothing else." };
        var output = new Option<string?>("--output", "-o") { Description = "Folder for the figure, ddr.png and ddr.svg; without it only the numbers are printed.", HelpName = "DIR" };
        var degradation = new Option<string[]>("--degradation", "-d") { Description = "A degradation, e.g. \"rain\" or \"blur(sigma=2) + noise\", or clean; may be repeated. Default: clean, blur(sigma=2), noise(sigma=20).", HelpName = "EXPR" };
        var size = new Option<int>("--size") { Description = "Side of the squares that are cut from the images.", HelpName = "N", DefaultValueFactory = _ => 128 };
        var crops = new Option<int>("--crops") { Description = "Squares of each image.", HelpName = "N", DefaultValueFactory = _ => 4 };
        var grid = new Option<int>("--grid") { Description = "Maps are averaged down to so many rows and columns.", HelpName = "N", DefaultValueFactory = _ => 16 };
        var components = new Option<int>("--components") { Description = "Principal components that the index is computed of.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var seed = new Option<ulong>("--seed", "-s") { Description = "Seed of squares, degradations and the figure's layout.", HelpName = "N" };
        Option<double?> noise = Noise();
        Option<string?> wrapper = CommonOptions.Wrapper();
        Option<bool> json = CommonOptions.Json();
        Option<bool> force = CommonOptions.Force();
        Option<bool> strict = CommonOptions.Strict();
        Option<int> threads = CommonOptions.Threads();

        var command = new Command("ddr", "How a network describes degradations inside: deep degradation representations, how much they cluster, and a figure.")
        {
            input, model, layer, list, output, degradation, size, crops, grid, components, seed, noise, wrapper, json, force, strict, threads,
        };
        command.SetAction((parsed, cancellationToken) => DdrCommand.RunAsync(
            new DdrSettings
            {
                Input = parsed.GetValue(input)!,
                Models = parsed.GetValue(model)!,
                Layers = parsed.GetValue(layer) ?? [],
                ListLayers = parsed.GetValue(list),
                Output = parsed.GetValue(output),
                Degradations = parsed.GetValue(degradation) ?? [],
                Size = parsed.GetValue(size),
                Crops = parsed.GetValue(crops),
                Grid = parsed.GetValue(grid),
                Components = parsed.GetValue(components),
                Seed = parsed.GetValue(seed),
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

    private static Option<string[]> Model() =>
        new("--model", "-m") { Description = "Name of a trained model or a checkpoint (.pth, .safetensors); may be repeated to compare.", HelpName = "NAME", DefaultValueFactory = _ => [ModelZoo.Shipped[0]] };

    private static Option<double?> Noise() =>
        new("--noise") { Description = "Standard deviation of the noise, 0..255, for networks that are told it.", HelpName = "SIGMA" };
}
