using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>
/// One restorer for each degradation; told a task, it applies those of the task's degradations step by step (<see cref="StepByStepRestorer"/>).
/// Hand it to a benchmark like any restorer.
/// </summary>
/// <example>
/// <code>
/// var models = new SingleTaskModels(new Dictionary&lt;string, IRestorer&gt;
/// {
///     ["noise"] = ModelZoo.Load("denoise.safetensors"),
///     ["blur"] = new RichardsonLucyRestorer(),
/// });
/// ImageBuffer clean = models.ForTask(["blur", "noise"]).Restore(degraded);   // denoises first
/// </code>
/// </example>
public sealed class SingleTaskModels : ITaskAwareRestorer
{
    private readonly Dictionary<string, IRestorer> _models;

    /// <summary>Collects the models.</summary>
    /// <param name="models">For each degradation's name, e.g. "noise", the restorer that undoes it.</param>
    /// <param name="name">Name for reports.</param>
    /// <exception cref="ArgumentException">There is none, one is null, or one changes the image's size.</exception>
    public SingleTaskModels(IReadOnlyDictionary<string, IRestorer> models, string name = "step-by-step")
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (models.Count == 0 || models.Values.Any(m => m is null))
            throw new ArgumentException("Expected at least one model, and none that is null.", nameof(models));
        _models = new Dictionary<string, IRestorer>(models, StringComparer.Ordinal);
        // Whatever would be refused in a task is refused at once.
        var all = new StepByStepRestorer(_models, [.. _models.Keys.Order(StringComparer.Ordinal)]);
        Info = new RestorerInfo(name, $"Single-task models, told the degradations and applied in reverse order: {string.Join(", ", _models.Keys.Order(StringComparer.Ordinal).Select(k => $"{k} by {_models[k].Info.Name}"))}")
        {
            ParameterCount = all.Info.ParameterCount,
        };
    }

    /// <inheritdoc/>
    public RestorerInfo Info { get; }

    /// <summary>A hash of the names and identities of the models.</summary>
    public string Identity => RestorerIdentity.Of(_models.OrderBy(m => m.Key, StringComparer.Ordinal));

    /// <summary>The names of the degradations that have a model.</summary>
    public IReadOnlyCollection<string> Degradations => _models.Keys;

    /// <inheritdoc cref="ITaskAwareRestorer.ForTask"/>
    public StepByStepRestorer ForTask(IReadOnlyList<string> degradations) => new(_models, degradations);

    IRestorer ITaskAwareRestorer.ForTask(IReadOnlyList<string> degradations) => ForTask(degradations);

    /// <summary>Always fails: which models to apply depends on the task.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException($"{Info.Name} is not blind: it needs to be told the degradations. Call {nameof(ForTask)} and restore with its result.");
}
