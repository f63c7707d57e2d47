using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Real;

/// <summary>The options of "real".</summary>
internal static class RealCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var images = new Option<string>("--images", "-i") { Description = "Folder with a folder of images for each type, e.g. rain/ and old-photos/, or with groups of such folders, natural/rain/.", HelpName = "DIR", Required = true };
        var references = new Option<string?>("--references") { Description = "Folder of the same form with the ground truth of some images, under the same names.", HelpName = "DIR" };
        var restorers = new Option<string[]>("--restorer", "-r") { Description = "Restorers, as in evaluate; may be repeated. Default: all classical ones and the trained models.", HelpName = "NAME" };
        Option<string?> wrapper = CommonOptions.Wrapper();
        var metrics = new Option<string>("--metrics", "-m") { Description = "Metric names separated by commas, or 'all'; those with a reference are taken of images that have a ground truth. Default: niqe, and psnr,ssim with --references.", HelpName = "NAMES", DefaultValueFactory = _ => "" };
        var limit = new Option<int?>("--limit") { Description = "At most so many images of a type.", HelpName = "N" };
        var output = new Option<string?>("--output", "-o") { Description = "JSON file of the report.", HelpName = "FILE" };
        Option<bool> force = CommonOptions.Force();
        Option<bool> json = CommonOptions.Json();
        Option<bool> strict = CommonOptions.Strict();
        Option<bool> dryRun = CommonOptions.DryRun();
        Option<int> threads = CommonOptions.Threads("Images worked on at a time; the results do not depend on it.");
        RestorerFactory.Complete(restorers);

        var command = new Command("real", "How restorers fare on images that the world degraded, by type: NIQE and its like, and against ground truth where there is one.")
        {
            images, references, restorers, wrapper, metrics, limit, output, force, json, strict, dryRun, threads,
        };
        command.SetAction((parsed, cancellationToken) => RealCommand.RunAsync(
            new RealSettings
            {
                Images = parsed.GetValue(images)!,
                References = parsed.GetValue(references),
                Restorers = parsed.GetValue(restorers) ?? [],
                Wrapper = parsed.GetValue(wrapper),
                Metrics = parsed.GetValue(metrics)!,
                Limit = parsed.GetValue(limit),
                Output = parsed.GetValue(output),
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
