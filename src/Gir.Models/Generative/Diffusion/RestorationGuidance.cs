using System.Globalization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Generative.Diffusion;

/// <summary>
/// Keeps samples near the initially restored image (DiffBIR v2.0, section "restoration guidance"): after each prediction of the image, some steps down the gradient of its
/// squared distance.
/// </summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record RestorationGuidanceOptions
{
    /// <summary>Size of the steps; larger keeps closer. Default 0.1.</summary>
    public double Scale { get; init; } = 0.1;

    /// <summary>Whether images are compared, decoded, instead of latents; default false. Each step then goes through the decoder and back.</summary>
    public bool InPixels { get; init; }

    /// <summary>Whether flat regions weigh more than textured ones; in pixels alone. Default false.</summary>
    public bool Weighted { get; init; }

    /// <summary>Guided are timesteps t with t + 1 below this; default 1001: from the start.</summary>
    public int Start { get; init; } = 1001;

    /// <summary>Guided are timesteps t with t + 1 above this; default -1: to the end.</summary>
    public int Stop { get; init; } = -1;

    /// <summary>Steps down the gradient at each timestep; default 1.</summary>
    public int Repeats { get; init; } = 1;

    internal string Describe() => string.Create(CultureInfo.InvariantCulture, $"({Scale:R} {InPixels} {Weighted} {Start} {Stop} {Repeats})");

    internal void Validate()
    {
        if (!double.IsFinite(Scale) || Scale < 0)
            throw new ArgumentOutOfRangeException(nameof(Scale), Scale, "Expected a finite number of at least 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Repeats, 1);
        if (Weighted && !InPixels)
            throw new ArgumentException("Weights follow from an image's edges; expected Weighted only together with InPixels.", nameof(Weighted));
    }
}

/// <summary>The steps of <see cref="RestorationGuidanceOptions"/>.</summary>
internal sealed class RestorationGuidance
{
    // Published; the scale is in units of it.
    private const double Unit = 3000;

    private readonly RestorationGuidanceOptions _options;
    private readonly Tensor _target;
    private readonly Tensor? _weights;
    private readonly Func<Tensor, Tensor> _decode;

    /// <param name="options">How.</param>
    /// <param name="target">What is aimed at: scaled latents, or images in -1..1 where <see cref="RestorationGuidanceOptions.InPixels"/>.</param>
    /// <param name="decode">Images in -1..1 of scaled latents; asked in pixels alone.</param>
    public RestorationGuidance(RestorationGuidanceOptions options, Tensor target, Func<Tensor, Tensor> decode)
    {
        options.Validate();
        (_options, _target, _decode) = (options, target, decode);
        _weights = options.Weighted ? FlatnessWeights((target + 1) * 0.5f) : null;
    }

    /// <summary>A predicted image, nearer to the target.</summary>
    /// <param name="image">Scaled latents.</param>
    /// <param name="timestep">The schedule's timestep.</param>
    /// <param name="share">The image's share of the mean, by which the step is divided: so the gradient moves the mean by itself.</param>
    public Tensor Apply(Tensor image, int timestep, double share)
    {
        if (timestep + 1 <= _options.Stop || timestep + 1 >= _options.Start)
            return image;
        for (int i = 0; i < _options.Repeats; i++)
            image -= Gradient(image) * (float)(Unit * _options.Scale / share);
        return image;
    }

    /// <summary>1 - tanh of an image's gradients summed over 2 x 2 pixels: [n, 1, h, w] of [n, 3, h, w] in 0..1, height and width even.</summary>
    public static Tensor FlatnessWeights(Tensor image)
    {
        (int n, int h, int w) = (image.Shape[0], image.Shape[2], image.Shape[3]);
        Tensor gray = (image * Tensor.From([0.2989f, 0.587f, 0.114f], [1, 3, 1, 1], image.Backend)).Sum([1], keepDimensions: true);
        var sobel = Tensor.From([1, 0, -1, 2, 0, -2, 1, 0, -1, 1, 2, 1, 0, 0, 0, -1, -2, -1], [2, 1, 3, 3], image.Backend);
        Tensor edges = gray.Pad2d(TensorPadMode.Replicate, 1, 1, 1, 1).Conv2d(sobel).Square().Sum([1], keepDimensions: true).Sqrt();
        Tensor blocks = edges.Reshape(n, h / 2, 2, w / 2, 2).Sum([2, 4], keepDimensions: true).Tanh();
        return (1 - blocks.Expand([n, h / 2, 2, w / 2, 2])).Reshape(n, 1, h, w);
    }

    private Tensor Gradient(Tensor image)
    {
        if (!_options.InPixels)
            return (image - _target) * (2f / (image.Length / image.Shape[0]));
        Tensor leaf = image.Detach();
        leaf.RequiresGradient = true;
        using Tape.RecordingScope recording = Tape.Recording();
        using Tape.LeafScope only = Tape.Toward(leaf);
        Tensor decoded = _decode(leaf);
        Tensor difference = (decoded - _target).Square();
        if (_weights is not null)
            difference *= _weights;
        (difference.Sum() * (1f / (_target.Length / _target.Shape[0]))).Backward();
        Tensor gradient = leaf.Gradient!;
        leaf.Gradient = null;
        TensorScope.Register(gradient.Storage);
        return gradient;
    }
}
