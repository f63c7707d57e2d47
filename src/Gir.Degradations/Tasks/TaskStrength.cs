namespace Gir.Degradations.Tasks;

/// <summary>With which parameters candidates for tasks are made.</summary>
public enum TaskStrength
{
    /// <summary>The representative ones, as the paper's 50 tasks (Table 6): a candidate is a sequence of operators.</summary>
    Representative,

    /// <summary>Drawn from the published ranges: a candidate is a sequence and its parameters.</summary>
    Random,
}
