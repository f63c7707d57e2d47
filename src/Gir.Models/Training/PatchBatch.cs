using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Training;

/// <summary>The pairs of one step: degraded patches and what they should have been.</summary>
/// <remarks>Safe to read from several threads.</remarks>
public sealed class PatchBatch
{
    internal PatchBatch(int count, int channels, int size, bool contrast, int thumbnail)
    {
        Shape = TensorShape.Create(count, channels, size, size);
        ThumbnailShape = TensorShape.Create(count, PictureThumbnail.Planes(channels), thumbnail, thumbnail);
        ThumbnailArray = new float[ThumbnailShape.Length];
        DegradedArray = new float[Shape.Length];
        CleanArray = new float[Shape.Length];
        KeysArray = contrast ? new float[Shape.Length] : [];
    }

    /// <summary>The step they belong to.</summary>
    public long Step { get; internal set; }

    /// <summary>[n, c, size, size]; n and size are those of the step's <see cref="PatchStage"/>.</summary>
    public TensorShape Shape { get; }

    /// <summary>The degraded patches, one after another, planar.</summary>
    public ReadOnlySpan<float> Degraded => DegradedArray;

    /// <summary>The clean patches, in the same order.</summary>
    public ReadOnlySpan<float> Clean => CleanArray;

    /// <summary>Second degraded patches for <see cref="PatchPairOptions.Contrast"/>, in the same order; else empty.</summary>
    public ReadOnlySpan<float> Keys => KeysArray;

    /// <summary>[n, 2 c, s, s], means and standard deviations; s is 0 where no thumbnails are asked for.</summary>
    public TensorShape ThumbnailShape { get; }

    /// <summary>The degraded pictures of the patches, small, in the same order; empty unless <see cref="PatchPairOptions.Thumbnail"/> is set.</summary>
    public ReadOnlySpan<float> Thumbnails => ThumbnailArray;

    internal int Size => Shape[3];

    internal int Count => Shape[0];

    internal float[] ThumbnailArray { get; }

    internal float[] DegradedArray { get; }

    internal float[] CleanArray { get; }

    internal float[] KeysArray { get; }
}
