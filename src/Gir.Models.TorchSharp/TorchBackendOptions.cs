namespace Gir.Models.TorchSharp;

/// <summary>Where and how the libtorch engine computes.</summary>
public sealed record TorchBackendOptions
{
    /// <summary>The device, as torch writes it: "cpu", "cuda", "cuda:0". Default "cpu".</summary>
    public string Device { get; set; } = "cpu";
}
