using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Text;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Generative.Diffusion;

/// <summary>What the stages of latent diffusion make of one image; each of the image's size.</summary>
/// <param name="Initial">The initially restored image, 0..1: the condition.</param>
/// <param name="Sampled">What was sampled and decoded; neither its colors set right nor clamped.</param>
/// <param name="Restored">The result, 0..1.</param>
/// <remarks>Immutable; the images are the caller's.</remarks>
public sealed record LatentDiffusionParts(ImageBuffer Initial, ImageBuffer Sampled, ImageBuffer Restored);

/// <summary>
/// Restores by conditional latent diffusion (Lin et al.: "DiffBIR: Toward Blind Image Restoration with Generative Diffusion Prior", ECCV 2024): any restorer restores
/// initially, the result's latent conditions a diffusion model of latents, the sample is decoded and its colors set right.
/// </summary>
/// <remarks>
/// Detail is sampled: it looks like what the networks have learned, need not be what was there, and is another one with another seed. The autoencoder bounds what can come
/// back (<see cref="RoundTrip"/>). Safe for concurrent use. The same seed gives the same bits, for any number of threads.
/// </remarks>
public sealed class LatentDiffusionRestorer : IRestorer
{
    private readonly LatentDiffusionStore _store;
    private readonly IRestorer? _initial;
    private readonly LatentDiffusionOptions _options;
    private readonly LatentSampler _sampler;
    private readonly NoiseSchedule _schedule;
    private readonly Lazy<string> _identity;

    internal LatentDiffusionRestorer(LatentDiffusionNetworks networks, IRestorer? initial, LatentDiffusionOptions? options = null)
        : this(new ResidentNetworks(networks), initial, options)
    {
    }

    private LatentDiffusionRestorer(LatentDiffusionStore store, IRestorer? initial, LatentDiffusionOptions? options)
    {
        (_store, _initial, _options) = (store, initial, options ?? new());
        _schedule = store.Settings.Schedule;
        _options.Validate(_schedule);
        if (initial is not null && initial.Info.Scale != 1)
            throw new ArgumentException($"{initial.Info.Name} scales by {initial.Info.Scale}; expected a restorer that keeps the image's size.", nameof(initial));
        CheckText(_options.Text, nameof(options));
        CheckText(_options.NegativeText ?? _options.Text, nameof(options));
        if (_options.TileSize % store.Options.SizeMultiple is not (null or 0))
            throw new ArgumentException($"Tiles of {_options.TileSize}; expected a multiple of {store.Options.SizeMultiple}.", nameof(options));
        _sampler = LatentSampler.Create(_options.Sampler, _schedule, store.Settings.Prediction, _options.Steps, _options.StartTimestep, _options.Eta);
        int multiple = store.Factor * store.Options.SizeMultiple;
        string sampler = ChoiceWords<DiffusionSampler>.WordOf(_options.Sampler);
        Info = new RestorerInfo(
            string.Create(CultureInfo.InvariantCulture, $"latent-diffusion(sampler={sampler}, steps={_sampler.Timesteps.Count}, seed={_options.Seed})"),
            string.Create(CultureInfo.InvariantCulture, $"Latent diffusion after {initial?.Info.Name ?? "nothing"}, {_sampler.Timesteps.Count} steps, seed {_options.Seed}"))
        {
            ParameterCount = store.ParameterCount + (initial?.Info.ParameterCount ?? 0), Channels = 3, SizeMultiple = multiple,
        };
        _identity = new Lazy<string>(() =>
        {
            using Loan<LatentDiffusionStore> turn = store.Enter(CancellationToken.None);
            return RestorerIdentity.Of($"{store.Settings.ToJson()} {_options.Describe()} {initial?.Info.Name} {initial?.Identity}", TextsAnd(store.State));
        });
    }

    /// <inheritdoc/>
    public RestorerInfo Info { get; private set; }

    /// <summary>The noise of the start (-1) and of each step; null draws it from the seed.</summary>
    internal Func<int, Tensor>? Noise { get; init; }

    /// <summary>SHA-256 of weights, settings and options, in hexadecimal.</summary>
    public string Identity => _identity.Value;

