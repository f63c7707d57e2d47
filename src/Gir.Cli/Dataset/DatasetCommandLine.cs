using System.CommandLine;
using Gir.Cli.Evaluate;
using Gir.Cli.Shell;

namespace Gir.Cli.Dataset;

/// <summary>"dataset" with its two commands.</summary>
internal static class DatasetCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("dataset", "Sets of degraded images as small files: whoever has the clean images rebuilds them bit for bit.");
        command.Subcommands.Add(CreateCommand(terminal));
        command.Subcommands.Add(BuildCommand(terminal));
        command.SetAction(HelpText.Show);
        return command;
    }

    private static Option<string> Images() => new("--images", "-i") { Description = "Folder of the clean images.", HelpName = "DIR", Required = true };

    private static Option<bool> Categories() => new("--categories") { Description = "The images lie in subfolders of --images, a folder for each category of scenes." };

    private static Command CreateCommand(Terminal terminal)
    {
        Option<string> images = Images();
        Option<bool> categories = Categories();
        var tasks = new Option<string[]>("--tasks", "-t") { Description = "Sets of tasks, as in evaluate; may be repeated. Default: representative.", HelpName = "SET" };
        var seed = new Option<ulong>("--seed", "-s") { Description = "Seed of the degradations.", HelpName = "N" };
        var limit = new Option<int?>("--limit") { Description = "At most so many images, or so many of each category.", HelpName = "N" };
        Option<string?> depth = CommonOptions.Depth();
        var output = new Option<string>("--output", "-o") { Description = "The set's JSON file.", HelpName = "FILE", DefaultValueFactory = _ => "gir-set.json" };
        Option<bool> force = CommonOptions.Force();
        Option<int> threads = CommonOptions.Threads();
        var command = new Command("create", "Degrades clean images by tasks and writes down what came of it: names, tasks, seed and hashes, no pictures.")
        {
            images, categories, tasks, seed, limit, depth, output, force, threads,
        };
        command.SetAction((parsed, cancellationToken) => DatasetCommand.CreateAsync(
            new DatasetSettings(
                new EvaluateSettings
                {
                    Images = parsed.GetValue(images),
                    Categories = parsed.GetValue(categories),
                    Tasks = parsed.GetValue(tasks) is { Length: > 0 } named ? named : ["representative"],
                    Seed = parsed.GetValue(seed),
                    Limit = parsed.GetValue(limit),
                    Depth = parsed.GetValue(depth),
                    Force = parsed.GetValue(force),
                    Threads = parsed.GetValue(threads),
                    Strict = true,
                    Metrics = "",
                    Output = "",
                },
                parsed.GetValue(output)!),
            terminal,
            cancellationToken));
        return command;
    }

    private static Command BuildCommand(Terminal terminal)
    {
        var manifest = new Option<string>("--set") { Description = "The set's JSON file.", HelpName = "FILE", Required = true };
        Option<string> images = Images();
        Option<bool> categories = Categories();
        Option<string?> depth = CommonOptions.Depth();
        var output = new Option<string>("--output", "-o") { Description = "Folder for the degraded images, a folder for each task.", HelpName = "DIR", Required = true };
        Option<bool> force = CommonOptions.Force();
        Option<int> threads = CommonOptions.Threads();
        var command = new Command("build", "Rebuilds the degraded images of a set from the clean ones, as PNG, and checks that they are the same bit for bit.")
        {
            manifest, images, categories, depth, output, force, threads,
        };
        command.SetAction((parsed, cancellationToken) => DatasetCommand.BuildAsync(
            new DatasetSettings(
                new EvaluateSettings
                {
                    Images = parsed.GetValue(images),
                    Categories = parsed.GetValue(categories),
                    Depth = parsed.GetValue(depth),
                    Force = parsed.GetValue(force),
                    Threads = parsed.GetValue(threads),
                    Strict = true,
                    Metrics = "",
                    Output = parsed.GetValue(output)!,
                },
                parsed.GetValue(manifest)!),
            terminal,
            cancellationToken));
        return command;
    }
}
