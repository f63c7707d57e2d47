using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Evaluate;

/// <summary>The options of "evaluate".</summary>
internal static class EvaluateCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var images = new Option<string?>("--images", "-i") { Description = "Image file or folder, instead of a test set.", HelpName = "PATH" };
        var testSet = new Option<string?>("--test-set") { Description = "A test set by name, or the file of its manifest. Default: gir-scenes-v1.", HelpName = "NAME" };
        var tasks = new Option<string[]>("--tasks", "-t") { Description = "Sets of tasks; may be repeated: single, representative, cross (the test set's own), cross:SEED, ids such as 1-10,21, or a file. Default: single for a test set, representative for images.", HelpName = "SET" };
        var restorers = new Option<string[]>("--restorer", "-r") { Description = "Restorers by name, or checkpoint files (.pth, .safetensors), separated by commas; may be repeated. Default: all classical ones and the trained models.", HelpName = "NAME" };
        var lines = new Option<string?>("--lines", "-l") { Description = "input, gir (for the test set gir-scenes-v1), published, or a JSON file of lines. Default: gir where they hold, else input.", HelpName = "LINES" };
        var metrics = new Option<string>("--metrics", "-m") { Description = "Metric names separated by commas; psnr is always there.", HelpName = "NAMES", DefaultValueFactory = _ => "psnr,ssim" };
        var output = new Option<string>("--output", "-o") { Description = "Folder of report.json and of results.jsonl, from which an interrupted run goes on.", HelpName = "DIR", DefaultValueFactory = _ => "gir-evaluation" };
        var limit = new Option<int?>("--limit") { Description = "At most so many images.", HelpName = "N" };
        Option<string?> depth = CommonOptions.Depth();
        var published = new Option<bool>("--published") { Description = "Print the published results of the GIR paper and stop." };
        Option<bool> force = CommonOptions.Force("Start afresh instead of going on.");
        var seed = new Option<ulong?>("--seed", "-s") { Description = "Seed of the degradations. Default: the test set's; 0 for images.", HelpName = "N" };
        Option<int> threads = CommonOptions.Threads("Images worked on at a time; the results do not depend on it.");
        var strict = new Option<bool>("--strict") { Description = "A line is reached only by more than it (>), not by as much (>=)." };

        var command = new Command("evaluate", "How general are image restorers? Degrades images, restores them and reports acceptance and excellence rates.")
        {
            images, testSet, tasks, restorers, lines, metrics, output, limit, depth, published, force, seed, threads, strict,
        };
        command.SetAction((parsed, cancellationToken) => EvaluateCommand.RunAsync(
            new EvaluateSettings(
                parsed.GetValue(images),
                parsed.GetValue(testSet),
                parsed.GetValue(tasks) ?? [],
                parsed.GetValue(restorers) ?? [],
                parsed.GetValue(lines),
                parsed.GetValue(metrics)!,
                parsed.GetValue(output)!,
                parsed.GetValue(limit),
                parsed.GetValue(depth),
                parsed.GetValue(published),
                parsed.GetValue(force),
                parsed.GetValue(seed),
                parsed.GetValue(threads),
                parsed.GetValue(strict)),
            terminal,
            cancellationToken));
        return command;
    }
}
