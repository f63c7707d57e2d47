using Gir.Cli.Shell;
using Gir.Evaluation.Recipes;
using Gir.Imaging;

namespace Gir.Cli.Train;

/// <summary>Trains the stages of a generative recipe.</summary>
internal static class GenerativeTrainCommand
{
    public static int Run(TrainingRecipe recipe, RunSettings run, Terminal terminal, CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        var training = new GenerativeTraining(recipe, new RecipeTrainingOptions { Output = run.Output, Parallelism = new Parallelism(run.Threads) });
        if (training.IsBegun && !run.Resume)
            throw TrainCommand.Begun(run.Output);
        if (run.Resume && !training.IsBegun)
            TrainCommand.SayNothingToResume(terminal, run.Output);
        OutputFolder.Prepare(run.Output, "--output");
        var view = new TrainingView(terminal);
        try
        {
            int count = view.ShowImages(RecipeImageSet.Count(recipe), told => training.LoadImages(told, limit.Token));
            terminal.Say($"{recipe.Name}: {count} images of {recipe.Patch} x {recipe.Patch}");
            if (recipe.Generative is { Perceptual: null })
                terminal.Say($"{recipe.Name}: without the weights of LPIPS (generative.perceptual), the distance of features of the prior's discriminator takes its place");
            if (recipe.Generative is { Prior: { } prior })
                terminal.Say($"{recipe.Name}: the prior is that of {prior}");
            string where = "before the first step";
            if (!view.ShowStages(progress => training.Train(progress, limit.Token), p => where = $"at step {p.Step} of {p.Total} of {p.Stage}"))
                return TrainCommand.Stopped(terminal, where, cancellationToken);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return TrainCommand.Stopped(terminal, "before the first step", cancellationToken);
        }

        terminal.Say($"{recipe.Name}: all stages done, weights in {training.NetworkPath}");
        return ExitCode.Fine;
    }
}
