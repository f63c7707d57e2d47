namespace Gir.Models.Training;

/// <summary>The learning rate as a function of the step, from 0.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The rate at a step.</summary>
    public abstract double At(long step);
}

/// <summary>The same rate always.</summary>
/// <param name="Rate">The rate.</param>
public sealed record ConstantRate(double Rate) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double At(long step) => Rate;
}

/// <summary>Half a cosine from a rate down to a smaller one (Loshchilov, Hutter 2017), and back up beyond the period, as torch's CosineAnnealingLR.</summary>
/// <param name="Rate">The rate at step 0.</param>
/// <param name="Minimum">The rate at the period's end.</param>
/// <param name="Period">Steps from top to bottom.</param>
public sealed record CosineAnnealing(double Rate, double Minimum, long Period) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double At(long step) => Minimum + ((Rate - Minimum) * (1 + Math.Cos(Math.PI * step / Period)) / 2);
}

/// <summary>Cosines one after another, each with its own weight, as BasicSR's CosineAnnealingRestartLR.</summary>
/// <param name="Rate">The rate at step 0.</param>
/// <param name="Minimum">The rate at each period's end.</param>
/// <param name="Periods">Lengths of the periods.</param>
/// <param name="Weights">Weight of each period's rate.</param>
public sealed record CosineAnnealingRestarts(double Rate, double Minimum, IReadOnlyList<long> Periods, IReadOnlyList<double> Weights) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double At(long step)
    {
        long start = 0;
        for (int i = 0; i < Periods.Count; i++)
        {
            // A period's last step belongs to it, so that its minimum is reached.
            if (step <= start + Periods[i] || i == Periods.Count - 1)
                return Minimum + (Weights[i] * 0.5 * (Rate - Minimum) * (1 + Math.Cos(Math.PI * (step - start) / Periods[i])));
            start += Periods[i];
        }

        return Rate;
    }
}

/// <summary>The rate is multiplied by a factor at each milestone, as torch's MultiStepLR.</summary>
/// <param name="Rate">The rate at step 0.</param>
/// <param name="Milestones">Steps at which the rate falls, ascending.</param>
/// <param name="Factor">What it is multiplied by.</param>
public sealed record MultiStep(double Rate, IReadOnlyList<long> Milestones, double Factor) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double At(long step) => Rate * Math.Pow(Factor, Milestones.Count(m => step >= m));
}
