using System.Numerics.Tensors;
using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>
/// The step-by-step baseline of general image restoration (GIR paper): undoes the degradations of one task one after another, the last one first, each
/// with a restorer made for it alone.
/// </summary>
/// <remarks>
/// Results are clamped to [0, 1] between the steps, as images are, and not rounded; the last one is not clamped. Every step keeps the image's size.
/// <see cref="SingleTaskModels"/> makes one for every task.
/// </remarks>
public sealed class StepByStepRestorer : IRestorer
{
    private readonly IRestorer[] _steps;

    /// <summary>Creates the restorer of one task.</summary>
    /// <param name="models">For each degradation's name the restorer that undoes it.</param>
    /// <param name="degradations">The names of the task's degradations in the order in which they were applied; none returns a copy of the image.</param>
    /// <param name="name">Name for reports; null means "step-by-step(rain + blur)", with the degradations in their order.</param>
    /// <exception cref="ArgumentException">A degradation has no model, or its model changes the image's size.</exception>
    public StepByStepRestorer(IReadOnlyDictionary<string, IRestorer> models, IReadOnlyList<string> degradations, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(degradations);
        _steps = [.. degradations.Reverse().Select(d => Find(models, d))];
        Info = new RestorerInfo(
            name ?? $"step-by-step({string.Join(" + ", degradations)})",
            $"Single-task models in reverse order: {(_steps.Length == 0 ? "none" : string.Join(", ", _steps.Select(s => s.Info.Name)))}")
        {
            ParameterCount = _steps.Distinct().Sum(s => s.Info.ParameterCount),
        };
    }

    /// <inheritdoc/>
    public RestorerInfo Info { get; }

    /// <summary>A hash of the names and identities of the steps.</summary>
    public string Identity => RestorerIdentity.Of(_steps.Select((s, i) => KeyValuePair.Create($"{i}", s)));

    /// <summary>The restorers in the order in which they are applied.</summary>
    public IReadOnlyList<IRestorer> Steps => _steps;

    /// <inheritdoc/>
    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default) => Restore(degraded, null, cancellationToken);

    /// <summary>Restores one image and tells after every step how far it is.</summary>
    /// <inheritdoc/>
    public ImageBuffer Restore(ImageBuffer degraded, IProgress<RestorationProgress>? progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(degraded);
        SampleRange.Check(degraded, nameof(degraded));
        ImageBuffer image = degraded;
        for (int i = 0; i < _steps.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            image = _steps[i].Restore(i == 0 ? image : Clamped(image), cancellationToken);
            progress?.Report(new RestorationProgress(i + 1, _steps.Length));
        }

        return ReferenceEquals(image, degraded) ? degraded.Clone() : image;
    }

    private static ImageBuffer Clamped(ImageBuffer image)
    {
        var clamped = new ImageBuffer(image.Channels, image.Height, image.Width);
        TensorPrimitives.Clamp(image.Samples, 0, 1, clamped.Samples);
        return clamped;
    }

    private static IRestorer Find(IReadOnlyDictionary<string, IRestorer> models, string degradation)
    {
        ArgumentException.ThrowIfNullOrEmpty(degradation);
        if (!models.TryGetValue(degradation, out IRestorer? model))
            throw new ArgumentException($"There is no model for the degradation '{degradation}'; there are models for {string.Join(", ", models.Keys.Order(StringComparer.Ordinal))}.", nameof(degradation));
        return model.Info.Scale == 1
            ? model
            : throw new ArgumentException($"The model for '{degradation}', {model.Info.Name}, scales by {model.Info.Scale}; expected one that keeps the image's size.", nameof(degradation));
    }
}
