using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Generative.Training;

/// <summary>A network that a stage trains, with its optimizer and, where one is kept, the average of its weights; a checkpoint holds all of it.</summary>
/// <param name="Name">Name in checkpoints.</param>
/// <param name="Module">The network.</param>
/// <param name="Optimizer">What moves its parameters, in the order in which the module names them.</param>
/// <param name="Average">The average of its weights, or null.</param>
/// <param name="Decay">Share of the old average at an update, from 1 on; null is the average's own.</param>
internal sealed record StagePart(string Name, Module Module, Adam Optimizer, ExponentialMovingAverage? Average = null, Func<long, double>? Decay = null)
{
    /// <summary>One step along the gradient of a loss.</summary>
    public void Step(Tensor loss)
    {
        Optimizer.ReleaseGradients();
        loss.Backward();
        Optimizer.Step();
        Optimizer.ReleaseGradients();
        Average?.Update(Decay?.Invoke(Optimizer.StepCount) ?? Average.Decay);
    }

    /// <summary>Whether the parameters want gradients; what was computed from them before keeps its history.</summary>
    public void Freeze(bool frozen)
    {
        foreach (Tensor parameter in Optimizer.Parameters)
            parameter.RequiresGradient = !frozen;
    }
}
