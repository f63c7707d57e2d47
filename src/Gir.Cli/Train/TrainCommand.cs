using Gir.Cli.Shell;
using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Training;
using Spectre.Console;

namespace Gir.Cli.Train;

/// <summary>Trains the networks of a recipe, one after another.</summary>
internal static class TrainCommand
{
    public static int Run(TrainSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        if (settings.List)
            return List(terminal, settings.Json);
        string nameOrPath = settings.Recipe ?? DefaultRecipe(settings.Run);
        TrainingRecipe recipe = Recipes.Find(nameOrPath, settings.Overrides);
        using CancellationTokenSource limit = Prepare(settings.Run, cancellationToken);
        RunGuard.Check(settings.Run, nameOrPath, recipe.Initial);
        if (settings.DryRun)
        {
            terminal.Output.WriteLine(recipe.ToJson());
            return ExitCode.Fine;
        }

        if (recipe.Generative is not null || recipe.LatentDiffusion is not null)
            return GenerativeTrainCommand.Run(recipe, settings.Run, terminal, limit, cancellationToken);
        var training = new RecipeTraining(recipe, new RecipeTrainingOptions { Output = settings.Run.Output, Parallelism = new Parallelism(settings.Run.Threads) });
        if (!settings.Run.Resume && training.Runs.FirstOrDefault(r => File.Exists(Trainer.LastCheckpointPath(r.Output))) is { } begun)
            throw Begun(begun.Output);
        if (settings.Run.Resume && !training.Runs.Any(r => File.Exists(Trainer.LastCheckpointPath(r.Output))))
            SayNothingToResume(terminal, settings.Run.Output);
        OutputFolder.Prepare(settings.Run.Output, "--output");
        var view = new TrainingView(terminal);
        try
        {
            view.ShowImages(RecipeImageSet.Count(recipe), told => training.LoadImages(told, limit.Token));
            foreach (RecipeRun run in training.Runs)
            {
                TrainingResult result = view.Show(run.Name, progress => training.Train(run, progress, limit.Token));
                if (!result.IsComplete)
                    return Stopped(terminal, $"after {result.Step} of {result.Total} iterations of {run.Name}", cancellationToken);
                terminal.Say($"{run.Name}: {result.Total} iterations done, weights in {result.BestCheckpoint}");
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Stopped(terminal, "before the first iteration", cancellationToken);
        }

        return 0;
    }

    /// <summary>Sets the engine's threads and gives a source that is canceled by Ctrl-C or when the time is up.</summary>
    public static CancellationTokenSource Prepare(RunSettings run, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(run.Threads);
        if (run.TimeLimit is { } minutes && !(minutes > 0 && minutes <= 100_000))
            throw new UsageException(FormattableString.Invariant($"--time-limit {minutes}: expected minutes above 0, at most 100000."));
        TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = run.Threads });
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (run.TimeLimit is { } time)
            limit.CancelAfter(TimeSpan.FromMinutes(time));
        return limit;
    }

    /// <summary>What is said of a folder that a new training must not touch.</summary>
    public static UsageException Begun(string output) => new($"'{output}' holds a training already: --resume goes on with it, another --output begins a new one.");

    /// <summary>As PyTorch's trainers do: a job that is always started with --resume begins where there is nothing to go on from, and says so.</summary>
    public static void SayNothingToResume(Terminal terminal, string output) =>
        terminal.Error.WriteLine($"'{output}' holds no checkpoint to go on from: --resume begins a new training.");

    /// <summary>Tells how to go on.</summary>
    public static int Stopped(Terminal terminal, string when, CancellationToken interrupted)
    {
        terminal.Error.WriteLine($"Stopped {when}; the same command with --resume goes on from there.");
        return interrupted.IsCancellationRequested ? ExitCode.Canceled : ExitCode.Fine;
    }

    /// <summary>A training that goes on needs its folder alone: the recipe lies there, with all that the command line had replaced in it.</summary>
    private static string DefaultRecipe(RunSettings run)
    {
        string begun = RunGuard.RecipePath(run);
        return run.Resume && File.Exists(begun) ? begun : "gir-reduced";
    }

    private static int List(Terminal terminal, bool json)
    {
        if (json)
        {
            JsonText.Write(terminal.Output, writer =>
            {
                writer.WriteStartArray();
                foreach (TrainingRecipe recipe in TrainingRecipes.All)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", recipe.Name);
                    writer.WriteString("description", recipe.Description);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return ExitCode.Fine;
        }

        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("recipe", "what it trains");
        foreach (TrainingRecipe recipe in TrainingRecipes.All)
            table.AddRow(Markup.Escape(recipe.Name), Markup.Escape(recipe.Description));
        terminal.Console.Write(table);
        return ExitCode.Fine;
    }
}
