using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Score;

/// <summary>The options of "score".</summary>
internal static class ScoreCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var image = new Option<string?>("--image", "-i") { Description = "Image file to judge, folder of image files, or - for the input.", HelpName = "PATH" };
        var reference = new Option<string?>("--reference", "-r") { Description = "Clean image file, or folder with images of the same names.", HelpName = "PATH" };
        var metrics = new Option<string>("--metrics", "-m") { Description = "Metrics, separated by commas (see --list); 'all' for every one that the input allows; fid and kid compare folders as wholes. Default: psnr,ssim with a reference, niqe without.", HelpName = "NAMES", DefaultValueFactory = _ => "" };
        var profile = new Option<string>("--profile") { Description = "Conventions: default, sr (with --scale), basicsr or pyiqa.", HelpName = "NAME", DefaultValueFactory = _ => "default" };
        var scale = new Option<int?>("--scale") { Description = "Scale for --profile sr: so many pixels are cut from every side.", HelpName = "S" };
        var niqeModel = new Option<string?>("--niqe-model") { Description = "Pristine model of NIQE, .mat or .npz; without it the library's own model.", HelpName = "FILE" };
        var brisqueModel = new Option<string?>("--brisque-model") { Description = "Model of BRISQUE in libsvm's format; without it there is no BRISQUE.", HelpName = "FILE" };
        var brisqueRange = new Option<string?>("--brisque-range") { Description = "Ranges of the features of --brisque-model, as svm-scale writes them.", HelpName = "FILE" };
        var weights = new Option<string[]>("--weights") { Description = "Weights of lpips or dists: torchvision's network and the authors' weights, in one file or two (then given twice); of semantics: torchvision's network; of fid and kid: pytorch-fid's Inception network.", HelpName = "FILE" };
        var calibration = new Option<string?>("--calibration") { Description = "For semantics: the file that 'gir score calibrate' wrote for these weights.", HelpName = "FILE" };
        var format = new Option<string>("--format") { Description = "table, json or csv.", HelpName = "FORMAT", DefaultValueFactory = _ => "table" };
        var list = new Option<bool>("--list", "-l") { Description = "List the metrics and what each computes under --profile." };
        Option<bool> json = CommonOptions.Json("The same as --format json.");
        Option<string[]> gate = CommonOptions.Gate("An average that must be reached, e.g. \"psnr>=30\"; may be repeated. Exit code 1 where it is not.");
        Option<bool> strict = CommonOptions.Strict();
        Option<bool> dryRun = CommonOptions.DryRun();
        Option<int> threads = CommonOptions.Threads("Images worked on at a time; the results do not depend on it.");

        var command = new Command("score", "Scores images with or without a reference, and says by which convention.")
        {
            image, reference, metrics, profile, scale, niqeModel, brisqueModel, brisqueRange, weights, calibration, format, list, json, gate, strict, dryRun, threads,
        };
        command.SetAction((parsed, cancellationToken) => ScoreCommand.RunAsync(
            new ScoreSettings
            {
                Image = parsed.GetValue(image),
                List = parsed.GetValue(list),
                Reference = parsed.GetValue(reference),
                Metrics = parsed.GetValue(metrics)!,
                Profile = parsed.GetValue(profile)!,
                Scale = parsed.GetValue(scale),
                NiqeModel = parsed.GetValue(niqeModel),
                BrisqueModel = parsed.GetValue(brisqueModel),
                BrisqueRange = parsed.GetValue(brisqueRange),
                Weights = parsed.GetValue(weights) ?? [],
                Calibration = parsed.GetValue(calibration),
                Format = parsed.GetValue(json) ? "json" : parsed.GetValue(format)!,
                Gates = parsed.GetValue(gate) ?? [],
                Strict = parsed.GetValue(strict),
                DryRun = parsed.GetValue(dryRun),
                Threads = parsed.GetValue(threads),
            },
            terminal,
            cancellationToken));
        command.Subcommands.Add(CalibrateCommandLine.Create(terminal));
        return command;
    }
}
