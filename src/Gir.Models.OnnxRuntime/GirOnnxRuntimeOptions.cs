using Gir.Imaging.Settings;

namespace Gir.Models.OnnxRuntime;

/// <summary>
/// Settings of <see cref="GirOnnxRuntimeServiceCollectionExtensions.AddGirOnnxRuntime"/>: of the models that a container loads. Configuration section "Gir:OnnxRuntime", with the
/// names of the properties.
/// </summary>
public sealed class GirOnnxRuntimeOptions : ISectionOptions
{
    /// <summary>Where models run, best first; default: the processor. See <see cref="OnnxRestorerOptions.Providers"/>.</summary>
    public IList<string> Providers { get; set; } = [];

    /// <summary>Number of the device, where there are several, at least 0; default 0.</summary>
    public int DeviceId { get; set; }

    /// <summary>Largest number of threads of one restoration, at least 1; default null: as ONNX Runtime likes.</summary>
    public int? MaxDegreeOfParallelism { get; set; }

    static string ISectionOptions.Section => "Gir:OnnxRuntime";

    void ISectionOptions.Read(SettingsReader settings)
    {
        settings.Texts(nameof(Providers), v => Providers = v);
        settings.Integer(nameof(DeviceId), v => DeviceId = v);
        settings.Integer(nameof(MaxDegreeOfParallelism), v => MaxDegreeOfParallelism = v);
    }

    IEnumerable<string> ISectionOptions.Faults()
    {
        if (Providers is null || Providers.Any(string.IsNullOrWhiteSpace))
            yield return $"{nameof(Providers)} holds an empty name; expected \"cpu\", \"cuda\" ..";
        if (DeviceId < 0)
            yield return $"{nameof(DeviceId)} is {DeviceId}; expected at least 0.";
        if (MaxDegreeOfParallelism < 1)
            yield return $"{nameof(MaxDegreeOfParallelism)} is {MaxDegreeOfParallelism}; expected at least 1, or nothing.";
    }
}
