using System.Buffers;
using Gir.Degradations.Kernels;
using Gir.Imaging;

namespace Gir.Degradations.AlgorithmArtifact;

/// <summary>
/// One Richardson-Lucy iteration with a flat 5 x 5 point spread from a flat start, on an image padded by 7 samples that fall linearly
/// to 0: exactly the 5 x 5 box mean of the padded image, because the blurred flat start cancels.
/// </summary>
internal static class RampBox
{
    /// <summary>Samples of padding on each side.</summary>
    public const int Padding = 7;

    /// <summary>Side of the box.</summary>
    public const int Size = 5;

    private const int Radius = Size / 2;

    /// <summary>The box mean, clamped to [-1, 1] as scikit-image clips.</summary>
    public static ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        ImageBuffer result = Uninitialized.Like(image);
        // Rows of all channels are one sequence, so that gray and color images split alike.
        context.Parallelism.For(image.Height * image.Channels, 32, new RowBody(image, result), context.CancellationToken);
        return result;
    }

    private readonly struct RowBody(ImageBuffer image, ImageBuffer result) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int width = image.Width;
            float[] rented = ArrayPool<float>.Shared.Rent((5 * width) + (2 * Radius));
            Span<float> ramps = rented.AsSpan(0, 4 * width);
            Span<float> sums = rented.AsSpan(4 * width, width + (2 * Radius));
            int rampsOf = -1;
            for (int i = start; i < end; i++)
            {
                (int channel, int y) = Math.DivRem(i, image.Height);
                if (channel != rampsOf)
                    FillRamps(image, channel, ramps);
                rampsOf = channel;

                SumOfFive.Invoke(
                    Line(ramps, channel, y - 2), Line(ramps, channel, y - 1), Line(ramps, channel, y), Line(ramps, channel, y + 1), Line(ramps, channel, y + 2),
                    1f, float.MaxValue, sums.Slice(Radius, width));
                for (int j = 1; j <= Radius; j++)
                {
                    sums[Radius - j] = (Padding - j) * (sums[Radius] / Padding);
                    sums[Radius + width - 1 + j] = (Padding - j) * (sums[Radius + width - 1] / Padding);
                }

                SumOfFive.Invoke(sums, sums[1..], sums[2..], sums[3..], sums[4..], 1f / (Size * Size), 1f, result.Row(channel, y));
            }

            ArrayPool<float>.Shared.Return(rented);
        }

        /// <summary>The two rows above the image and the two below, at distance j: (7 - j) / 7 of the edge row.</summary>
        private static void FillRamps(ImageBuffer image, int channel, Span<float> ramps)
        {
            Span<float> top = image.Row(channel, 0);
            Span<float> bottom = image.Row(channel, image.Height - 1);
            for (int x = 0; x < image.Width; x++)
            {
                for (int j = 1; j <= Radius; j++)
                {
                    ramps[((Radius - j) * image.Width) + x] = (Padding - j) * (top[x] / Padding);
                    ramps[((Radius + j - 1) * image.Width) + x] = (Padding - j) * (bottom[x] / Padding);
                }
            }
        }

        private ReadOnlySpan<float> Line(Span<float> ramps, int channel, int y)
        {
            if (y >= 0 && y < image.Height)
                return image.Row(channel, y);
            int ramp = y < 0 ? Radius + y : Radius + y - image.Height;
            return ramps.Slice(ramp * image.Width, image.Width);
        }
    }
}
