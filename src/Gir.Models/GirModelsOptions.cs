using Gir.Imaging.Settings;
using Gir.Models.Restoration;

namespace Gir.Models;

/// <summary>
/// Settings of <see cref="GirModelsServiceCollectionExtensions.AddGirModels"/>. Configuration section "Gir:Models", with the names of the properties.
/// </summary>
public sealed class GirModelsOptions : ISectionOptions
{
    /// <summary>
    /// Largest number of threads of one restoration, at least 1; default 1. Results do not depend on it. Networks use no more than the engine has
    /// (<see cref="Tensors.TensorBackend.Default"/>).
    /// </summary>
    public int MaxDegreeOfParallelism { get; set; } = 1;

    /// <summary>How many restorations the container's <see cref="RestorationQueue"/> works on at a time, at least 1; default: one per processor.</summary>
    public int MaxRunning { get; set; } = Environment.ProcessorCount;

    /// <summary>How many more may wait for their turn there, at least 0; default 256.</summary>
    public int MaxWaiting { get; set; } = RestorationQueue.DefaultMaxWaiting;

    static string ISectionOptions.Section => "Gir:Models";

    void ISectionOptions.Read(SettingsReader settings)
    {
        settings.Integer(nameof(MaxDegreeOfParallelism), v => MaxDegreeOfParallelism = v);
        settings.Integer(nameof(MaxRunning), v => MaxRunning = v);
        settings.Integer(nameof(MaxWaiting), v => MaxWaiting = v);
    }

    IEnumerable<string> ISectionOptions.Faults()
    {
        if (MaxDegreeOfParallelism < 1)
            yield return $"{nameof(MaxDegreeOfParallelism)} is {MaxDegreeOfParallelism}; expected at least 1.";
        if (MaxRunning < 1)
            yield return $"{nameof(MaxRunning)} is {MaxRunning}; expected at least 1.";
        if (MaxWaiting < 0)
            yield return $"{nameof(MaxWaiting)} is {MaxWaiting}; expected at least 0.";
    }
}
