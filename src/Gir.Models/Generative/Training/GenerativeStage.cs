namespace Gir.Models.Generative.Training;

/// <summary>One stage of a training in which several networks may take turns. Every draw of a step follows from the seed and the step's number alone.</summary>
internal abstract class GenerativeStage
{
    /// <summary>Everything that decides the result, in one line; a resumed training compares it.</summary>
    public abstract string Description { get; }

    /// <summary>What is trained.</summary>
    public abstract IReadOnlyList<StagePart> Parts { get; }

    /// <summary>Names of the numbers that a step tells.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Numbers that steps change beside tensors; checkpoints hold them.</summary>
    public Dictionary<string, double> Numbers { get; } = new(StringComparer.Ordinal);

    /// <summary>Does one step.</summary>
    /// <param name="step">Its number, from 0.</param>
    /// <returns>A number for each column; NaN where the step did not compute it.</returns>
    public abstract double[] Step(long step);

    /// <summary>Writes the weights to use.</summary>
    public abstract void Publish(string path);
}
