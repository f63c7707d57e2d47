using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Degrade;

/// <summary>The options of "degrade".</summary>
internal static class DegradeCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<string>("--input", "-i") { Description = "Image file, or folder of image files.", HelpName = "PATH", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "Folder for the degraded images and records.jsonl.", HelpName = "DIR", Required = true };
        var pipeline = new Option<string?>("--pipeline", "-p") { Description = "Operators, first applied first, e.g. \"haze + blur(sigma=2) + noise\".", HelpName = "EXPR" };
        var task = new Option<string?>("--task") { Description = "A representative task, 1 to 50.", HelpName = "ID" };
        var random = new Option<int?>("--random") { Description = "For each image so many operators, drawn at random with random parameters.", HelpName = "K" };
        var replay = new Option<string?>("--replay") { Description = "Rebuild the images of a records.jsonl from the clean ones.", HelpName = "FILE" };
        var seed = new Option<ulong>("--seed", "-s") { Description = "Seed of all random draws.", HelpName = "N" };
        var quantize = new Option<string?>("--quantize") { Description = "Round to 8 bits after each operator, after the last, or none. Default: each.", HelpName = "WHEN" };
        Option<string?> depth = CommonOptions.Depth();
        var format = new Option<string>("--format") { Description = "png, npy (unrounded) or jpg.", HelpName = "FORMAT", DefaultValueFactory = _ => "png" };
        Option<bool> force = CommonOptions.Force();
        Option<int> threads = CommonOptions.Threads("Images worked on at a time; the results do not depend on it.");

        var command = new Command("degrade", "Degrades images as the GIR benchmark does, and records how, so that every pixel can be rebuilt.")
        {
            input, output, pipeline, task, random, replay, seed, quantize, depth, format, force, threads,
        };
        command.SetAction((parsed, cancellationToken) => DegradeCommand.RunAsync(
            new DegradeSettings(
                parsed.GetValue(input)!,
                parsed.GetValue(output)!,
                parsed.GetValue(pipeline),
                parsed.GetValue(task),
                parsed.GetValue(random),
                parsed.GetValue(replay),
                parsed.GetValue(seed),
                parsed.GetValue(quantize),
                parsed.GetValue(depth),
                parsed.GetValue(format)!,
                parsed.GetValue(force),
                parsed.GetValue(threads)),
            terminal,
            cancellationToken));
        return command;
    }
}
