namespace Gir.Degradations;

/// <summary>
/// A step of a <see cref="RandomPipeline"/>: an operator, one of several, or some of several, applied with a probability. Immutable.
/// </summary>
public sealed class RandomStep
{
    private RandomStep(IDegradation[] choices, int least, int most, double probability)
    {
        if (choices.Length == 0)
            throw new DegradationException("A random step needs at least one operator to choose, but there is none.");
        if (least < 1 || most < least || most > choices.Length)
            throw new DegradationException($"{least}..{most} of {choices.Length} operators: expected 1..{choices.Length}, the smaller number first.");
        if (!(probability >= 0 && probability <= 1))
            throw new DegradationException($"probability = {probability}: expected a number in 0..1.");
        Choices = System.Array.AsReadOnly(choices);
        Least = least;
        Most = most;
        Probability = probability;
    }

    /// <summary>The operators to choose from; those that are chosen keep this order.</summary>
    public IReadOnlyList<IDegradation> Choices { get; }

    /// <summary>The smallest number of operators that are chosen, at least 1.</summary>
    public int Least { get; }

    /// <summary>The largest number of operators that are chosen; every number from <see cref="Least"/> on is equally likely.</summary>
    public int Most { get; }

    /// <summary>How likely it is that the step is not left out, 0..1.</summary>
    public double Probability { get; }

    /// <summary>An operator that is applied with a probability.</summary>
    /// <exception cref="DegradationException">The probability is not in 0..1.</exception>
    public static RandomStep Of(IDegradation degradation, double probability = 1)
    {
        ArgumentNullException.ThrowIfNull(degradation);
        return new RandomStep([degradation], 1, 1, probability);
    }

    /// <summary>One of several operators, each as likely as the others.</summary>
    /// <exception cref="DegradationException">There is no operator, or the probability is not in 0..1.</exception>
    public static RandomStep OneOf(IEnumerable<IDegradation> choices, double probability = 1) => SomeOf(1, 1, choices, probability);

    /// <summary>Some of several operators, none twice, in the order in which they are listed.</summary>
    /// <param name="least">The smallest number of operators, at least 1.</param>
    /// <param name="most">The largest number; every number between is equally likely, and every choice of as many operators.</param>
    /// <param name="choices">The operators.</param>
    /// <param name="probability">How likely it is that the step is not left out, 0..1.</param>
    /// <exception cref="DegradationException">There are fewer operators than asked for, or a number is out of range.</exception>
    public static RandomStep SomeOf(int least, int most, IEnumerable<IDegradation> choices, double probability = 1)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return new RandomStep([.. choices], least, most, probability);
    }
}
