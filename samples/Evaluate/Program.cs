using System.CommandLine;
using Gir.Evaluation;
using Gir.Models.Serialization;
using Gir.Samples;
using Gir.Samples.Evaluate;

var images = new Option<string?>("--images") { Description = "Image file or folder, instead of a test set.", HelpName = "PATH" };
var testSet = new Option<string?>("--test-set") { Description = "A test set by name, or the file of its manifest. Default: gir-scenes-v1.", HelpName = "NAME" };
var tasks = new Option<string[]>("--tasks") { Description = "Sets of tasks; may be repeated: single, representative, cross (the test set's own), cross:SEED, ids such as 1-10,21, or a file. Default: single for a test set, representative for images.", HelpName = "SET" };
var restorers = new Option<string[]>("--restorer") { Description = "Restorers by name, or checkpoint files (.pth, .safetensors), separated by commas; may be repeated. Default: all classical ones and the trained models.", HelpName = "NAME" };
var lines = new Option<string?>("--lines") { Description = "input, gir (for the test set gir-scenes-v1), published, or a JSON file of lines. Default: gir where they hold, else input.", HelpName = "LINES" };
var metrics = new Option<string>("--metrics") { Description = "Metric names separated by commas; psnr is always there.", HelpName = "NAMES", DefaultValueFactory = _ => "psnr,ssim" };
var output = new Option<string>("--output") { Description = "Folder of report.json and of results.jsonl, from which an interrupted run goes on.", HelpName = "DIR", DefaultValueFactory = _ => "gir-evaluation" };
var limit = new Option<int?>("--limit") { Description = "At most so many images.", HelpName = "N" };
var depth = new Option<string?>("--depth") { Description = "Folder of depth maps NAME.png or NAME.npy; without it depth is estimated.", HelpName = "DIR" };
var published = new Option<bool>("--published") { Description = "Print the published results of the GIR paper and stop." };
var force = new Option<bool>("--force") { Description = "Start afresh instead of going on." };
var seed = new Option<ulong?>("--seed") { Description = "Seed of the degradations. Default: the test set's; 0 for images.", HelpName = "N" };
var threads = new Option<int>("--threads") { Description = "Images worked on at a time; the results do not depend on it.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
var strict = new Option<bool>("--strict") { Description = "A line is reached only by more than it (>), not by as much (>=)." };

var command = new RootCommand("How general are image restorers? Degrades images, restores them and reports acceptance and excellence rates.")
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
    cancellationToken));
return await SampleHost.RunAsync(command, args, e => e is EvaluationException or CheckpointFormatException);
