using System.CommandLine;
using System.CommandLine.Completions;
using Gir.Cli.Shell;
using Gir.Evaluation.Recipes;

namespace Gir.Cli.Train;

/// <summary>The options of "train".</summary>
internal static class TrainCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var recipe = new Option<string?>("--recipe", "-r") { Description = "A recipe by name (see --list) or a JSON file. Default: with --resume the one that lies in --output, else gir-reduced.", HelpName = "NAME" };
        var architecture = new Option<string?>("--architecture") { Description = "Another network than the recipe's, by name.", HelpName = "NAME" };
        var hyper = new Option<string?>("--hyper") { Description = "The network's hyper-parameters as JSON, e.g. '{\"num_feat\": 32}'.", HelpName = "JSON" };
        var tasks = new Option<string[]>("--tasks", "-t") { Description = "Other tasks; may be repeated: gir, single, representative, cross:SEED, ids such as 1-10,21, or a file.", HelpName = "SET" };
        Option<string?> images = TrainingOptions.Images();
        Option<int?> scenes = TrainingOptions.Scenes();
        var iterations = new Option<int?>("--iterations") { Description = "Steps of the optimizer.", HelpName = "N" };
        var encoderIterations = new Option<int?>("--encoder-iterations") { Description = "For DASR: so many of the steps, the first, train its degradation encoder by contrast.", HelpName = "N" };
        var batch = new Option<int?>("--batch") { Description = "Patches a step.", HelpName = "N" };
        var patch = new Option<int?>("--patch") { Description = "Height and width of a patch, a multiple of 4.", HelpName = "N" };
        var learningRate = new Option<double?>("--learning-rate") { Description = "Learning rate at the start.", HelpName = "RATE" };
        var seed = new Option<ulong?>("--seed", "-s") { Description = "Seed of all draws.", HelpName = "N" };
        var initial = new Option<string?>("--initial") { Description = "A checkpoint to start from, for fine-tuning.", HelpName = "FILE" };
        var prior = new Option<string?>("--prior") { Description = "For a UGPNet: a prior that another training of the same sizes has trained; its folder, or its prior's weights.", HelpName = "PATH" };
        var output = new Option<string>("--output", "-o") { Description = "Folder of checkpoints and log.", HelpName = "DIR", DefaultValueFactory = _ => "gir-training" };
        var resume = new Option<bool>("--resume") { Description = "Go on with what the output folder holds." };
        Option<int> threads = CommonOptions.Threads();
        Option<double?> timeLimit = TrainingOptions.TimeLimit();
        var list = new Option<bool>("--list", "-l") { Description = "List the recipes." };

        Option<bool> json = CommonOptions.Json("With --list: print JSON instead of a table.");
        Option<bool> dryRun = CommonOptions.DryRun();
        recipe.CompletionSources.Add(_ => TrainingRecipes.All.Select(r => new CompletionItem(r.Name)));

        var command = new Command("train", "Trains image restoration networks by recipes.")
        {
            recipe, architecture, hyper, tasks, images, scenes, iterations, encoderIterations, batch, patch, learningRate, seed, initial, prior, output, resume, threads, timeLimit, list, json, dryRun,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(HelpText.IsBare(parsed) ? HelpText.Show(parsed) : TrainCommand.Run(
            new TrainSettings(
                parsed.GetValue(recipe),
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
                    Prior = parsed.GetValue(prior),
                },
                new RunSettings(parsed.GetValue(output)!, parsed.GetValue(resume), parsed.GetValue(threads), parsed.GetValue(timeLimit)),
                parsed.GetValue(list),
                parsed.GetValue(json),
                parsed.GetValue(dryRun)),
            terminal,
            cancellationToken)));
        command.Subcommands.Add(LinesCommandLine.Create(terminal));
        command.Subcommands.Add(ExportCommandLine.Create(terminal));
        command.Subcommands.Add(QualityCommandLine.Create(terminal));
        return command;
    }
}
