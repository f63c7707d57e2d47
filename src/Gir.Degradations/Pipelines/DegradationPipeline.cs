using System.Globalization;
using Gir.Degradations.Depth;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Imaging.Random;

namespace Gir.Degradations;

/// <summary>
/// Degradations applied one after another: x = (D_k o ... o D_1)(y), Eq. 4 of the GIR paper. Immutable and safe for concurrent use.
/// </summary>
/// <remarks>
/// All randomness is a function of (seed, image key, step, element): step i (counted from 0) gets the seed
/// DeriveSeed(DeriveSeed(seed, imageKey), i) of <see cref="Philox4x32"/>, so results depend neither on threads nor on the order
/// in which images are processed. On one platform no vector width changes a bit either. Between platforms (operating system, processor
/// family) the last bit of the runtime's sine, exponential and logarithm may differ, from which motion kernels, Poisson noise and
/// snowflakes are computed: a replay then says that the hash is another one.
/// </remarks>
public sealed class DegradationPipeline
{
    /// <summary>The paper's largest number of operators.</summary>
    public const int PaperMaximumOrder = 5;

    // The values of a tag are few, and made once.
    private static readonly string[] s_orders = ["0", "1", "2", "3", "4", "5", "more"];

    private readonly IDegradation[] _operators;

    /// <summary>Builds a pipeline.</summary>
    /// <param name="operators">The operators, first applied first.</param>
    /// <param name="options">Settings; null means the defaults.</param>
    /// <exception cref="DegradationException">
    /// No operator or too many, weather after the first position, an operator that is not in the catalog, or a setting out of range;
    /// the message names the operator and its position (counted from 1).
    /// </exception>
    public DegradationPipeline(IEnumerable<IDegradation> operators, DegradationPipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(operators);
        Options = options ?? DegradationPipelineOptions.Default;
        Options.Validate();
        _operators = [.. operators];
        Descriptors = PipelineRules.Check(_operators, Options);
        Operators = System.Array.AsReadOnly(_operators);
    }

    /// <summary>The operators, first applied first.</summary>
    public IReadOnlyList<IDegradation> Operators { get; }

    /// <summary>The number of operators, k.</summary>
    public int Order => _operators.Length;

    /// <summary>The settings.</summary>
    public DegradationPipelineOptions Options { get; }

    /// <summary>When samples are rounded to 8-bit levels.</summary>
    public Quantization Quantization => Options.Quantization;

    /// <summary>Whether an operator reads depth, so that <see cref="Apply"/> wants a depth map or an estimator.</summary>
    public bool UsesDepth => Descriptors.Any(d => d.UsesDepth);

    internal IReadOnlyList<DegradationDescriptor> Descriptors { get; }

    /// <summary>Reads an expression, e.g. "haze + resize + blur(size=15, sigma=2) + noise(sigma=20)"; the first operator is applied first.</summary>
    /// <remarks>
    /// Operators are named as in the catalog and separated by '+'; parameters stand in parentheses as name=value, separated by commas;
    /// those not named keep their (representative) default. Space does not matter.
    /// </remarks>
    /// <exception cref="DegradationException">The message tells the column (from 1), what was found and what was expected.</exception>
    public static DegradationPipeline Parse(string expression, DegradationPipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return PipelineExpression.Parse(expression, options ?? DegradationPipelineOptions.Default);
    }

    /// <summary>Starts building a pipeline step by step.</summary>
    public static DegradationPipelineBuilder Create() => new();

    /// <summary>Reads the JSON that <see cref="ToJson"/> writes.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="catalog">The operators that it may name; null means the standard ten.</param>
    /// <exception cref="DegradationException">The message tells the JSON path, what was found and what was expected.</exception>
    public static DegradationPipeline FromJson(string json, DegradationCatalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PipelineJson.Read(json, catalog ?? DegradationCatalog.Standard);
    }

    /// <summary>The operators as an expression that <see cref="Parse"/> reads back; parameters at their default are left out. The settings are not part of it.</summary>
    public string ToExpression() => PipelineExpression.Write(this);

    /// <summary>Operators with all parameters, and the settings, as one line of JSON.</summary>
    public string ToJson() => PipelineJson.Write(this);

