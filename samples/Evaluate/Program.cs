using System.CommandLine;
using Gir.Evaluation;
using Gir.Samples;
using Gir.Samples.Evaluate;

var images = new Option<string?>("--images") { Description = "Image file or folder; without it procedural scenes are made.", HelpName = "PATH" };
var tasks = new Option<string[]>("--tasks") { Description = "Sets of tasks; may be repeated: single, representative, cross:SEED, ids such as 1-10,21, or a file. Default: single for scenes, representative for images.", HelpName = "SET" };
var restorers = new Option<string[]>("--restorer") { Description = "A restorer by name; may be repeated. Default: all classical ones.", HelpName = "NAME" };
var lines = new Option<string>("--lines") { Description = "input, published, or a JSON file of lines.", HelpName = "LINES", DefaultValueFactory = _ => "input" };
var metrics = new Option<string>("--metrics") { Description = "Metric names separated by commas; psnr is always there.", HelpName = "NAMES", DefaultValueFactory = _ => "psnr,ssim" };
var output = new Option<string>("--output") { Description = "Folder of report.json and of results.jsonl, from which an interrupted run goes on.", HelpName = "DIR", DefaultValueFactory = _ => "gir-evaluation" };
var limit = new Option<int?>("--limit") { Description = "At most so many images (scenes: default 6).", HelpName = "N" };
var depth = new Option<string?>("--depth") { Description = "Folder of depth maps NAME.png or NAME.npy; without it depth is estimated.", HelpName = "DIR" };
var published = new Option<bool>("--published") { Description = "Print the published results of the GIR paper and stop." };
var force = new Option<bool>("--force") { Description = "Start afresh instead of going on." };
var seed = new Option<ulong>("--seed") { Description = "Seed of scenes and degradations.", HelpName = "N" };
var threads = new Option<int>("--threads") { Description = "Images worked on at a time; the results do not depend on it.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
var strict = new Option<bool>("--strict") { Description = "A line is reached only by more than it (>), not by as much (>=)." };

var command = new RootCommand("How general are image restorers? Degrades images, restores them and reports acceptance and excellence rates.")
{
    images, tasks, restorers, lines, metrics, output, limit, depth, published, force, seed, threads, strict,
};
command.SetAction((parsed, cancellationToken) => EvaluateCommand.RunAsync(
    new EvaluateSettings(
        parsed.GetValue(images),
        parsed.GetValue(tasks) ?? [],
        parsed.GetValue(restorers) ?? [],
        parsed.GetValue(lines)!,
        parsed.GetValue(metrics)!,
        parsed.GetValue(output)!,
        parsed.GetValue(limit),
        parsed.GetValue(depth),
        parsed.GetValue(published),
        parsed.GetValue(force),
        parsed.GetValue(seed),
        parsed.GetValue(threads),
        parsed.GetValue(strict)),
    cancellationToken));
return await SampleHost.RunAsync(command, args, e => e is EvaluationException);
