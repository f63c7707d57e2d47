using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Train;

/// <summary>The options of "train quality".</summary>
internal static class QualityCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var recipe = new Option<string>("--recipe", "-r") { Description = "A quality recipe by name or a JSON file.", HelpName = "NAME", DefaultValueFactory = _ => "gir-iqa-synthetic-v1" };
        var images = new Option<string?>("--images", "-i") { Description = "A folder of photographs to learn from, beside the recipe's procedural scenes.", HelpName = "DIR" };
        var test = new Option<string?>("--test") { Description = "A folder of other photographs, to test the models on.", HelpName = "DIR" };
        var output = new Option<string>("--output", "-o") { Description = "Folder of features, checkpoints and models; a run goes on with what is there.", HelpName = "DIR", DefaultValueFactory = _ => "gir-quality" };
        Option<int> threads = CommonOptions.Threads();
        Option<double?> timeLimit = TrainingOptions.TimeLimit();
        var command = new Command("quality", "Trains a learned quality model on synthetic rankings, and tests it.") { recipe, images, test, output, threads, timeLimit };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(QualityCommand.Run(
            new QualitySettings(
                parsed.GetValue(recipe)!,
                parsed.GetValue(images),
                parsed.GetValue(test),
                new RunSettings(parsed.GetValue(output)!, true, parsed.GetValue(threads), parsed.GetValue(timeLimit))),
            terminal,
            cancellationToken)));
        return command;
    }
}
