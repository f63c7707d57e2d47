namespace Gir.Models.Restoration;

/// <summary>Model files that another package reads, e.g. ONNX; known to <see cref="Restorers.Create"/> once it was given to <see cref="Restorers.Add"/>.</summary>
/// <remarks>Implementations are safe for concurrent use.</remarks>
public interface IRestorerFormat
{
    /// <summary>The extension of such files with its dot, e.g. ".onnx"; case does not matter.</summary>
    string Extension { get; }

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file, which exists.</param>
    /// <param name="options">What <see cref="Restorers.Create"/> was told.</param>
    /// <exception cref="Gir.Imaging.GirException">The file is no such model, or damaged.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or means nothing to such models.</exception>
    IRestorer Load(string path, RestorerOptions options);
}
