using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>
/// A restorer that is not blind: it is told which degradations an image went through. A benchmark tells it those of each task; restorers that do
/// not ask stay blind.
/// </summary>
public interface ITaskAwareRestorer : IRestorer
{
    /// <summary>The restorer of the images of one task.</summary>
    /// <param name="degradations">The names of the degradations in the order in which they were applied, e.g. "rain", "blur", "noise".</param>
    /// <exception cref="ArgumentException">The restorer knows no remedy for one of them; the message names it.</exception>
    IRestorer ForTask(IReadOnlyList<string> degradations);
}
