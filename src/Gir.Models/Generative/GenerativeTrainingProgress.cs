namespace Gir.Models.Generative;

/// <summary>How far the training of several networks in stages is.</summary>
/// <param name="Stage">The stage's name, e.g. "prior".</param>
/// <param name="Step">Steps of the stage done.</param>
/// <param name="Total">Steps of the stage.</param>
/// <param name="Numbers">The step's losses by name; those that it did not compute are left out.</param>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record GenerativeTrainingProgress(string Stage, long Step, long Total, IReadOnlyDictionary<string, double> Numbers);
