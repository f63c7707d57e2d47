using System.Globalization;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Generative.Training;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Training;

namespace Gir.Models.Generative.Diffusion;

/// <summary>How an autoencoder is trained.</summary>
internal sealed record AutoencoderStageOptions
{
    /// <summary>Images a step.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Steps.</summary>
    public long Steps { get; init; } = 12_000;

    /// <summary>Learning rate after the warm-up; it falls by half a cosine.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>Learning rate at the end.</summary>
    public double LastRate { get; init; } = 2e-5;

    /// <summary>Steps over which the learning rate rises.</summary>
    public long WarmUp { get; init; } = 50;

    /// <summary>Weight of the divergence.</summary>
    public double Divergence { get; init; } = 1e-4;

    /// <summary>Weight of the adversarial loss, relative to the other's gradient; 0 is without.</summary>
    public double Adversarial { get; init; }

    /// <summary>Share of the steps before the adversarial loss begins.</summary>
    public double AdversarialFrom { get; init; } = 0.6;
}

/// <summary>
/// Trains an autoencoder (Rombach et al., CVPR 2022; Esser, Rombach, Ommer 2021 for the adaptive weight): absolute differences and divergence, both summed and divided by the batch;
/// where asked for, a discriminator of patches with the hinge loss.
/// </summary>
internal sealed class AutoencoderStage : GenerativeStage
{
    private const double LargestWeight = 1e4;
    private const double SmallestNorm = 1e-4;

    private readonly AutoencoderKl _autoencoder;
    private readonly PatchDiscriminator? _discriminator;
    private readonly AutoencoderStageOptions _options;
    private readonly LatentTrainingSource? _source;
    private readonly StagePart _part;
    private readonly StagePart? _discriminatorPart;

    /// <param name="autoencoder">What is trained.</param>
    /// <param name="discriminator">What it is trained against; null where <see cref="AutoencoderStageOptions.Adversarial"/> is 0.</param>
    /// <param name="options">How.</param>
    /// <param name="source">The images; null where steps are given theirs.</param>
    public AutoencoderStage(AutoencoderKl autoencoder, PatchDiscriminator? discriminator, AutoencoderStageOptions options, LatentTrainingSource? source)
    {
        (_autoencoder, _discriminator, _options, _source) = (autoencoder, discriminator, options, source);
        _part = new StagePart("autoencoder", autoencoder, new Adam(autoencoder.Parameters(), options.Rate, 0.5, 0.9));
        _discriminatorPart = discriminator is null ? null : new StagePart("discriminator", discriminator, new Adam(discriminator.Parameters(), options.Rate, 0.5, 0.9));
        Parts = _discriminatorPart is null ? [_part] : [_part, _discriminatorPart];
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"autoencoder, {_autoencoder.ParameterCount()} values, {_options}, {_source?.Description}");

    /// <inheritdoc/>
    public override IReadOnlyList<StagePart> Parts { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["absolute", "divergence", "adversarial", "weight", "discriminator"];

    /// <summary>A loss and its parts.</summary>
    /// <param name="Total">What is trained by.</param>
    /// <param name="Image">The decoded images.</param>
    /// <param name="Absolute">Absolute differences, summed and divided by the batch.</param>
    /// <param name="Divergence">Divergence likewise, without its weight.</param>
    /// <param name="Adversarial">-mean D(y); null without.</param>
    /// <param name="Weight">Its adaptive weight; NaN without.</param>
    public readonly record struct Loss(Tensor Total, Tensor Image, Tensor Absolute, Tensor Divergence, Tensor? Adversarial, double Weight);

    /// <inheritdoc/>
    public override double[] Step(long step)
    {
        Tensor images = (_source!.Clean(step, _options.Batch) * 2) - 1;
        int size = _source.Size / _autoencoder.Options.Factor;
        return Step(step, images, _source.Normal(step, 0, [_options.Batch, _autoencoder.Options.LatentChannels, size, size]));
    }

    /// <summary>A step on given images in -1..1 and noise.</summary>
    public double[] Step(long step, Tensor images, Tensor noise)
    {
        double rate = RateAt(step);
        _part.Optimizer.LearningRate = rate;
        bool isAdversarial = _discriminatorPart is not null && step >= _options.AdversarialFrom * _options.Steps;
        _discriminatorPart?.Freeze(true);
        Loss loss = LossOf(images, noise, isAdversarial);
        double[] numbers = [loss.Absolute.Item() * images.Shape[0] / images.Length, loss.Divergence.Item(), loss.Adversarial?.Item() ?? double.NaN, loss.Weight, double.NaN];
        _part.Step(loss.Total);
        if (isAdversarial)
        {
            _discriminatorPart!.Freeze(false);
            _discriminatorPart.Optimizer.LearningRate = rate;
            Tensor hinge = DiffusionLosses.Hinge(_discriminator!.Call(images), _discriminator.Call(loss.Image.Detach()));
            numbers[4] = hinge.Item();
            _discriminatorPart.Step(hinge);
        }

        return numbers;
    }

    /// <summary>The loss of images in -1..1.</summary>
    public Loss LossOf(Tensor images, Tensor noise, bool isAdversarial)
    {
        DiagonalGaussian posterior = _autoencoder.Encode(images);
        Tensor feature = _autoencoder.DecodeFeature(posterior.Sample(noise));
        Tensor image = _autoencoder.LastLayer.Call(feature);
        float share = 1f / images.Shape[0];
        Tensor absolute = (image - images).Abs().Sum() * share;
        Tensor divergence = posterior.Divergence().Sum() * share;
        Tensor total = absolute + (divergence * (float)_options.Divergence);
        if (!isAdversarial)
            return new(total, image, absolute, divergence, null, double.NaN);
        Tensor adversarial = -_discriminator!.Call(image).Mean();
        double weight = AdaptiveWeight(images, image.Detach(), feature.Detach());
        return new(total + (adversarial * (float)weight), image, absolute, divergence, adversarial, weight);
    }

    /// <inheritdoc/>
    public override void Publish(string path) => SafeTensorsFile.Write(path, _autoencoder.StateDictionary());

    private double RateAt(long step)
    {
        if (step < _options.WarmUp)
            return _options.Rate * (step + 1) / _options.WarmUp;
        double done = (double)(step - _options.WarmUp) / Math.Max(_options.Steps - _options.WarmUp, 1);
        return _options.LastRate + ((_options.Rate - _options.LastRate) * (1 + Math.Cos(Math.PI * Math.Min(done, 1))) / 2);
    }

    // Both losses' gradients at the last convolution, from their gradients at the image: no second way back through the network.
    private double AdaptiveWeight(Tensor images, Tensor image, Tensor feature)
    {
        Conv2d last = _autoencoder.LastLayer;
        double Norm(Func<Tensor, Tensor> loss)
        {
            Tensor leaf = image.Detach();
            leaf.RequiresGradient = true;
            Tensor value = loss(leaf);
            Tensor above;
            using (Tape.NoGradient())
                above = Tape.Gradients(value, leaf)[0];
            Tensor weight = last.Weight.Detach();
            weight.RequiresGradient = true;
            (last.Convolve(feature, weight, null) * above).Sum().Backward();
            double squares = weight.Gradient!.ToArray().Sum(g => (double)g * g);
            weight.Gradient.Storage.Release();
            return Math.Sqrt(squares);
        }

        double own = Norm(y => (y - images).Abs().Sum() * (1f / images.Shape[0]));
        double other = Norm(y => -_discriminator!.Call(y).Mean());
        return _options.Adversarial * Math.Min(own / (other + SmallestNorm), LargestWeight);
    }
}
