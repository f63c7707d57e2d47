using System.CommandLine;
using Gir.Evaluation;
using Gir.Evaluation.TestSets;
using Gir.Models.Serialization;
using Gir.Models.Training;
using Gir.Samples;
using Gir.Samples.Train;

var recipe = new Option<string>("--recipe") { Description = "A recipe by name (see --list) or a JSON file.", HelpName = "NAME", DefaultValueFactory = _ => "gir-reduced" };
var architecture = new Option<string?>("--architecture") { Description = "Another network than the recipe's, by name.", HelpName = "NAME" };
var hyper = new Option<string?>("--hyper") { Description = "The network's hyper-parameters as JSON, e.g. '{\"num_feat\": 32}'.", HelpName = "JSON" };
var tasks = new Option<string[]>("--tasks") { Description = "Other tasks; may be repeated: gir, single, representative, cross:SEED, ids such as 1-10,21, or a file.", HelpName = "SET" };
var images = new Option<string?>("--images") { Description = "A folder of photographs, or \"scenes\" for procedural ones.", HelpName = "DIR|scenes" };
var scenes = new Option<int?>("--scenes") { Description = "How many procedural scenes; beside photographs none by default.", HelpName = "N" };
var iterations = new Option<int?>("--iterations") { Description = "Steps of the optimiser.", HelpName = "N" };
var encoderIterations = new Option<int?>("--encoder-iterations") { Description = "For DASR: so many of the steps, the first, train its degradation encoder by contrast.", HelpName = "N" };
var batch = new Option<int?>("--batch") { Description = "Patches a step.", HelpName = "N" };
var patch = new Option<int?>("--patch") { Description = "Height and width of a patch, a multiple of 4.", HelpName = "N" };
var learningRate = new Option<double?>("--learning-rate") { Description = "Learning rate at the start.", HelpName = "RATE" };
var seed = new Option<ulong?>("--seed") { Description = "Seed of all draws.", HelpName = "N" };
var initial = new Option<string?>("--initial") { Description = "A checkpoint to start from, for fine-tuning.", HelpName = "FILE" };
var output = new Option<string>("--output") { Description = "Folder of checkpoints and log.", HelpName = "DIR", DefaultValueFactory = _ => "gir-training" };
var resume = new Option<bool>("--resume") { Description = "Go on with what the output folder holds." };
var threads = new Option<int>("--threads") { Description = "Threads of the engine; the result does not depend on it.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
var timeLimit = new Option<double?>("--time-limit") { Description = "Save and stop after so many minutes.", HelpName = "MINUTES" };
var list = new Option<bool>("--list") { Description = "List the recipes." };

var command = new RootCommand("Trains image restoration networks by recipes.")
{
    recipe, architecture, hyper, tasks, images, scenes, iterations, encoderIterations, batch, patch, learningRate, seed, initial, output, resume, threads, timeLimit, list,
};
command.SetAction((parsed, cancellationToken) => Task.FromResult(TrainCommand.Run(
    new TrainSettings(
        parsed.GetValue(recipe)!,
        new RecipeOverrides
        {
            Architecture = parsed.GetValue(architecture),
            Hyper = parsed.GetValue(hyper),
            Tasks = parsed.GetValue(tasks) ?? [],
            Images = parsed.GetValue(images),
            Scenes = parsed.GetValue(scenes),
            Iterations = parsed.GetValue(iterations),
            EncoderIterations = parsed.GetValue(encoderIterations),
            Batch = parsed.GetValue(batch),
            Patch = parsed.GetValue(patch),
            LearningRate = parsed.GetValue(learningRate),
            Seed = parsed.GetValue(seed),
            Initial = parsed.GetValue(initial),
        },
        new RunSettings(parsed.GetValue(output)!, parsed.GetValue(resume), parsed.GetValue(threads), parsed.GetValue(timeLimit)),
        parsed.GetValue(list)),
    cancellationToken)));

var acceptance = new Option<string>("--recipe-acceptance") { Description = "The smaller network's recipe: a name or a JSON file.", HelpName = "NAME", DefaultValueFactory = _ => "acceptance-reduced" };
var excellence = new Option<string>("--recipe-excellence") { Description = "The larger network's recipe: a name or a JSON file.", HelpName = "NAME", DefaultValueFactory = _ => "excellence-reduced" };
var initialAcceptance = new Option<string?>("--initial-acceptance") { Description = "A checkpoint that the smaller networks start from.", HelpName = "FILE" };
var initialExcellence = new Option<string?>("--initial-excellence") { Description = "A checkpoint that the larger networks start from.", HelpName = "FILE" };
var iterationsAcceptance = new Option<int?>("--iterations-acceptance") { Description = "Steps of the smaller networks.", HelpName = "N" };
var iterationsExcellence = new Option<int?>("--iterations-excellence") { Description = "Steps of the larger networks.", HelpName = "N" };
var testSet = new Option<string>("--test-set") { Description = "What the networks are measured on: a test set's name or manifest.", HelpName = "NAME", DefaultValueFactory = _ => TestSet.Standard };
var lineTasks = new Option<string[]>("--tasks") { Description = "Tasks to make lines for; may be repeated. Default: single.", HelpName = "SET" };
var linesOutput = new Option<string>("--output") { Description = "Folder of lines.json and of all trainings; a run goes on with what is there.", HelpName = "DIR", DefaultValueFactory = _ => "gir-lines" };
var lines = new Command("lines", "Trains the acceptance and excellence lines of tasks: two networks for each.")
{
    acceptance, excellence, initialAcceptance, initialExcellence, iterationsAcceptance, iterationsExcellence, lineTasks, images, scenes, testSet, linesOutput, threads, timeLimit,
};
lines.SetAction((parsed, cancellationToken) =>
{
    var overrides = new RecipeOverrides { Images = parsed.GetValue(images), Scenes = parsed.GetValue(scenes) };
    return LinesCommand.RunAsync(
        new LinesSettings(
            parsed.GetValue(acceptance)!,
            overrides with { Initial = parsed.GetValue(initialAcceptance), Iterations = parsed.GetValue(iterationsAcceptance) },
            parsed.GetValue(excellence)!,
            overrides with { Initial = parsed.GetValue(initialExcellence), Iterations = parsed.GetValue(iterationsExcellence) },
            parsed.GetValue(lineTasks) ?? [],
            parsed.GetValue(testSet)!,
            new RunSettings(parsed.GetValue(linesOutput)!, true, parsed.GetValue(threads), parsed.GetValue(timeLimit))),
        cancellationToken);
});
command.Subcommands.Add(lines);

var exported = new Option<string>("--input") { Description = "The trained network, e.g. best.safetensors.", HelpName = "FILE", Required = true };
var exportOutput = new Option<string>("--output") { Description = "The safetensors file to write.", HelpName = "FILE", Required = true };
var half = new Option<bool>("--half") { Description = "Write 16-bit floats: half the size." };
var license = new Option<string?>("--license") { Description = "The licence of the weights, kept with them.", HelpName = "TEXT" };
var training = new Option<string?>("--training") { Description = "How they were trained, kept with them.", HelpName = "TEXT" };
var export = new Command("export", "Writes a trained network again, to give it to others.") { exported, exportOutput, half, license, training };
export.SetAction(parsed => ExportCommand.Run(
    parsed.GetValue(exported)!, parsed.GetValue(exportOutput)!, parsed.GetValue(half), parsed.GetValue(license), parsed.GetValue(training)));
command.Subcommands.Add(export);
return await SampleHost.RunAsync(
    command, args, e => e is EvaluationException or CheckpointFormatException or TrainingConfigurationException or TrainingDivergedException);