    /// <summary>Degrades an image and records how.</summary>
    /// <param name="image">The clean image, 1 or 3 channels, samples in [0, 1] (overshoot up to a magnitude of 4 passes); not modified.</param>
    /// <param name="seed">All randomness is a function of it (and of <paramref name="imageKey"/>).</param>
    /// <param name="imageKey">Distinguishes the images of a set, e.g. the file name; empty is a key as well.</param>
    /// <param name="depth">
    /// Relative depth, 1 x H x W, far = 1: of the image's size (before or after cropping), or of exactly a quarter of its height and
    /// width (as the paper stores it), which is resized bilinearly.
    /// </param>
    /// <param name="estimator">Estimates the depth from the clean image where an operator reads it and none was given.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DegradationException">The image or the depth does not suit the operators, a sample is not finite or a level of 0..255, or an operator returned no such image.</exception>
    /// <exception cref="ArgumentException"><paramref name="imageKey"/> holds half a surrogate pair, which no record could keep.</exception>
    public DegradationResult Apply(
        ImageBuffer image,
        ulong seed,
        string imageKey = "",
        ImageBuffer? depth = null,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        CancellationToken cancellationToken = default)
    {
        var log = new RunObserver(_operators.Length);
        ImageBuffer degraded = Run(image, seed, imageKey, depth, estimator, log, parallelism, cancellationToken);
        var record = new DegradationRecord(this, seed, imageKey, image, degraded, log);
        return new DegradationResult(degraded, record);
    }

    /// <summary>Degrades an image without recording how: the same pixels as <see cref="Apply"/>, for training on the fly.</summary>
    /// <inheritdoc cref="Apply"/>
    public ImageBuffer Degrade(
        ImageBuffer image,
        ulong seed,
        string imageKey = "",
        ImageBuffer? depth = null,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        CancellationToken cancellationToken = default) =>
        Run(image, seed, imageKey, depth, estimator, null, parallelism, cancellationToken);

    /// <summary>The expression.</summary>
    public override string ToString() => ToExpression();

    private ImageBuffer Run(
        ImageBuffer image,
        ulong seed,
        string imageKey,
        ImageBuffer? depth,
        IDepthEstimator? estimator,
        RunObserver? log,
        Parallelism parallelism,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(imageKey);
        PipelineRules.CheckKey(imageKey);
        PipelineRules.CheckImage(image, Options.CropMultiple);
        using TimedWork.Piece work = DegradationsTelemetry.Pipeline.Begin(s_orders[Math.Min(Order, s_orders.Length - 1)]);
        work.Activity?.SetTag("gir.pipeline", ToExpression());
        ImageBuffer current = PipelineInput.Crop(image, Options.CropMultiple);
        ImageBuffer? fitted = UsesDepth ? PipelineInput.Depth(image, current, depth, estimator, DepthReader(), log) : null;

        ulong imageSeed = Philox4x32.DeriveSeed(seed, imageKey);
        for (int step = 0; step < _operators.Length; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ulong stepSeed = Philox4x32.DeriveSeed(imageSeed, (ulong)step);
            var context = new DegradationContext(stepSeed)
            {
                Depth = fitted,
                Parallelism = parallelism,
                CancellationToken = cancellationToken,
                OnDrawn = log?.Listen(step, stepSeed),
                IsChecked = true,
            };
            ImageBuffer next = ApplyStep(step, current, image, context);
            bool isFree = !_operators[step].KeepsImages && !Shares(current, next) && !Shares(current, image) && !Shares(current, fitted);
            if (isFree)
                ImagePool.Return(current);
            current = next;
            bool isLast = step == _operators.Length - 1;
            if (Quantization == Quantization.Each || (Quantization == Quantization.Last && isLast))
                current.Quantize();
        }

        return work.Complete(current);
    }

    /// <summary>One operator's result, which is the pipeline's own to change.</summary>
    private ImageBuffer ApplyStep(int step, ImageBuffer current, ImageBuffer image, DegradationContext context)
    {
        IDegradation degradation = _operators[step];
        using TimedWork.Piece work = DegradationsTelemetry.Operator.Begin(Descriptors[step].Name);
        try
        {
            ImageBuffer result = current;
            if (degradation is IInPlaceDegradation inPlace && !Shares(current, image))
                inPlace.ApplyInPlace(current, context);
            else
                result = degradation.Apply(current, context);
            if (PipelineRules.ResultFault(result, current) is { } fault)
                throw new DegradationException(fault);
            return work.Complete(degradation.KeepsImages || Shares(result, image) || Shares(result, context.Depth) ? result.Clone() : result);
        }
        catch (DegradationException exception)
        {
            throw new DegradationException(
                string.Create(CultureInfo.InvariantCulture, $"Operator {step + 1} of {Order} ({Descriptors[step].Name}): {exception.Message}"), exception);
        }
    }

    private static bool Shares(ImageBuffer image, ImageBuffer? other) => ReferenceEquals(image.Array, other?.Array);

    private string DepthReader() => Descriptors.First(d => d.UsesDepth).Name;
}
