using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Filtering;
using Gir.Imaging.Observability;

namespace Gir.Models.Restoration;

/// <summary>What the restorers without learned parameters share: checks of the input, names, threads.</summary>
public abstract class ClassicalRestorer : IRestorer
{
    private protected ClassicalRestorer(string name, string description, Parallelism parallelism)
    {
        Info = new RestorerInfo(name, description);
        Parallelism = parallelism;
    }

    /// <inheritdoc/>
    public RestorerInfo Info { get; }

    private protected Parallelism Parallelism { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The image has another number of channels than 1 or 3, or samples that are not finite or far outside of [0, 1].</exception>
    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(degraded);
        if (degraded.Channels is not (1 or 3))
            throw new ArgumentException($"The image is {degraded} (channels x height x width); {Info.Name} restores 1 (gray) or 3 (RGB) channels.", nameof(degraded));
        SampleRange.Check(degraded, nameof(degraded));
        cancellationToken.ThrowIfCancellationRequested();
        using TimedWork.Piece work = ModelsTelemetry.Restoring.Begin(Info.Name);
        return work.Complete(RestoreCore(degraded, cancellationToken));
    }

    private protected abstract ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken);

    /// <summary>"name(first=1, second=0.5)", with numbers as short as they can be.</summary>
    private protected static string Named(string name, params ReadOnlySpan<(string Key, double Value)> settings)
    {
        if (settings.Length == 0)
            return name;
        var parts = new string[settings.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = string.Create(CultureInfo.InvariantCulture, $"{settings[i].Key}={settings[i].Value:R}");
        return $"{name}({string.Join(", ", parts)})";
    }

    /// <summary>Reflection as the degradations use it, where the image is large enough; else the mode that works for every size.</summary>
    private protected static PadMode BorderFor(ImageBuffer image, FilterKernel kernel) =>
        image.Height > kernel.Height / 2 && image.Width > kernel.Width / 2 ? PadMode.Reflect101 : PadMode.Symmetric;

    private protected static double InRange(double value, double minimum, double maximum, string option)
    {
        if (!(value >= minimum && value <= maximum))
            throw new ArgumentOutOfRangeException("options", value, string.Create(CultureInfo.InvariantCulture, $"{option}: expected {minimum}..{maximum}."));
        return value;
    }
}
