using System.Globalization;
using Gir.Models.Generative.Training;
using Gir.Models.Tensors;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.Diffusion;

/// <summary>The first stage: any network of the zoo that keeps the size learns to restore initially, by PSNR; the learning rate falls by half a cosine.</summary>
internal sealed class InitialRestorerStage : GenerativeStage
{
    private readonly RestorationNetwork _network;
    private readonly LatentTrainingSource _source;
    private readonly CosineAnnealing _rate;
    private readonly StagePart _part;
    private readonly int _batch;

    /// <exception cref="ArgumentException">The network does not make RGB images of RGB images of the same size.</exception>
    public InitialRestorerStage(RestorationNetwork network, double rate, long steps, int batch, LatentTrainingSource source)
    {
        if (network.InputChannels != 3 || network.OutputChannels != 3 || network.Scale != 1 || network.TakesNoiseMap || network.Range != 1)
            throw new ArgumentException($"{network.Architecture} takes {network.InputChannels} channels, makes {network.OutputChannels} and scales by {network.Scale}; expected RGB in 0..1 on both sides, of one size.", nameof(network));
        (_network, _source, _batch, _rate) = (network, source, batch, new CosineAnnealing(rate, rate * 1e-2, steps));
        _part = new StagePart("network", network.Module, new Adam(network.Module.Parameters(), rate));
        Parts = [_part];
    }

    /// <inheritdoc/>
    public override string Description =>
        string.Create(CultureInfo.InvariantCulture, $"initial, {_network.Architecture} {_network.Configuration}, {_rate}, batches of {_batch}, {_source.Description}");

    /// <inheritdoc/>
    public override IReadOnlyList<StagePart> Parts { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["psnr"];

    /// <inheritdoc/>
    public override double[] Step(long step)
    {
        (Tensor degraded, Tensor clean) = _source.Pairs(step, _batch);
        _part.Optimizer.LearningRate = _rate.At(step);
        Tensor loss = _network.Module.Call(degraded).PsnrLoss(clean);
        double value = loss.Item();
        _part.Step(loss);
        return [-value];
    }

    /// <inheritdoc/>
    public override void Publish(string path) => ModelZoo.Save(path, _network);
}
