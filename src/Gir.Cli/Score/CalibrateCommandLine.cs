using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Score;

/// <summary>The options of "score calibrate".</summary>
internal static class CalibrateCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var images = new Option<string>("--images", "-i") { Description = "Folder of pictures that have nothing to do with one another; of each the middle is taken.", HelpName = "DIR", Required = true };
        var weights = new Option<string[]>("--weights") { Description = "VGG-16 or AlexNet of torchvision.", HelpName = "FILE", Required = true };
        var layer = new Option<string?>("--layer") { Description = "relu1 to relu5. Default: the deepest.", HelpName = "NAME" };
        var limit = new Option<int>("--limit") { Description = "At most so many pictures; all pairs of them are compared.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var output = new Option<string>("--output", "-o") { Description = "The file to write.", HelpName = "FILE", DefaultValueFactory = _ => "semantics.json" };
        Option<bool> force = CommonOptions.Force();
        Option<bool> strict = CommonOptions.Strict();
        var command = new Command("calibrate", "Measures how alike a network finds unrelated pictures: the zero of the metric semantics.") { images, weights, layer, limit, output, force, strict };
        command.SetAction((parsed, cancellationToken) => CalibrateCommand.RunAsync(
            new CalibrateSettings(
                parsed.GetValue(images)!,
                parsed.GetValue(weights)!,
                parsed.GetValue(layer),
                parsed.GetValue(limit),
                parsed.GetValue(output)!,
                parsed.GetValue(force),
                parsed.GetValue(strict)),
            terminal,
            cancellationToken));
        return command;
    }
}
