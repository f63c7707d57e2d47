using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>A network together with what a caller must know to feed it an image.</summary>
/// <param name="Architecture">The descriptor's name, e.g. "SRResNet".</param>
/// <param name="Module">The network; its keys are those of the checkpoint it was recognised from.</param>
public sealed record RestorationNetwork(string Architecture, Module Module)
{
    /// <summary>Image channels of the input: 1 (gray) or 3 (RGB); a noise map is not counted.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels { get; init; } = 3;

    /// <summary>Output size divided by input size.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>Height and width of the input must be multiples of this; 1 where any size will do or the network pads by itself.</summary>
    public int SizeMultiple { get; init; } = 1;

    /// <summary>The smallest height and width of the input.</summary>
    public int MinimumSize { get; init; } = 1;

    /// <summary>Whether height and width must be equal.</summary>
    public bool RequiresSquare { get; init; }

    /// <summary>How the authors fill an image up to <see cref="SizeMultiple"/>.</summary>
    public TensorPadMode PaddingMode { get; init; } = TensorPadMode.Reflect;

    /// <summary>Whether the padding goes in equal parts to both sides, rather than right and bottom.</summary>
    public bool PadsCentred { get; init; }

    /// <summary>The value of white in input and output: 1, or 255 for networks trained on levels.</summary>
    public float Range { get; init; } = 1;

    /// <summary>Whether one more input channel, after the image's, holds the noise's standard deviation (in units of <see cref="Range"/>).</summary>
    public bool TakesNoiseMap { get; init; }

    /// <summary>
    /// The network fills images by itself up to squares whose side is a multiple of this: an oblong one costs what the square around it costs. 0 for
    /// networks that do not.
    /// </summary>
    public int SquareMultiple { get; init; }

    /// <summary>Whether an image may be restored in tiles.</summary>
    public TilingSupport Tiling { get; init; } = TilingSupport.Supported;

    /// <summary>What it was built from beside the shapes; written into a checkpoint's metadata, so that the file is recognised with the same configuration.</summary>
    public HyperParameters HyperParameters { get; init; } = HyperParameters.None;

    /// <summary>What the configuration was, by the official constructor's argument names, for people.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>Side of the thumbnail of the whole picture that the network wants beside each patch while it learns; 0 for networks that want none.</summary>
    public int ThumbnailSize => Module is IPictureConditioned conditioned ? conditioned.ThumbnailSize : 0;
}
