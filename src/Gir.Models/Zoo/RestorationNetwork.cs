using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>A network together with what a caller must know to feed it an image.</summary>
/// <param name="Architecture">The descriptor's name, e.g. "SRResNet".</param>
/// <param name="Module">The network; its keys are those of the checkpoint it was recognized from.</param>
public sealed record RestorationNetwork(string Architecture, Module Module)
{
    /// <summary>Image channels of the input: 1 (gray) or 3 (RGB); a noise map is not counted.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels { get; init; } = 3;

    /// <summary>Output size divided by input size.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>What sizes of images it takes.</summary>
    public InputSize Size { get; init; } = new();

    /// <summary>The value of white in input and output: 1, or 255 for networks trained on levels.</summary>
    public float Range { get; init; } = 1;

    /// <summary>Whether one more input channel, after the image's, holds the noise's standard deviation (in units of <see cref="Range"/>).</summary>
    public bool TakesNoiseMap { get; init; }

    /// <summary>Whether an image may be restored in tiles.</summary>
    public TilingSupport Tiling { get; init; } = TilingSupport.Supported;

    /// <summary>
    /// Pixels of the input that neighboring tiles share where <see cref="NetworkRestorerOptions.TileOverlap"/> does not say, at least 0; default 64. More for networks
    /// whose result depends on pixels farther away than 24.
    /// </summary>
    public int TileOverlap { get; init; } = 64;

    /// <summary>
    /// The part whose result is the last description of the image before the network turns it back into an image: what studies of generalization look at. Empty
    /// where nobody said: the last part of the network is taken then.
    /// </summary>
    public string DeepLayer { get; init; } = "";

    /// <summary>What it was built from beside the shapes; written into a checkpoint's metadata, so that the file is recognized with the same configuration.</summary>
    public HyperParameters HyperParameters { get; init; } = HyperParameters.None;

    /// <summary>What the configuration was, by the official constructor's argument names, for people.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>The engine that the network lives on.</summary>
    public TensorBackend Backend => Module.StateDictionary().Select(e => e.Value.Backend).FirstOrDefault() ?? TensorBackend.Default;

    /// <summary>Side of the thumbnail of the whole picture that the network wants beside each patch while it learns; 0 for networks that want none.</summary>
    public int ThumbnailSize => Module is IPictureConditioned conditioned ? conditioned.ThumbnailSize : 0;
}
