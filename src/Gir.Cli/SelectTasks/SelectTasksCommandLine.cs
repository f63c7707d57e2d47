using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.SelectTasks;

/// <summary>The options of "select-tasks".</summary>
internal static class SelectTasksCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var images = new Option<string?>("--images", "-i") { Description = "Clean image file or folder that shows what the candidates do. Default: procedural scenes.", HelpName = "PATH" };
        var limit = new Option<int>("--limit") { Description = "At most so many images.", HelpName = "N", DefaultValueFactory = _ => 4 };
        var size = new Option<int>("--size") { Description = "Rows and columns that are taken from the middle of each image.", HelpName = "N", DefaultValueFactory = _ => 128 };
        var orders = new Option<string>("--orders", "-k") { Description = "How many operators are composed: numbers and ranges of 1..5.", HelpName = "1-5", DefaultValueFactory = _ => "1-5" };
        var candidates = new Option<int>("--candidates", "-c") { Description = "Candidates of each order; where there are no more sequences than that, all of them.", HelpName = "N", DefaultValueFactory = _ => 3000 };
        var perOrder = new Option<int>("--per-order", "-n") { Description = "Tasks chosen for each order.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var strength = new Option<string>("--strength") { Description = "representative: the parameters of the benchmark; random: drawn from the published ranges.", HelpName = "NAME", DefaultValueFactory = _ => "representative" };
        var seed = new Option<ulong>("--seed", "-s") { Description = "Seed of candidates, degradations and clustering.", HelpName = "N" };
        var output = new Option<string>("--output", "-o") { Description = "File of the tasks, for 'gir evaluate --tasks FILE'.", HelpName = "FILE", DefaultValueFactory = _ => "gir-tasks.txt" };
        Option<bool> force = CommonOptions.Force();
        Option<bool> json = CommonOptions.Json();
        Option<bool> strict = CommonOptions.Strict();
        Option<bool> dryRun = CommonOptions.DryRun();
        Option<int> threads = CommonOptions.Threads();

        var command = new Command("select-tasks", "Chooses few test tasks that stand for many: degrades images by all sequences of operators, or by some, groups what comes of it, and takes the center of each group.")
        {
            images, limit, size, orders, candidates, perOrder, strength, seed, output, force, json, strict, dryRun, threads,
        };
        command.SetAction((parsed, cancellationToken) => SelectTasksCommand.RunAsync(
            new SelectTasksSettings
            {
                Images = parsed.GetValue(images),
                Limit = parsed.GetValue(limit),
                Size = parsed.GetValue(size),
                Orders = parsed.GetValue(orders)!,
                Candidates = parsed.GetValue(candidates),
                PerOrder = parsed.GetValue(perOrder),
                Strength = parsed.GetValue(strength)!,
                Seed = parsed.GetValue(seed),
                Output = parsed.GetValue(output)!,
                Force = parsed.GetValue(force),
                Json = parsed.GetValue(json),
                Strict = parsed.GetValue(strict),
                DryRun = parsed.GetValue(dryRun),
                Threads = parsed.GetValue(threads),
            },
            terminal,
            cancellationToken));
        return command;
    }
}
