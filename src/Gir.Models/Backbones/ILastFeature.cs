using Gir.Models.Tensors;

namespace Gir.Models.Backbones;

/// <summary>A restoration network that hands out its last feature: what its closing convolution makes the image of.</summary>
internal interface ILastFeature
{
    /// <summary>Channels of the feature.</summary>
    int FeatureChannels { get; }

    /// <summary>The feature of images, of the output's size (that of the input as it is padded inside).</summary>
    Tensor Feature(Tensor x);

    /// <summary>The image of a feature.</summary>
    /// <param name="feature">What <see cref="Feature"/> made.</param>
    /// <param name="x">The images that it was made of.</param>
    Tensor ToImage(Tensor feature, Tensor x);
}
