using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>
/// A network that looks at the whole picture once, as a thumbnail, and then at parts of it: what is a property of the picture (haze and how much of it) is
/// decided once and alike for every patch and tile.
/// </summary>
internal interface IPictureConditioned
{
    /// <summary>Height and width of the thumbnails.</summary>
    int ThumbnailSize { get; }

    /// <summary>The codes of pictures.</summary>
    /// <param name="thumbnails">As <see cref="PictureThumbnail"/> makes them, [n, 2 c, size, size].</param>
    /// <returns>[n, d].</returns>
    Tensor Encode(Tensor thumbnails);

    /// <summary>Runs the network on parts of pictures.</summary>
    /// <param name="x">The parts, [n, c, h, w].</param>
    /// <param name="code">The codes of the pictures they are cut from, [n, d].</param>
    Tensor Call(Tensor x, Tensor code);
}
