using System.CommandLine;
using Gir.Cli.Evaluate;
using Gir.Cli.Shell;

namespace Gir.Cli.Sweep;

/// <summary>The options of "sweep".</summary>
internal static class SweepCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var sweep = new Argument<string>("sweep") { Description = "OPERATOR.PARAMETER=FIRST..LAST:STEP, or =VALUE,VALUE,..; e.g. blur.sigma=0..4:0.5, \"haze + noise.sigma=10,20,40\"." };
        var images = new Option<string?>("--images", "-i") { Description = "Image file or folder, instead of a test set.", HelpName = "PATH" };
        var testSet = new Option<string?>("--test-set") { Description = "A test set by name, or the file of its manifest. Default: gir-scenes-v1.", HelpName = "NAME" };
        var restorers = new Option<string[]>("--restorer", "-r") { Description = "Restorers, as in evaluate; may be repeated. Default: all classical ones and the trained models.", HelpName = "NAME" };
        Option<string?> wrapper = CommonOptions.Wrapper();
        var metrics = new Option<string>("--metrics", "-m") { Description = "Metric names separated by commas, or 'all'; psnr is always there.", HelpName = "NAMES", DefaultValueFactory = _ => "psnr" };
        var limit = new Option<int?>("--limit") { Description = "At most so many images.", HelpName = "N" };
        Option<string?> depth = CommonOptions.Depth();
        var seed = new Option<ulong?>("--seed", "-s") { Description = "Seed of the degradations. Default: the test set's; 0 for images.", HelpName = "N" };
        var format = new Option<string>("--format") { Description = "table, json or csv.", HelpName = "NAME", DefaultValueFactory = _ => "table" };
        var chart = new Option<string?>("--chart", "-o") { Description = "SVG file of the curves, a panel for each metric.", HelpName = "FILE" };
        Option<bool> force = CommonOptions.Force();
        Option<bool> strict = CommonOptions.Strict();
        Option<bool> dryRun = CommonOptions.DryRun();
        Option<int> threads = CommonOptions.Threads("Images worked on at a time; the results do not depend on it.");
        RestorerFactory.Complete(restorers);

        var command = new Command("sweep", "How restorers fare as a degradation grows: one operator's parameter over a range, the restorers compared at every value.")
        {
            sweep, images, testSet, restorers, wrapper, metrics, limit, depth, seed, format, chart, force, strict, dryRun, threads,
        };
        command.SetAction((parsed, cancellationToken) => SweepCommand.RunAsync(
            new SweepSettings(
                parsed.GetValue(sweep)!,
                new EvaluateSettings
                {
                    Images = parsed.GetValue(images),
                    TestSet = parsed.GetValue(testSet),
                    Restorers = parsed.GetValue(restorers) ?? [],
                    Wrapper = parsed.GetValue(wrapper),
                    Metrics = parsed.GetValue(metrics)!,
                    Output = "",
                    Limit = parsed.GetValue(limit),
                    Depth = parsed.GetValue(depth),
                    Seed = parsed.GetValue(seed),
                    Force = parsed.GetValue(force),
                    Strict = parsed.GetValue(strict),
                    DryRun = parsed.GetValue(dryRun),
                    Threads = parsed.GetValue(threads),
                },
                parsed.GetValue(format)!,
                parsed.GetValue(chart)),
            terminal,
            cancellationToken));
        return command;
    }
}
