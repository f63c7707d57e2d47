using Gir.Models.Tensors;

namespace Gir.Models.Generative.Training;

/// <summary>What the stages against a discriminator have in common.</summary>
internal static class AdversarialStep
{
    /// <summary>The discriminator's half of a step, with the gradient penalty every few steps, as many times as strong ("lazy"; Karras et al. 2020, section 3.1).</summary>
    /// <param name="part">The discriminator.</param>
    /// <param name="score">Its scores of images.</param>
    /// <param name="real">Real images.</param>
    /// <param name="fake">Made ones, without history.</param>
    /// <param name="step">The step's number.</param>
    /// <param name="every">Steps between penalties.</param>
    /// <param name="weight">The penalty's weight, halved in the loss.</param>
    /// <returns>The loss without the penalty, and the penalty (NaN where it is not due).</returns>
    public static (double Loss, double Penalty) Discriminate(StagePart part, Func<Tensor, Tensor> score, Tensor real, Tensor fake, long step, int every, double weight)
    {
        Tensor loss = GanLosses.Discriminator(score(real), score(fake));
        (double value, double penalty) = (loss.Item(), double.NaN);
        if (step % every == 0)
        {
            Tensor r1 = GanLosses.GradientPenalty(score, real);
            penalty = r1.Item();
            loss += r1 * (float)(weight / 2 * every);
        }

        part.Step(loss);
        return (value, penalty);
    }
}
