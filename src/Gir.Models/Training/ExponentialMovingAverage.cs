using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Training;

/// <summary>
/// A slow copy of a network's state: ema = decay ema + (1 - decay) weights after every step. Buffers (running statistics, counters, queues) are
/// averages already, or no numbers to average: they are copied.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class ExponentialMovingAverage
{
    private readonly (string Key, Tensor Source, Tensor Average, bool IsParameter)[] _entries;

    /// <summary>Starts from the module's present state.</summary>
    /// <param name="module">The network.</param>
    /// <param name="decay">Share of the old average, in [0, 1).</param>
    public ExponentialMovingAverage(Module module, double decay = 0.999)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decay, 1);
        Decay = decay;
        using TensorScope persistent = TensorScope.Suspend();
        HashSet<string> parameters = [.. module.NamedParameters().Select(p => p.Key)];
        _entries = [.. module.StateDictionary().Select(e =>
        {
            Tensor copy = Tensor.Empty(e.Value.Shape, e.Value.Backend);
            e.Value.Backend.Copy(e.Value, copy);
            return (e.Key, e.Value, copy, parameters.Contains(e.Key));
        })];
    }

    /// <summary>Share of the old average.</summary>
    public double Decay { get; }

    /// <summary>The averages by key.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _entries.ToDictionary(e => e.Key, e => e.Average, StringComparer.Ordinal);

    /// <summary>Takes in the present weights.</summary>
    public void Update() => Update(Decay);

    /// <summary>Takes in the present weights with another share of the old average.</summary>
    internal void Update(double decay)
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        foreach ((_, Tensor source, Tensor average, bool isParameter) in _entries)
        {
            if (!isParameter)
            {
                average.Backend.Copy(source, average);
                continue;
            }

            // average += (1 - decay)(source - average): one rounding less than the textbook form.
            Tensor difference = source.Detach() - average;
            average.Backend.AddScaled(difference, (float)(1 - decay), average);
        }
    }
}
