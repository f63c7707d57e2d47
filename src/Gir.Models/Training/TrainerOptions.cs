namespace Gir.Models.Training;

/// <summary>What is minimized.</summary>
public enum TrainingLoss
{
    /// <summary>Mean absolute difference.</summary>
    L1,

    /// <summary>Mean of sqrt(d^2 + 1e-12).</summary>
    Charbonnier,

    /// <summary>Mean squared difference.</summary>
    MeanSquaredError,

    /// <summary>
    /// Minus the mean PSNR, 10 log10(MSE + <see cref="TrainerOptions.PsnrEpsilon"/>) of every patch: up to that error a decibel counts alike wherever it is won or
    /// lost, so that harm to what was mildly degraded weighs as much as help for what was ruined; beyond, it is the mean squared difference.
    /// </summary>
    Psnr,
}

/// <summary>What moves the weights.</summary>
public enum TrainingOptimizer
{
    /// <summary><see cref="Training.Adam"/>, with decoupled weight decay.</summary>
    Adam,

    /// <summary><see cref="Training.Muon"/> for matrices and convolutions, Adam for the rest: farther in fewer steps, each a little slower.</summary>
    Muon,
}

/// <summary>How a network is trained; the default is the paper's setting.</summary>
public sealed record TrainerOptions
{
    internal const double DefaultPsnrEpsilon = 1e-3;

    /// <summary>The paper's: 500,000 iterations, L1, Adam 0.9 and 0.999, a cosine from 2e-4 to 1e-7; with <see cref="PatchPairOptions.Paper"/>.</summary>
    public static TrainerOptions Paper { get; } = new();

    /// <summary>Steps of the whole training, and of the learning rate's half cosine; default 500,000.</summary>
    public long Iterations { get; init; } = 500_000;

    /// <summary>What is minimized; default L1.</summary>
    public TrainingLoss Loss { get; init; } = TrainingLoss.L1;

    /// <summary>
    /// The mean squared error that <see cref="TrainingLoss.Psnr"/> adds before the logarithm, 1e-8 to 1; default 1e-3, which is 30 dB. The gradient of
    /// log(e + epsilon) grows as the error e falls down to epsilon: with NAFNet's 1e-8, even with 1e-5, nearly clean samples outweigh all others, and a network
    /// that starts as the identity stays it. One that has learned to restore may go on with less, for the sake of what is nearly clean.
    /// </summary>
    public double PsnrEpsilon { get; init; } = DefaultPsnrEpsilon;

    /// <summary>What moves the weights; default Adam.</summary>
    public TrainingOptimizer Optimizer { get; init; } = TrainingOptimizer.Adam;

    /// <summary>Learning rate at step 0; default 2e-4.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Learning rate at the end; default 1e-7.</summary>
    public double MinimumLearningRate { get; init; } = 1e-7;

    /// <summary>Adam's decay of the first moment, in [0, 1); default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's decay of the second moment, in [0, 1); default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Decoupled weight decay (AdamW), at least 0; default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Decay of the weights' moving average, in [0, 1), which is then validated and published; default null: no average.</summary>
    public double? EmaDecay { get; init; }

    /// <summary>Largest L2 norm of the gradient, above 0; default null: no limit.</summary>
    public double? GradientClip { get; init; }

    /// <summary>
    /// Parts of the network that learn, by their names ("trust", "body.3"); the weights of all others stay as they are, which is quicker, since nothing is
    /// differentiated for them. Default none said: everything learns.
    /// </summary>
    public IReadOnlyList<string> TrainedParts { get; init; } = [];

    /// <summary>Steps between validations; default 5000. The last step is validated too.</summary>
    public long ValidateEvery { get; init; } = 5000;

    /// <summary>Steps between writings of the checkpoint "last"; default 1000. What a kill costs.</summary>
    public long SaveEvery { get; init; } = 1000;

    /// <summary>Steps between rows of the log and reports of progress; default 100.</summary>
    public long LogEvery { get; init; } = 100;

    /// <summary>Folder for last.safetensors, best.safetensors and log.csv; it is made where missing.</summary>
    public string Output { get; init; } = "training";

    /// <summary>Steps after which this run saves and returns, to be continued by the next; default null: goes on to the end.</summary>
    public long? StopAfter { get; init; }

    /// <summary>Texts to put into best.safetensors beside its own, e.g. "license"; default none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Output, nameof(Output));
        ArgumentNullException.ThrowIfNull(TrainedParts);
        ArgumentOutOfRangeException.ThrowIfLessThan(Iterations, 1, nameof(Iterations));
        if (!Enum.IsDefined(Loss))
            throw new ArgumentOutOfRangeException(nameof(Loss), Loss, "Expected a member of TrainingLoss.");
        if (!Enum.IsDefined(Optimizer))
            throw new ArgumentOutOfRangeException(nameof(Optimizer), Optimizer, "Expected a member of TrainingOptimizer.");
        Check(PsnrEpsilon, PsnrEpsilon is >= 1e-8 and <= 1, nameof(PsnrEpsilon), "1e-8..1");
        Check(LearningRate, LearningRate > 0, nameof(LearningRate), "a number above 0");
        Check(MinimumLearningRate, MinimumLearningRate >= 0 && MinimumLearningRate <= LearningRate, nameof(MinimumLearningRate), "0..LearningRate");
        Check(Beta1, Beta1 is >= 0 and < 1, nameof(Beta1), "0 to below 1");
        Check(Beta2, Beta2 is >= 0 and < 1, nameof(Beta2), "0 to below 1");
        Check(WeightDecay, WeightDecay >= 0, nameof(WeightDecay), "at least 0");
        if (EmaDecay is { } decay)
            Check(decay, decay is >= 0 and < 1, nameof(EmaDecay), "0 to below 1, or null");
        if (GradientClip is { } clip)
            Check(clip, clip > 0, nameof(GradientClip), "a number above 0, or null");
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidateEvery, 1, nameof(ValidateEvery));
        ArgumentOutOfRangeException.ThrowIfLessThan(SaveEvery, 1, nameof(SaveEvery));
        ArgumentOutOfRangeException.ThrowIfLessThan(LogEvery, 1, nameof(LogEvery));
        if (StopAfter is { } stop)
            ArgumentOutOfRangeException.ThrowIfLessThan(stop, 1, nameof(StopAfter));
    }

    private static void Check(double value, bool holds, string name, string expected)
    {
        if (!holds || !double.IsFinite(value))
            throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");
    }
}
