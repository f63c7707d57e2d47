using System.CommandLine;
using System.CommandLine.Completions;
using Gir.Cli.Shell;

namespace Gir.Cli.Degrade;

/// <summary>The options of "degrade".</summary>
internal static class DegradeCommandLine
{
    public static Command Create(Terminal terminal)
    {
        Option<string?> input = CommonOptions.Input();
        var output = new Option<string?>("--output", "-o") { Description = "Folder for the degraded images and records.jsonl; for one image also its file, with records.jsonl beside it, or - for the output.", HelpName = "PATH" };
        var pipeline = new Option<string?>("--pipeline", "-p") { Description = "Operators, first applied first, e.g. \"haze + blur(sigma=2) + noise\" (see --list).", HelpName = "EXPR" };
        var task = new Option<string?>("--task") { Description = "A representative task, 1 to 50, or cross:SEED:N, the Nth of the 50 random tasks of a seed.", HelpName = "ID" };
        var random = new Option<int?>("--random") { Description = "For each image so many operators, drawn at random with random parameters.", HelpName = "K" };
        var replay = new Option<string?>("--replay") { Description = "Rebuild the images of a records.jsonl from the clean ones.", HelpName = "FILE" };
        var seed = new Option<ulong>("--seed", "-s") { Description = "Seed of all random draws.", HelpName = "N" };
        var quantize = new Option<string?>("--quantize") { Description = "Round to 8 bits after each operator, after the last, or none. Default: each.", HelpName = "WHEN" };
        Option<string?> depth = CommonOptions.Depth();
        var format = new Option<string?>("--format") { Description = "png, npy (unrounded), jpg or bmp. Default: as a file of --output is called, else png.", HelpName = "FORMAT" };
        Option<int?> bits = CommonOptions.Bits();
        Option<bool> force = CommonOptions.Force();
        Option<bool> resume = CommonOptions.Resume("Go on with what the output folder holds: nothing is made twice.");
        Option<bool> strict = CommonOptions.Strict();
        Option<bool> dryRun = CommonOptions.DryRun();
        var list = new Option<bool>("--list", "-l") { Description = "List the operators with their parameters." };
        Option<bool> json = CommonOptions.Json("With --list: print JSON instead of a table.");
        Option<int> threads = CommonOptions.Threads("Images worked on at a time; the results do not depend on it.");
        task.CompletionSources.Add(_ => Enumerable.Range(1, 50).Select(i => new CompletionItem($"{i}")));
        quantize.CompletionSources.Add("each", "last", "none");
        format.CompletionSources.Add("png", "npy", "jpg", "bmp");

        var command = new Command("degrade", "Degrades images as the GIR benchmark does, and records how, so that every pixel can be rebuilt.")
        {
            input, output, pipeline, task, random, replay, seed, quantize, depth, format, bits, force, resume, strict, dryRun, list, json, threads,
        };
        command.SetAction((parsed, cancellationToken) => DegradeCommand.RunAsync(
            new DegradeSettings
            {
                Input = parsed.GetValue(input),
                Output = parsed.GetValue(output),
                Pipeline = parsed.GetValue(pipeline),
                Task = parsed.GetValue(task),
                Random = parsed.GetValue(random),
                Replay = parsed.GetValue(replay),
                Seed = parsed.GetValue(seed),
                Quantize = parsed.GetValue(quantize),
                Depth = parsed.GetValue(depth),
                Format = parsed.GetValue(format),
                Bits = parsed.GetValue(bits),
                Force = parsed.GetValue(force),
                Resume = parsed.GetValue(resume),
                Strict = parsed.GetValue(strict),
                DryRun = parsed.GetValue(dryRun),
                List = parsed.GetValue(list),
                Json = parsed.GetValue(json),
                Threads = parsed.GetValue(threads),
            },
            terminal,
            cancellationToken));
        return command;
    }
}
