namespace Gir.Degradations.Tasks;

/// <summary>Where a task comes from.</summary>
public enum DegradationTaskGroup
{
    /// <summary>A task of the user's own.</summary>
    Custom,

    /// <summary>One of the paper's representative tasks.</summary>
    Representative,

    /// <summary>Drawn at random from a secret seed, so that nobody can have tuned for it.</summary>
    CrossValidation,
}
