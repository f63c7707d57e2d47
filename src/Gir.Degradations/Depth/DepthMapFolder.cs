using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Files;
using Gir.Imaging.Resampling;

namespace Gir.Degradations.Depth;

/// <summary>Depth maps stored beside images: for NAME.jpg the file NAME.npy or NAME.png (16 bits) of a folder.</summary>
/// <remarks>
/// A map may have any unit and is divided by its maximum (far = large). Its size is the image's, or a quarter of that, as the GIR paper
/// stores depth: then it is resized bilinearly. Where the image was cropped to multiples of 4 a map of the whole image fits as well.
/// Safe for concurrent use: it reads files and keeps nothing.
/// </remarks>
public sealed class DepthMapFolder
{
    private const int Quarter = 4;
    private static readonly string[] s_extensions = [.. ImageCodecs.Npy.Extensions, .. ImageCodecs.Png.Extensions];
    private readonly ILookup<string, string> _images = Array.Empty<string>().ToLookup(Stem);

    /// <summary>Opens a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public DepthMapFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"No folder of depth maps at '{path}'.");
        Root = path;
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>Files that are no maps: the images themselves, which may lie in the same folder. Default: none.</summary>
    public IReadOnlyList<string> Images
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            _images = value.ToLookup(Stem);
        }
    } = [];

    /// <summary>Whether there is a map for an image.</summary>
    /// <param name="imageName">The image's file name, with or without its extension; a folder before it is ignored.</param>
    public bool Contains(string imageName) => Find(imageName) is not null;

    /// <summary>Reads the map of an image.</summary>
    /// <param name="imageName">The image's file name, with or without its extension; a folder before it is ignored.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <returns>1 x height x width, divided by its maximum.</returns>
    /// <exception cref="DegradationException">There is no map of that name, it is no depth map, or its size does not fit; the message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ImageBuffer Load(string imageName, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        string path = Find(imageName) ?? throw new DegradationException(
            $"No depth map for '{imageName}': expected {string.Join(" or ", s_extensions.Select(e => Stem(imageName) + e))} in '{Root}'.");
        try
        {
            return Fit(DepthMap.Normalized(ImageFile.Load(path)), path, height, width);
        }
        catch (Exception exception) when (exception is ArgumentException or ImageFormatException)
        {
            throw new DegradationException($"'{path}' is no depth map: {exception.Message}", exception);
        }
    }

    /// <summary>The folder's map of one image in the guise of an estimator, e.g. for a pipeline.</summary>
    /// <param name="imageName">The image's file name.</param>
    public IDepthEstimator For(string imageName)
    {
        ArgumentException.ThrowIfNullOrEmpty(imageName);
        return new StoredDepth(this, imageName);
    }

    private static ImageBuffer Fit(ImageBuffer map, string path, int height, int width)
    {
        if (Covers(map, height, width))
            return map.Crop(0, 0, height, width);

        // The quarter of an image whose sides are no multiples of 4 may have been rounded either way.
        if (Math.Abs((map.Height * Quarter) - height) < Quarter && Math.Abs((map.Width * Quarter) - width) < Quarter)
            return Resampler.Resize(map, height, width, ResamplingKernel.Bilinear, ResamplingConvention.Torch);

        throw new DegradationException(
            $"'{path}' is {map.Height} x {map.Width} (height x width), the image {height} x {width}: expected the same size, or a quarter of it.");
    }

    /// <summary>Whether the map is of the image's size, or of its size before it was cropped to multiples of 4.</summary>
    private static bool Covers(ImageBuffer map, int height, int width) =>
        map.Height >= height && map.Height < height + Quarter && map.Width >= width && map.Width < width + Quarter;

    private static string Stem(string imageName)
    {
        string file = Path.GetFileName(imageName);
        // Only what names an image format is an extension: "street.v2" is a name.
        return ImageCodecs.FindByExtension(file) is null ? file : Path.GetFileNameWithoutExtension(file);
    }

    private string? Find(string imageName)
    {
        ArgumentException.ThrowIfNullOrEmpty(imageName);
        string stem = Path.Combine(Root, Stem(imageName));
        return s_extensions.SelectMany(e => new[] { stem + e, stem + e.ToUpperInvariant() })
            .FirstOrDefault(path => File.Exists(path) && !_images[Stem(path)].Any(image => FileIdentity.AreSame(image, path)));
    }

    private sealed class StoredDepth(DepthMapFolder folder, string imageName) : IDepthEstimator
    {
        public string Name => "folder";

        public ImageBuffer Estimate(ImageBuffer image)
        {
            ArgumentNullException.ThrowIfNull(image);
            return folder.Load(imageName, image.Height, image.Width);
        }
    }
}
