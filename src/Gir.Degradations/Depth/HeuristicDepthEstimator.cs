using System.Buffers;
using System.Numerics.Tensors;
using Gir.Imaging;
using Gir.Imaging.Filtering;

namespace Gir.Degradations.Depth;

/// <summary>
/// A guess at depth that needs no learned weights: higher in the picture is farther, and bright, pale regions are farther than dark,
/// colorful ones (the color attenuation prior of Zhu, Mai, Shao: "A Fast Single Image Haze Removal Algorithm Using Color Attenuation
/// Prior", 2015, Eq. 8), smoothed along the picture's edges by a guided filter (He, Sun, Tang 2010).
/// </summary>
/// <remarks>
/// It stands in for the monocular network of the GIR paper: plausible for landscapes and streets, wrong for close-ups of bright
/// objects. Give measured depth where there is any.
/// </remarks>
public sealed class HeuristicDepthEstimator : IDepthEstimator
{
    // Zhu, Mai, Shao, section 3.2: learned on 500 images.
    private const float Offset = 0.121779f;
    private const float ValueWeight = 0.959710f;
    private const float SaturationWeight = -0.780245f;

    // The paper's patch of 15 x 15 and filter radius of 60 belong to images of about 480 rows.
    private const double ReferenceSide = 480;
    private const double PatchRadius = 7;
    private const double FilterRadius = 60;
    private const double FilterEpsilon = 1e-3;

    private const float Horizon = 0.3f;
    private const float Slope = 8f;
    private const float ColorShare = 0.5f;
    private const float GrayShare = 0.25f;
    private const float Nearest = 0.05f;

    private readonly Parallelism _parallelism;

    /// <summary>Creates the estimator.</summary>
    /// <param name="parallelism">Threads; the estimate does not depend on them.</param>
    public HeuristicDepthEstimator(Parallelism parallelism = default) => _parallelism = parallelism;

    /// <summary>"heuristic".</summary>
    public string Name => "heuristic";

    /// <inheritdoc/>
    /// <exception cref="DegradationException">The image has other than 1 or 3 channels, or a sample is not finite.</exception>
    public ImageBuffer Estimate(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        PipelineRules.CheckImage(image, 1);
        double scale = Math.Min(image.Height, image.Width) / ReferenceSide;
        int patch = (int)Math.Round(PatchRadius * scale, MidpointRounding.ToEven);
        int radius = Math.Max(1, (int)Math.Round(FilterRadius * scale, MidpointRounding.ToEven));

        var raw = new ImageBuffer(1, image.Height, image.Width);
        var guide = new ImageBuffer(1, image.Height, image.Width);
        _parallelism.For(image.Height, 32, new ColorBody(image, raw, guide));
        ImageBuffer local = patch == 0 ? raw : Erode(raw, patch);
        float share = image.Channels == 3 ? ColorShare : GrayShare;
        _parallelism.For(image.Height, 32, new PositionBody(local, share));

        ImageBuffer smooth = GuidedFilter.Apply(guide, local, radius, FilterEpsilon, _parallelism);
        Span<float> samples = smooth.Samples;
        TensorPrimitives.Max(samples, Nearest, samples);
        return DepthMap.Normalized(smooth);
    }

    /// <summary>The smallest value within a square: no bright thing on the ground is sky.</summary>
    private ImageBuffer Erode(ImageBuffer map, int radius)
    {
        var rows = new ImageBuffer(1, map.Height, map.Width);
        var result = new ImageBuffer(1, map.Height, map.Width);
        _parallelism.For(map.Height, 16, new ErodeRowsBody(map, rows, radius));
        _parallelism.For(map.Height, 16, new ErodeColumnsBody(rows, result, radius));
        return result;
    }

    private readonly struct ColorBody(ImageBuffer image, ImageBuffer raw, ImageBuffer guide) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int last = image.Channels - 1;
            for (int y = start; y < end; y++)
            {
                ReadOnlySpan<float> red = image.Row(0, y);
                ReadOnlySpan<float> green = image.Row(last / 2, y);
                ReadOnlySpan<float> blue = image.Row(last, y);
                Span<float> depth = raw.Row(0, y);
                Span<float> luma = guide.Row(0, y);
                for (int x = 0; x < depth.Length; x++)
                {
                    float value = MathF.Max(red[x], MathF.Max(green[x], blue[x]));
                    float least = MathF.Min(red[x], MathF.Min(green[x], blue[x]));
                    float saturation = value > 0 ? (value - least) / value : 0f;
                    depth[x] = Math.Clamp(Offset + (ValueWeight * value) + (SaturationWeight * saturation), 0f, 1f);
                    luma[x] = (0.299f * red[x]) + (0.587f * green[x]) + (0.114f * blue[x]);
                }
            }
        }
    }

    /// <summary>Mixes in what the position says: 1 down to the horizon, then the depth of a ground plane, which falls as 1 / distance.</summary>
    private readonly struct PositionBody(ImageBuffer map, float colorShare) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int y = start; y < end; y++)
            {
                float below = MathF.Max(0f, ((y + 0.5f) / map.Height) - Horizon);
                float prior = (1f - colorShare) / (1f + (Slope * below));
                Span<float> row = map.Row(0, y);
                for (int x = 0; x < row.Length; x++)
                    row[x] = (colorShare * row[x]) + prior;
            }
        }
    }

    private readonly struct ErodeRowsBody(ImageBuffer map, ImageBuffer result, int radius) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int width = map.Width;
            float[] rented = ArrayPool<float>.Shared.Rent(width + (2 * radius));
            Span<float> padded = rented.AsSpan(0, width + (2 * radius));
            for (int y = start; y < end; y++)
            {
                padded.Fill(float.MaxValue);
                map.Row(0, y).CopyTo(padded[radius..]);
                Span<float> row = result.Row(0, y);
                padded[..width].CopyTo(row);
                for (int shift = 1; shift <= 2 * radius; shift++)
                    TensorPrimitives.Min(row, padded.Slice(shift, width), row);
            }

            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private readonly struct ErodeColumnsBody(ImageBuffer map, ImageBuffer result, int radius) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int y = start; y < end; y++)
            {
                Span<float> row = result.Row(0, y);
                map.Row(0, y).CopyTo(row);
                for (int v = Math.Max(0, y - radius); v <= Math.Min(map.Height - 1, y + radius); v++)
                    TensorPrimitives.Min(row, map.Row(0, v), row);
            }
        }
    }
}
