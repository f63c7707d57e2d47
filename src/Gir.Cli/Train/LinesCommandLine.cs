using System.CommandLine;
using Gir.Cli.Shell;
using Gir.Evaluation.TestSets;

namespace Gir.Cli.Train;

/// <summary>The options of "train lines".</summary>
internal static class LinesCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var acceptance = new Option<string>("--recipe-acceptance") { Description = "The smaller network's recipe: a name or a JSON file.", HelpName = "NAME", DefaultValueFactory = _ => "acceptance-reduced" };
        var excellence = new Option<string>("--recipe-excellence") { Description = "The larger network's recipe: a name or a JSON file.", HelpName = "NAME", DefaultValueFactory = _ => "excellence-reduced" };
        var initialAcceptance = new Option<string?>("--initial-acceptance") { Description = "A checkpoint that the smaller networks start from.", HelpName = "FILE" };
        var initialExcellence = new Option<string?>("--initial-excellence") { Description = "A checkpoint that the larger networks start from.", HelpName = "FILE" };
        var iterationsAcceptance = new Option<int?>("--iterations-acceptance") { Description = "Steps of the smaller networks.", HelpName = "N" };
        var iterationsExcellence = new Option<int?>("--iterations-excellence") { Description = "Steps of the larger networks.", HelpName = "N" };
        var testSet = new Option<string>("--test-set") { Description = "What the networks are measured on: a test set's name or manifest.", HelpName = "NAME", DefaultValueFactory = _ => TestSet.Standard };
        var tasks = new Option<string[]>("--tasks", "-t") { Description = "Tasks to make lines for; may be repeated. Default: single.", HelpName = "SET" };
        var output = new Option<string>("--output", "-o") { Description = "Folder of lines.json and of all trainings; a run goes on with what is there.", HelpName = "DIR", DefaultValueFactory = _ => "gir-lines" };
        var shard = new Option<string?>("--shard") { Description = "One of several equal parts of the tasks, for other machines to make the others: 2/8 is the second of eight. \"gir train lines merge\" puts the parts together.", HelpName = "I/N" };
        Option<string> cluster = CommonOptions.Cluster();
        Option<int> threads = CommonOptions.Threads();
        Option<double?> timeLimit = TrainingOptions.TimeLimit();
        Option<string?> images = TrainingOptions.Images();
        Option<int?> scenes = TrainingOptions.Scenes();
        var command = new Command("lines", "Trains the acceptance and excellence lines of tasks: two networks for each.")
        {
            acceptance, excellence, initialAcceptance, initialExcellence, iterationsAcceptance, iterationsExcellence, tasks, images, scenes, testSet, output, shard, cluster, threads, timeLimit,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var overrides = new RecipeOverrides { Images = parsed.GetValue(images), Scenes = parsed.GetValue(scenes) };
            return LinesCommand.RunAsync(
                new LinesSettings(
                    parsed.GetValue(acceptance)!,
                    overrides with { Initial = parsed.GetValue(initialAcceptance), Iterations = parsed.GetValue(iterationsAcceptance) },
                    parsed.GetValue(excellence)!,
                    overrides with { Initial = parsed.GetValue(initialExcellence), Iterations = parsed.GetValue(iterationsExcellence) },
                    parsed.GetValue(tasks) ?? [],
                    parsed.GetValue(testSet)!,
                    parsed.GetValue(shard),
                    parsed.GetValue(cluster),
                    new RunSettings(parsed.GetValue(output)!, true, parsed.GetValue(threads), parsed.GetValue(timeLimit))),
                terminal,
                cancellationToken);
        });
        command.Subcommands.Add(MergeLinesCommand.Create(terminal));
        return command;
    }
}
