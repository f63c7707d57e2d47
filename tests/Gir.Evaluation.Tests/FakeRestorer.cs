using Gir.Imaging;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Tests;

/// <summary>A restorer made of a function, which counts its calls.</summary>
internal sealed class FakeRestorer(string name, Func<ImageBuffer, ImageBuffer> restore, int scale = 1, string? identity = null) : IRestorer
{
    private int _calls;

    public int Calls => _calls;

    public RestorerInfo Info { get; } = new(name, $"the test's {name}") { Scale = scale };

    string? IRestorer.Identity => identity;

    public static FakeRestorer Identity() => new("identity", image => image.Clone());

    /// <summary>Brightens by a constant: enough to score otherwise.</summary>
    public static FakeRestorer Shift(float by) => new(
        FormattableString.Invariant($"shift({by})"),
        image => new ImageBuffer(image.Channels, image.Height, image.Width, Array.ConvertAll(image.Array, v => v + by)));

    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        return restore(degraded);
    }
}
