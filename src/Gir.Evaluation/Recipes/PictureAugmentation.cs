using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Training;

namespace Gir.Evaluation.Recipes;

/// <summary>A change to a share of the clean pictures, before they are degraded: what it makes is clean, too.</summary>
internal abstract class PictureAugmentation(double share)
{
    /// <summary>The changed picture, in new memory; the clean picture itself where the draw leaves it.</summary>
    public ImageBuffer Apply(TrainingImage picture, PhiloxRandom random)
    {
        ImageBuffer clean = picture.Clean;
        if (random.NextDouble() >= share)
            return clean;
        ImageBuffer result = ImagePool.Rent(clean.Channels, clean.Height, clean.Width);
        clean.Samples.CopyTo(result.Samples);
        Change(result, random);
        return result;
    }

    /// <summary>Changes a copy in place.</summary>
    protected abstract void Change(ImageBuffer picture, PhiloxRandom random);
}
