using Gir.Imaging.Settings;

namespace Gir.Models.TorchSharp;

/// <summary>
/// Settings of <see cref="GirTorchSharpServiceCollectionExtensions.AddGirTorchSharp"/>, those of <see cref="TorchBackendOptions"/>. Configuration section "Gir:TorchSharp", with the
/// names of the properties.
/// </summary>
public sealed class GirTorchSharpOptions : ISectionOptions
{
    /// <summary>The device, as torch writes it: "cpu", "cuda" (the first GPU), "cuda:1". Default "cpu".</summary>
    public string Device { get; set; } = "cpu";

    /// <summary>In what numbers convolutions, matrix products and attention multiply. Default <see cref="TorchPrecision.Single"/>.</summary>
    public TorchPrecision Precision { get; set; } = TorchPrecision.Single;

    /// <summary>Whether a GPU may round the factors of float32 products to 10 bits; default false. See <see cref="TorchBackendOptions.AllowTensorFloat32"/>.</summary>
    public bool AllowTensorFloat32 { get; set; }

    /// <summary>Threads of one operator on the processor, at least 1; default null: as libtorch chooses.</summary>
    public int? Threads { get; set; }

    static string ISectionOptions.Section => "Gir:TorchSharp";

    void ISectionOptions.Read(SettingsReader settings)
    {
        settings.Text(nameof(Device), v => Device = v);
        settings.Choice<TorchPrecision>(nameof(Precision), v => Precision = v);
        settings.Flag(nameof(AllowTensorFloat32), v => AllowTensorFloat32 = v);
        settings.Integer(nameof(Threads), v => Threads = v);
    }

    IEnumerable<string> ISectionOptions.Faults()
    {
        if (!TorchLibrary.IsDevice(Device))
            yield return $"{nameof(Device)} is '{Device}'; expected \"cpu\", \"cuda\", \"cuda:N\" or \"mps\".";
        if (!Enum.IsDefined(Precision))
            yield return $"{nameof(Precision)} is {Precision}; expected one of {string.Join(", ", Enum.GetNames<TorchPrecision>())}.";
        if (Threads < 1)
            yield return $"{nameof(Threads)} is {Threads}; expected at least 1, or nothing.";
    }

    internal TorchBackendOptions ToBackendOptions() => new() { Device = Device, Precision = Precision, AllowTensorFloat32 = AllowTensorFloat32, Threads = Threads };
}
