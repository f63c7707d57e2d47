namespace Gir.Evaluation.Recipes;

/// <summary>One network to train.</summary>
/// <param name="Name">The recipe's name, or with a network for each task the task's id.</param>
/// <param name="Tasks">What it learns.</param>
/// <param name="Output">Where its checkpoints and its log are.</param>
public sealed record RecipeRun(string Name, IReadOnlyList<RecipeTask> Tasks, string Output);

/// <summary>How a recipe is run; nothing of it changes the result.</summary>
public sealed record RecipeTrainingOptions
{
    /// <summary>Folder of all checkpoints and logs; with a network for each task it holds a folder for each. Default "training".</summary>
    public string Output { get; init; } = "training";

    /// <summary>Threads to make images with. Default one.</summary>
    public Imaging.Parallelism Parallelism { get; init; }

    /// <summary>The clock of speed and remaining time; default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
