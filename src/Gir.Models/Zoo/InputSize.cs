using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>What sizes of images a network takes, and how its authors fill others up to them. The default: any size.</summary>
public sealed record InputSize
{
    /// <summary>Height and width must be multiples of this, at least 1; default 1: any will do, or the network pads by itself.</summary>
    public int Multiple { get; init; } = 1;

    /// <summary>The smallest height and width; default 1.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>Whether height and width must be equal.</summary>
    public bool IsSquare { get; init; }

    /// <summary>
    /// The network fills images by itself up to squares whose side is a multiple of this: an oblong one costs what the square around it costs. 0 (the
    /// default) for networks that do not.
    /// </summary>
    public int SquareMultiple { get; init; }

    /// <summary>With what an image is filled up; default: its mirror image.</summary>
    public TensorPadMode Padding { get; init; } = TensorPadMode.Reflect;

    /// <summary>Whether the padding goes in equal parts to both sides, rather than right and bottom.</summary>
    public bool IsCentered { get; init; }
}
