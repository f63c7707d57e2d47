using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Opinions;

/// <summary>The options of "opinions".</summary>
internal static class OpinionsCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var data = new Option<string>("--data", "-i") { Description = "File of what people said (for pipal: the folder of its text files).", HelpName = "PATH", Required = true };
        var form = new Option<string>("--form") { Description = "tid2013, kadid10k, koniq10k, pipal, generative (dataset_info.json of generative restoration), or csv.", HelpName = "NAME", DefaultValueFactory = _ => "csv" };
        var columns = new Option<string>("--columns")
        {
            Description = "For csv: what the columns are called; reference, spread and group may be left out.",
            HelpName = "image=..,score=..",
            DefaultValueFactory = _ => "image=image,score=score",
        };
        var scale = new Option<string>("--scale") { Description = "For csv: higher-is-better, lower-is-better or zero-is-best.", HelpName = "NAME", DefaultValueFactory = _ => "higher-is-better" };
        var dimension = new Option<string?>("--dimension") { Description = "For generative: details, sharpness, semantics or overall. Default: all.", HelpName = "NAME" };
        var images = new Option<string?>("--images") { Description = "Folder of the judged images, to be measured; subfolders too.", HelpName = "DIR" };
        var references = new Option<string?>("--references", "-r") { Description = "Folder of the references. Default: that of --images.", HelpName = "DIR" };
        var metrics = new Option<string>("--metrics", "-m") { Description = "Metrics to measure, separated by commas. Default: psnr,ssim where there are references, niqe where not.", HelpName = "NAMES", DefaultValueFactory = _ => "" };
        var scores = new Option<string?>("--scores", "-s") { Description = "Scores that were measured already, as 'gir score --format csv' writes them: columns image, metric, value.", HelpName = "FILE" };
        var lower = new Option<string[]>("--lower-is-better") { Description = "A metric of --scores, unknown to Gir, of which less is better; may be repeated.", HelpName = "NAME" };
        var against = new Option<string?>("--against") { Description = "The metric with which the others are compared, on the same resamples.", HelpName = "NAME" };
        var resamples = new Option<int>("--resamples") { Description = "Resamples of the scenes for 95 % intervals; 0 for none.", HelpName = "N", DefaultValueFactory = _ => 1000 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the resamples.", HelpName = "N" };
        Option<bool> json = CommonOptions.Json();
        Option<bool> strict = CommonOptions.Strict();
        Option<int> threads = CommonOptions.Threads();

        var command = new Command("opinions", "Judges metrics by what people said of images: correlations, error, pairs in the right order, with intervals over scenes.")
        {
            data, form, columns, scale, dimension, images, references, metrics, scores, lower, against, resamples, seed, json, strict, threads,
        };
        command.SetAction((parsed, cancellationToken) => OpinionsCommand.RunAsync(
            new OpinionsSettings
            {
                Data = parsed.GetValue(data)!,
                Form = parsed.GetValue(form)!,
                Columns = parsed.GetValue(columns)!,
                Scale = parsed.GetValue(scale)!,
                Dimension = parsed.GetValue(dimension),
                Images = parsed.GetValue(images),
                References = parsed.GetValue(references),
                Metrics = parsed.GetValue(metrics)!,
                Scores = parsed.GetValue(scores),
                LowerIsBetter = parsed.GetValue(lower) ?? [],
                Against = parsed.GetValue(against),
                Resamples = parsed.GetValue(resamples),
                Seed = parsed.GetValue(seed),
                Json = parsed.GetValue(json),
                Strict = parsed.GetValue(strict),
                Threads = parsed.GetValue(threads),
            },
            terminal,
            cancellationToken));
        return command;
    }
}