    /// <summary>Loads the networks: one file that holds all, as a training writes it, or published ones that together do, e.g. a Stable Diffusion checkpoint and a control branch.</summary>
    /// <param name="paths">The files, safetensors or PyTorch's, with keys of latent-diffusion or of diffusers.</param>
    /// <param name="initial">What restores initially; null conditions on the degraded image itself. The restorer stays the caller's.</param>
    /// <param name="options">How to sample; null means the defaults.</param>
    /// <param name="settings">What no shape tells of the networks; null takes what a file says, else the defaults.</param>
    /// <param name="compactWeights">As <see cref="Zoo.ModelZooOptions.CompactWeights"/>, for each network by itself.</param>
    /// <param name="offload">
    /// Whether only the networks at work are in memory: the autoencoder while it encodes and decodes, the U-Net and the control branch while they sample, each read from its file anew for every image
    /// (and for <see cref="Identity"/>). The same bits for less memory; concurrent calls take turns. Restoration guidance in pixels and <see cref="Predictions"/> need all at once. Safetensors files are
    /// read tensor by tensor, PyTorch's stand in memory as a whole while a network is read from them.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range, contradicts another or the networks.</exception>
    /// <exception cref="CheckpointFormatException">A file is damaged, or a network is missing or does not fit.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static LatentDiffusionRestorer Load(
        IReadOnlyList<string> paths, IRestorer? initial = null, LatentDiffusionOptions? options = null, LatentDiffusionSettings? settings = null, bool? compactWeights = null,
        bool offload = false)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return offload
            ? new(new OffloadedNetworks(paths, settings, compactWeights), initial, options)
            : new(LatentDiffusionFile.Load(paths, settings, compact: compactWeights), initial, options);
    }

    /// <summary>The same under the name that a user gave it.</summary>
    internal LatentDiffusionRestorer Named(string name)
    {
        Info = Info with { Name = name };
        return this;
    }

    /// <summary>The same networks, sampled in another way.</summary>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">An option is out of range, contradicts another or the networks.</exception>
    public LatentDiffusionRestorer With(LatentDiffusionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_store, _initial, options);
    }

    /// <inheritdoc/>
    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default) => Restore(degraded, null, cancellationToken);

    /// <summary>Restores one image and tells after encoding, each step and decoding how far it is.</summary>
    /// <inheritdoc/>
    public ImageBuffer Restore(ImageBuffer degraded, IProgress<RestorationProgress>? progress, CancellationToken cancellationToken = default) =>
        Parts(degraded, progress, cancellationToken).Restored;

    /// <summary>What each stage makes of an image.</summary>
    /// <inheritdoc cref="Restore(ImageBuffer, IProgress{RestorationProgress}, CancellationToken)"/>
    public LatentDiffusionParts Parts(ImageBuffer degraded, IProgress<RestorationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ImageBuffer initial = Initial(degraded, cancellationToken);
        using Loan<LatentDiffusionStore> turn = _store.Enter(cancellationToken);
        using ForwardCancellation cancellation = ForwardCancellation.Enter(cancellationToken);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        int total = _sampler.Timesteps.Count + 2;
        Tensor image = ToTensor(initial);
        Tensor z = Sample(image, progress, total, null);
        Tensor sampled = Decode(z, initial);
        progress?.Report(new RestorationProgress(total, total));
        Tensor corrected = _options.ColorFix switch
        {
            ColorFix.Wavelet => ColorFixes.Wavelet(sampled, image),
            ColorFix.Statistics => ColorFixes.Statistics(sampled, image),
            _ => sampled,
        };
        ImageBuffer restored = ToImage(corrected.Clamp(0, 1), degraded.Channels);
        return new LatentDiffusionParts(initial, ToImage(sampled, degraded.Channels), restored);
    }

    /// <summary>The images that the steps predict, decoded, in the steps' order: what sampling in several timesteps adds.</summary>
    /// <inheritdoc cref="Restore(ImageBuffer, CancellationToken)"/>
    public IReadOnlyList<ImageBuffer> Predictions(ImageBuffer degraded, CancellationToken cancellationToken = default)
    {
        ImageBuffer initial = Initial(degraded, cancellationToken);
        using Loan<LatentDiffusionStore> turn = _store.Enter(cancellationToken);
        using ForwardCancellation cancellation = ForwardCancellation.Enter(cancellationToken);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        var predictions = new List<ImageBuffer>();
        Sample(ToTensor(initial), null, 0, step => predictions.Add(ToImage(Decode(step.Image, initial), degraded.Channels)));
        return predictions;
    }

    /// <summary>An image encoded and decoded again: the most that a sample can be. Not clamped.</summary>
    /// <inheritdoc cref="Restore(ImageBuffer, CancellationToken)"/>
    public ImageBuffer RoundTrip(ImageBuffer image, CancellationToken cancellationToken = default)
    {
        Check(image);
        using Loan<LatentDiffusionStore> turn = _store.Enter(cancellationToken);
        using ForwardCancellation cancellation = ForwardCancellation.Enter(cancellationToken);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        return ToImage(Decode(Encode(ToTensor(image)), image), image.Channels);
    }

    private ImageBuffer Initial(ImageBuffer degraded, CancellationToken cancellationToken)
    {
        Check(degraded);
        ImageBuffer restored = _initial?.Restore(degraded, cancellationToken) ?? degraded;
        var clamped = new ImageBuffer(restored.Channels, restored.Height, restored.Width);
        System.Numerics.Tensors.TensorPrimitives.Clamp(restored.Samples, 0, 1, clamped.Samples);
        return clamped;
    }

    private void Check(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels is not (1 or 3))
            throw new ArgumentException($"The image is {image} (channels x height x width); {Info.Name} restores 1 (gray) or 3 (RGB) channels.", nameof(image));
        SampleRange.Check(image, nameof(image));
    }

    private Tensor Sample(Tensor image, IProgress<RestorationProgress>? progress, int total, Action<SamplingStep>? told)
    {
        Tensor condition = Encode(image);
        progress?.Report(new RestorationProgress(1, total));
        Func<int, Tensor> noise = Noise ?? new DiffusionNoise(_options.Seed, condition.Shape, condition.Backend).At;
        Tensor start = noise(-1);
        if (_options.Start == DiffusionStart.Condition)
            start = DiffusionMath.Noisy(condition, start, _schedule.AlphaBars[_sampler.Timesteps[^1]]);
        using Loan<(DiffusionUNet Network, ControlBranch Control)> networks = _store.Predictor();
        // Between the steps, too, where they ask for it: reading it each time takes longer than a step.
        using Loan<ILatentSpace> space = told is not null || _options.Guidance is { InPixels: true } ? _store.Space() : default;
        var predictor = new LatentPredictor(networks.Value.Network, networks.Value.Control)
        {
            Context = _options.Text, Unconditioned = _options.NegativeText, GuidanceScale = _options.TextGuidance, RescalesGuidance = _options.RescalesTextGuidance,
            ScheduleLength = _schedule.Count, ControlStrength = _options.ControlStrength, Tile = _options.TileSize, SymmetricTiles = _options.SymmetricTiles,
            TileStride = _options.TileStride ?? Math.Max(1, (_options.TileSize ?? 0) / 2),
        };
        RestorationGuidance? guidance = _options.Guidance is { } options
            ? new RestorationGuidance(options, options.InPixels ? Centered(image) : condition, z => space.Value.Decode(z * Reciprocal))
            : null;
        return _sampler.Run(start, (x, t) => predictor.Predict(x, condition, t), noise, guidance, step =>
        {
            told?.Invoke(step);
            progress?.Report(new RestorationProgress(step.Index + 2, total));
        });
    }

    private float Reciprocal => (float)(1 / _store.Settings.LatentScale);

    private Tensor Encode(Tensor image)
    {
        using Loan<ILatentSpace> space = _store.Space();
        return space.Value.Encode(Centered(image), _options.AutoencoderTileSize).Mean * (float)_store.Settings.LatentScale;
    }

    // In 0..1, of the image's size.
    private Tensor Decode(Tensor z, ImageBuffer size)
    {
        using Loan<ILatentSpace> space = _store.Space();
        Tensor whole = space.Value.Decode(z * Reciprocal, _options.AutoencoderTileSize);
        return (whole.Pad2d(TensorPadMode.Constant, 0, size.Width - whole.Shape[3], 0, size.Height - whole.Shape[2]) + 1) * 0.5f;
    }

    // In -1..1, with black right and below up to a size that every level divides.
    private Tensor Centered(Tensor image)
    {
        int multiple = Info.SizeMultiple;
        (int h, int w) = (image.Shape[2], image.Shape[3]);
        Tensor padded = image.Pad2d(TensorPadMode.Constant, 0, -w & (multiple - 1), 0, -h & (multiple - 1));
        return (padded * 2) - 1;
    }

    private Tensor ToTensor(ImageBuffer image) => Tensor.From(image.GrayAsColor().Samples, [1, 3, image.Height, image.Width], _store.Backend);

    private static ImageBuffer ToImage(Tensor tensor, int channels)
    {
        Tensor found = channels == 1 ? tensor.Mean([1], keepDimensions: true) : tensor;
        var image = new ImageBuffer(channels, tensor.Shape[2], tensor.Shape[3]);
        found.CopyTo(image.Samples);
        return SampleRange.Fault(image, "result", float.MaxValue) is { } fault ? throw new RestorationException($"What the networks made is no image: {fault}") : image;
    }

    private void CheckText(Tensor? text, string parameter)
    {
        if (_store.Options.ContextFeatures is { } features && (text is null || text.Rank != 3 || text.Shape[0] != 1 || text.Shape[2] != features))
            throw new ArgumentException($"The networks ask for a text; found {text?.Shape.ToString() ?? "none"}, expected [1, tokens, {features}].", parameter);
    }

    private IEnumerable<KeyValuePair<string, Tensor>> TextsAnd(IEnumerable<KeyValuePair<string, Tensor>> state) =>
        new (string Name, Tensor? Text)[] { ("text", _options.Text), ("negative text", _options.NegativeText) }.Where(t => t.Text is not null).Select(t => KeyValuePair.Create(t.Name, t.Text!)).Concat(state);
}
