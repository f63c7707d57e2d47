using Gir.Imaging.Random;

namespace Gir.Degradations;

/// <summary>
/// Draws a <see cref="GeometricTransform"/> for each image, for augmentation: a crop anywhere, a mirror image, quarter turns. Apply it to the clean image and to everything that belongs to it, then
/// degrade. Immutable and safe for concurrent use.
/// </summary>
/// <remarks>The draw is a function of (seed, image key): neither threads nor the order of images matter, and the same two draw the same again.</remarks>
public sealed record RandomGeometry
{
    // Apart from the streams of operators (0, 1) and of random pipelines (2).
    private const uint Stream = 3;

    /// <summary>Rows of the crop, at least 1; default null: all.</summary>
    public int? CropHeight { get; init => field = CheckSize(value); }

    /// <summary>Columns of the crop, at least 1; default null: all.</summary>
    public int? CropWidth { get; init => field = CheckSize(value); }

    /// <summary>How likely it is that left and right change places, 0..1; default 0.5.</summary>
    public double MirrorProbability { get; init => field = CheckProbability(value); } = 0.5;

    /// <summary>How likely it is that the image is turned, by one, two or three quarters alike, 0..1; default 0.</summary>
    public double TurnProbability { get; init => field = CheckProbability(value); }

    /// <summary>Draws what is done to an image.</summary>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="seed">The seed, e.g. the one that is given to <see cref="DegradationPipeline.Apply"/> as well.</param>
    /// <param name="imageKey">Distinguishes the images of a set.</param>
    /// <exception cref="DegradationException">The image is smaller than the crop.</exception>
    public GeometricTransform Draw(int height, int width, ulong seed, string imageKey = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(imageKey);
        (int rows, int columns) = (CropHeight ?? height, CropWidth ?? width);
        if (rows > height || columns > width)
            throw new DegradationException($"The image is {height} x {width} (height x width): expected at least the crop's {rows} x {columns}.");
        var random = new PhiloxRandom(Philox4x32.DeriveSeed(seed, imageKey), Stream);
        // All are drawn, whether used or not, so that changing one setting leaves the others' draws as they were.
        (int top, int left) = (random.NextInteger(0, height - rows), random.NextInteger(0, width - columns));
        bool isMirrored = random.NextBoolean(MirrorProbability);
        bool isTurned = random.NextBoolean(TurnProbability);
        int turns = random.NextInteger(1, 3);
        return new GeometricTransform(height, width, top, left, rows, columns) { IsMirrored = isMirrored, QuarterTurns = isTurned ? turns : 0 };
    }

    private static int? CheckSize(int? value) =>
        value is null or >= 1 ? value : throw new DegradationException($"crop = {value}: expected at least 1.");

    private static double CheckProbability(double value) =>
        value is >= 0 and <= 1 ? value : throw new DegradationException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"probability = {value}: expected a number in 0..1."));
}
