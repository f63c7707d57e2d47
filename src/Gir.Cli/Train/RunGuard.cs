using Gir.Cli.Shell;
using Gir.Models.Training;

namespace Gir.Cli.Train;

/// <summary>Sees to it that a training does not write over what it begins with.</summary>
internal static class RunGuard
{
    /// <summary>The recipe that a training leaves beside its checkpoints.</summary>
    public static string RecipePath(RunSettings run) => Path.Combine(run.Output, "recipe.json");

    /// <summary>Refuses an output folder whose checkpoints are those that the training starts from.</summary>
    /// <param name="run">Where it writes.</param>
    /// <param name="recipe">A recipe's name or file.</param>
    /// <param name="initial">The checkpoint it starts from, or null.</param>
    public static void Check(RunSettings run, string recipe, string? initial)
    {
        // A training that goes on reads what it wrote.
        if (run.Resume)
            return;
        var guard = new FileGuard();
        guard.Reads(recipe, "the file of --recipe");
        guard.Reads(initial, "the checkpoint to start from");
        foreach (string file in new[] { Trainer.LastCheckpointPath(run.Output), Trainer.BestCheckpointPath(run.Output), Trainer.LogPath(run.Output), RecipePath(run) })
            guard.Writes(file, "a file of the training", replace: true);
    }
}
