using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>Returns the degraded image: what every other restorer has to beat.</summary>
public sealed class IdentityRestorer : ClassicalRestorer
{
    /// <summary>Creates the restorer.</summary>
    public IdentityRestorer()
        : base("identity", "The degraded image itself: the line that every restorer has to beat", Parallelism.Sequential)
    {
    }

    private protected override ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken) => degraded.Clone();
}
