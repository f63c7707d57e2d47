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
        var restorers = new Option<string[]>("--restorer", "-r") { Description = "Restorers by name, checkpoint files (.pth, .safetensors; of a scale above 1 with an input made smaller by it), or step-by-step(noise=MODEL,..,else=MODEL), separated by commas; may be repeated. Default: all classical ones and the trained models.", HelpName = "NAME" };
        var lines = new Option<string?>("--lines", "-l") { Description = "input, gir (for the test set gir-scenes-v1), published, or a JSON file of lines. Default: gir where they hold, else input.", HelpName = "LINES" };
        var metrics = new Option<string>("--metrics", "-m") { Description = "Metric names separated by commas, or 'all'; psnr is always there.", HelpName = "NAMES", DefaultValueFactory = _ => "psnr,ssim" };
        var output = new Option<string>("--output", "-o") { Description = "Folder of report.html, .json, .md and .csv, and of results.jsonl, from which an interrupted run goes on.", HelpName = "DIR", DefaultValueFactory = _ => "gir-evaluation" };
        var limit = new Option<int?>("--limit") { Description = "At most so many images.", HelpName = "N" };
        var pictures = new Option<int>("--pictures") { Description = "How many comparisons of pictures report.html shows.", HelpName = "N", DefaultValueFactory = _ => 6 };
        var panels = new Option<string?>("--panels") { Description = "Folder whose subfolders become panels of report.html: pictures, tables (.csv) and about.txt, as explain and sweep leave them. Default: panels in the folder of --output.", HelpName = "DIR" };
        Option<string?> depth = CommonOptions.Depth();
        var categories = new Option<bool>("--categories") { Description = "The subfolders of --images are categories of scenes, and are reported one by one; --limit is then for each." };
        var cost = new Option<bool>("--cost") { Description = "Measure parameters, operations and time of every restorer, beside its quality." };
        var published = new Option<bool>("--published") { Description = "Print the published results of the GIR paper and stop." };
        Option<bool> force = CommonOptions.Force("Start afresh instead of going on.");
        var seed = new Option<ulong?>("--seed", "-s") { Description = "Seed of the degradations. Default: the test set's; 0 for images.", HelpName = "N" };
        Option<int> threads = CommonOptions.Threads("Images worked on at a time; the results do not depend on it.");
        var aboveLines = new Option<bool>("--above-lines") { Description = "A line is reached only by more than it (>), not by as much (>=)." };
        Option<string?> wrapper = CommonOptions.Wrapper();
        Option<string[]> gate = CommonOptions.Gate("What every restorer must reach: ar, er or a metric, e.g. \"ar>=0.5\", may be repeated; or a gate with tasks of its own: gir-v1, or a JSON file (then of the trained models where no --restorer is named). Exit code 1 where one does not.");
        var shard = new Option<string?>("--shard") { Description = "One of several equal parts, for other machines to make the others: 2/8 is the second of eight. Its folder holds results alone; \"gir evaluate merge\" puts the parts together.", HelpName = "I/N" };
        Option<string> cluster = CommonOptions.Cluster();
        Option<bool> json = CommonOptions.Json("Print the report as JSON instead of tables.");
        Option<bool> strict = CommonOptions.Strict();
        Option<bool> dryRun = CommonOptions.DryRun();
        RestorerFactory.Complete(restorers);

        var command = new Command("evaluate", "How general are image restorers? Degrades images, restores them and reports acceptance and excellence rates.")
        {
            images, testSet, tasks, restorers, wrapper, lines, metrics, output, limit, pictures, panels, depth, categories, cost, published, force, seed, threads, aboveLines, gate, shard, cluster, json, strict, dryRun,
        };
        command.SetAction((parsed, cancellationToken) => EvaluateCommand.RunAsync(
            new EvaluateSettings
            {
                Images = parsed.GetValue(images),
                TestSet = parsed.GetValue(testSet),
                Tasks = parsed.GetValue(tasks) ?? [],
                Restorers = parsed.GetValue(restorers) ?? [],
                Wrapper = parsed.GetValue(wrapper),
                Lines = parsed.GetValue(lines),
                Metrics = parsed.GetValue(metrics)!,
                Output = parsed.GetValue(output)!,
                Limit = parsed.GetValue(limit),
                Pictures = parsed.GetValue(pictures),
                Panels = parsed.GetValue(panels),
                Depth = parsed.GetValue(depth),
                Categories = parsed.GetValue(categories),
                Cost = parsed.GetValue(cost),
                Published = parsed.GetValue(published),
                Force = parsed.GetValue(force),
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
                AboveLines = parsed.GetValue(aboveLines),
                Gates = parsed.GetValue(gate) ?? [],
                Shard = parsed.GetValue(shard),
                Cluster = parsed.GetValue(cluster),
                Json = parsed.GetValue(json),
                Strict = parsed.GetValue(strict),
                DryRun = parsed.GetValue(dryRun),
            },
            terminal,
            cancellationToken));
        command.Subcommands.Add(MergeCommand.Create(terminal));
        return command;
    }
}
