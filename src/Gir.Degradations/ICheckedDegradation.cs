namespace Gir.Degradations;

/// <summary>An operator whose parameters can each be right and still not go together.</summary>
internal interface ICheckedDegradation
{
    /// <summary>What does not go together, in words; null: nothing.</summary>
    string? Fault { get; }
}
