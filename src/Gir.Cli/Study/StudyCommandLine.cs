using System.CommandLine;
using System.Globalization;
using Gir.Cli.Shell;
using Gir.Evaluation.Studies.Diffusion;

namespace Gir.Cli.Study;

/// <summary>The command "study", whose parts repeat a paper's experiments at a small scale.</summary>
internal static class StudyCommandLine
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("study", "Repeats a paper's experiments at a small scale.") { Cldm(terminal) };
        command.SetAction(HelpText.Show);
        return command;
    }

    private static Command Cldm(Terminal terminal)
    {
        DiffusionStudyOptions known = new() { Output = "study" };
        static string List<T>(IEnumerable<T> values)
            where T : IFormattable => string.Join(',', values.Select(v => v.ToString(null, CultureInfo.InvariantCulture)));
        var input = new Option<string>("--input", "-i") { Description = "Folder of a finished training of latent diffusion, as train --recipe cldm-scenes makes it.", HelpName = "DIR", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "Folder for results, figures and the networks that are trained to compare with; a study that was stopped goes on there.", HelpName = "DIR", Required = true };
        var experiments = new Option<string[]>("--experiment", "-e") { Description = $"One of {string.Join(", ", DiffusionStudy.Experiments)}; may be repeated. Default: all.", HelpName = "NAME" };
        var images = new Option<int>("--images") { Description = "Scenes to measure.", HelpName = "N", DefaultValueFactory = _ => known.Images };
        var seeds = new Option<int>("--seeds") { Description = "Sampling seeds of every latent diffusion.", HelpName = "N", DefaultValueFactory = _ => known.Seeds };
        var steps = new Option<int>("--steps") { Description = "Steps of sampling where an experiment does not vary them.", HelpName = "N", DefaultValueFactory = _ => known.Steps };
        var counts = new Option<string>("--step-counts") { Description = "Numbers of steps to compare, separated by commas.", HelpName = "N,N", DefaultValueFactory = _ => List(known.StepCounts) };
        var blur = new Option<string>("--blur") { Description = "Strengths of the blur sweep in pixels, separated by commas.", HelpName = "S,S", DefaultValueFactory = _ => List(known.BlurLevels) };
        var networks = new Option<int>("--network-steps") { Description = "Training steps of each network that is compared.", HelpName = "N", DefaultValueFactory = _ => known.NetworkSteps };
        var ceilings = new Option<int>("--ceiling-steps") { Description = "Training steps of each autoencoder that is compared.", HelpName = "N", DefaultValueFactory = _ => known.CeilingSteps };
        var variants = new Option<int>("--variant-steps") { Description = "Training steps of U-Net and of control branch of each latent diffusion that is compared.", HelpName = "N", DefaultValueFactory = _ => known.VariantSteps };
        Option<bool> dryRun = CommonOptions.DryRun();
        Option<int> threads = CommonOptions.Threads("Images worked on at a time; no result but the times depends on it.");
        experiments.CompletionSources.Add([.. DiffusionStudy.Experiments]);

        var command = new Command("cldm", "Are conditional latent diffusion models effective for image restoration (arXiv 2412.09324)? Eight experiments on procedural scenes.")
        {
            input, output, experiments, images, seeds, steps, counts, blur, networks, ceilings, variants, dryRun, threads,
        };
        command.SetAction((parsed, cancellationToken) => StudyCommand.RunAsync(
            new StudySettings
            {
                Input = parsed.GetValue(input)!,
                Output = parsed.GetValue(output)!,
                Experiments = parsed.GetValue(experiments) ?? [],
                Images = parsed.GetValue(images),
                Seeds = parsed.GetValue(seeds),
                Steps = parsed.GetValue(steps),
                StepCounts = Numbers<int>("--step-counts", parsed.GetValue(counts)!, text => int.TryParse(text, CultureInfo.InvariantCulture, out int n) ? n : null),
                BlurLevels = Numbers<double>("--blur", parsed.GetValue(blur)!, text => double.TryParse(text, CultureInfo.InvariantCulture, out double s) ? s : null),
                NetworkSteps = parsed.GetValue(networks),
                CeilingSteps = parsed.GetValue(ceilings),
                VariantSteps = parsed.GetValue(variants),
                DryRun = parsed.GetValue(dryRun),
                Threads = parsed.GetValue(threads),
            },
            terminal,
            cancellationToken));
        return command;
    }

    private static T[] Numbers<T>(string option, string text, Func<string, T?> read)
        where T : struct =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => read(part) ?? throw new UsageException($"{option} {text}: '{part}' is no number; expected numbers separated by commas."))];
}
