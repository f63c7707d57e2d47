using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Models.Training;

/// <summary>Makes one image of another: a degradation. A pure function of its arguments, and safe to call from several threads.</summary>
/// <param name="image">The image, C x H x W in [0, 1]; its memory is reused after the call, so the function must not keep it.</param>
/// <param name="random">A stream of this call's own.</param>
/// <returns>An image of the same size; it may be <paramref name="image"/> itself.</returns>
public delegate ImageBuffer ImageTransform(ImageBuffer image, PhiloxRandom random);

/// <summary>Degrades a whole picture. A pure function of its arguments, and safe to call from several threads.</summary>
/// <param name="picture">The picture; not to be changed.</param>
/// <param name="random">A stream of this call's own.</param>
/// <returns>A new image of the same size, or the picture's own clean one.</returns>
public delegate ImageBuffer PictureTransform(TrainingImage picture, PhiloxRandom random);

/// <summary>A clean image, and what it looks like after what has to be done to whole images.</summary>
/// <param name="Name">Name, e.g. the file's; part of what a resumed training compares.</param>
/// <param name="Clean">The target, C x H x W in [0, 1].</param>
/// <param name="Prepared">The clean image after weather or the like, same size; null means there is none: the clean image itself.</param>
/// <param name="Depth">Relative depth, 1 x H x W, far = 1; null where nothing asks for it.</param>
public sealed record TrainingImage(string Name, ImageBuffer Clean, ImageBuffer? Prepared = null, ImageBuffer? Depth = null);

/// <summary>What a network learns to undo: images, and what is done to their patches.</summary>
/// <param name="Name">Name for messages.</param>
/// <param name="Images">Images; each is drawn equally often.</param>
/// <param name="Transform">Degrades a patch (of the prepared image, where there is one); null leaves it as it is.</param>
/// <param name="Weight">How often this task is drawn, relative to the others; above 0.</param>
public sealed record TrainingTask(string Name, IReadOnlyList<TrainingImage> Images, ImageTransform? Transform, double Weight = 1)
{
    /// <summary>
    /// Degrades whole pictures, of which a patch is then cut: slower than degrading patches, but borders, lines across the picture and weather are then those
    /// of a restorer's work. Takes the place of <see cref="Transform"/>; default null. Patches are mirrored left and right only, since up is up in weather.
    /// </summary>
    public PictureTransform? PictureTransform { get; init; }

    /// <summary>
    /// Draws a picture's clean form anew before it is degraded, e.g. in another tone; used with <see cref="PictureTransform"/> only. Default null: pictures stay
    /// as they are.
    /// </summary>
    public PictureTransform? PictureAugmentation { get; init; }

    /// <summary>
    /// Share of samples for which a window of the picture, drawn anew, stands for the whole of it, in [0, 1]; used with <see cref="PictureTransform"/> only. Default 0. A window is a third of
    /// the picture to all of it high and wide, and never smaller than a patch: another picture to a network that sees wholes as thumbnails.
    /// </summary>
    public double PictureWindows { get; init; }

    /// <summary>
    /// Share of those windows whose rows and columns are exchanged, in [0, 1]. Default 0. What lies then stands, as rain does: a network that is to tell rain from fences meets more of them.
    /// </summary>
    public double TurnedWindows { get; init; }
}
