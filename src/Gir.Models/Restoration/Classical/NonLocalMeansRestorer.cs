using System.Buffers;
using System.Numerics.Tensors;
using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>Settings of <see cref="NonLocalMeansRestorer"/>.</summary>
public sealed record NonLocalMeansRestorerOptions
{
    /// <summary>Standard deviation of the noise on the 0..255 scale, in (0, 255]; null (default) to estimate it from the image.</summary>
    public double? Sigma { get; init; }

    /// <summary>Reach of the patches that are compared, 0..5; default 1 (3 x 3).</summary>
    public int PatchRadius { get; init; } = 1;

    /// <summary>Reach of the search, 1..15; default 7 (15 x 15 candidates).</summary>
    public int SearchRadius { get; init; } = 7;

    /// <summary>Filtering strength: the distance at which similarity fades is this times the noise, 0.05..5; default 0.65.</summary>
    public double Strength { get; init; } = 0.65;
}

/// <summary>
/// Removes noise by averaging pixels whose surroundings look alike (Buades, Coll, Morel, "A non-local algorithm for image denoising",
/// CVPR 2005; parameters after "Non-Local Means Denoising", IPOL 2011).
/// </summary>
/// <remarks>
/// The weight of a pixel whose patch is at mean squared distance d is w(t) with t = max(0, d - 2 sigma^2) / (strength * sigma)^2 and
/// w(t) = max(0, 1 - t / 8)^8, which follows exp(-t) to within 0.04 and needs no exponential. Time grows with
/// (2 search + 1)^2; a 768 x 512 RGB image takes some tenths of a second on one thread with the defaults.
/// </remarks>
public sealed class NonLocalMeansRestorer : ClassicalRestorer
{
    // Rows that are worked on together: the accumulators stay in the second cache, the patches' margin is shared.
    private const int BandRows = 16;

    // Below this noise there is nothing to remove, and the weights would divide by zero.
    private const double SmallestSigma = 0.1 / 255;

    private readonly NonLocalMeansRestorerOptions _options;

    /// <summary>Creates the restorer.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="parallelism">Threads; results do not depend on them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public NonLocalMeansRestorer(NonLocalMeansRestorerOptions? options = null, Parallelism parallelism = default)
        : base(NameOf(options ??= new()), "Non-local means against noise", parallelism)
    {
        if (options.Sigma is { } sigma)
            InRange(sigma, double.Epsilon, 255, "NonLocalMeansRestorerOptions.Sigma");
        InRange(options.PatchRadius, 0, 5, "NonLocalMeansRestorerOptions.PatchRadius");
        InRange(options.SearchRadius, 1, 15, "NonLocalMeansRestorerOptions.SearchRadius");
        InRange(options.Strength, 0.05, 5, "NonLocalMeansRestorerOptions.Strength");
        _options = options;
    }

    private protected override ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken)
    {
        double sigma = _options.Sigma / 255 ?? NoiseEstimate.Sigma(degraded);
        if (sigma < SmallestSigma)
            return degraded.Clone();
        int margin = _options.SearchRadius + _options.PatchRadius;
        ImageBuffer padded = degraded.Pad(margin, margin, margin, margin, PadMode.Symmetric);
        var result = new ImageBuffer(degraded.Channels, degraded.Height, degraded.Width);
        int bands = (degraded.Height + BandRows - 1) / BandRows;
        Parallelism.For(bands, 1, new Band(padded, result, _options, sigma, cancellationToken), cancellationToken);
        return result;
    }

    private static string NameOf(NonLocalMeansRestorerOptions options)
    {
        (string, double)[] settings = [("patch", options.PatchRadius), ("search", options.SearchRadius), ("strength", options.Strength)];
        return options.Sigma is { } sigma ? Named("non-local-means", [("sigma", sigma), .. settings]) : Named("non-local-means", settings);
    }

    private readonly struct Band(ImageBuffer padded, ImageBuffer result, NonLocalMeansRestorerOptions options, double sigma, CancellationToken cancellationToken)
        : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int width = result.Width;
            int wide = width + (2 * options.PatchRadius);
            int patchRows = BandRows + (2 * options.PatchRadius);
            float[] scratch = ArrayPool<float>.Shared.Rent((patchRows * wide) + (3 * wide) + ((result.Channels + 1) * BandRows * width));
            Span<float> rest = scratch;
            Span<float> distances = Take(ref rest, patchRows * wide);
            Span<float> column = Take(ref rest, wide);
            Span<float> weights = Take(ref rest, wide);
            Span<float> product = Take(ref rest, wide);
            Span<float> totals = Take(ref rest, (result.Channels + 1) * BandRows * width);
            for (int band = start; band < end; band++)
            {
                int first = band * BandRows;
                int rows = Math.Min(BandRows, result.Height - first);
                totals.Clear();
                for (int dy = -options.SearchRadius; dy <= options.SearchRadius; dy++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    for (int dx = -options.SearchRadius; dx <= options.SearchRadius; dx++)
                    {
                        Distances(first, rows, dy, dx, distances, product[..wide]);
                        for (int r = 0; r < rows; r++)
                        {
                            SumPatch(distances, r, column, weights[..width]);
                            Weigh(weights[..width]);
                            Accumulate(first + r, dy, dx, weights[..width], product[..width], totals[(r * (result.Channels + 1) * width)..]);
                        }
                    }
                }

                for (int r = 0; r < rows; r++)
                {
                    Span<float> row = totals.Slice(r * (result.Channels + 1) * width, (result.Channels + 1) * width);
                    for (int c = 0; c < result.Channels; c++)
                        TensorPrimitives.Divide(row.Slice((c + 1) * width, width), row[..width], result.Row(c, first + r));
                }
            }

            ArrayPool<float>.Shared.Return(scratch);
        }

        private static Span<float> Take(ref Span<float> rest, int length)
        {
            Span<float> taken = rest[..length];
            rest = rest[length..];
            return taken;
        }

        // Squared differences between the image and the shifted image, summed over the channels, for the band and the patches' margin.
        private void Distances(int first, int rows, int dy, int dx, Span<float> distances, Span<float> product)
        {
            int wide = product.Length;
            for (int r = 0; r < rows + (2 * options.PatchRadius); r++)
            {
                int y = first + options.SearchRadius + r;
                Span<float> target = distances.Slice(r * wide, wide);
                for (int c = 0; c < padded.Channels; c++)
                {
                    Span<float> difference = c == 0 ? target : product;
                    TensorPrimitives.Subtract(
                        padded.Row(c, y).Slice(options.SearchRadius, wide), padded.Row(c, y + dy).Slice(options.SearchRadius + dx, wide), difference);
                    TensorPrimitives.Multiply(difference, difference, difference);
                    if (c > 0)
                        TensorPrimitives.Add(target, difference, target);
                }
            }
        }

        private void SumPatch(Span<float> distances, int row, Span<float> column, Span<float> sums)
        {
            int wide = column.Length;
            distances.Slice(row * wide, wide).CopyTo(column);
            for (int i = 1; i <= 2 * options.PatchRadius; i++)
                TensorPrimitives.Add(column, distances.Slice((row + i) * wide, wide), column);
            column[..sums.Length].CopyTo(sums);
            for (int i = 1; i <= 2 * options.PatchRadius; i++)
                TensorPrimitives.Add(sums, column.Slice(i, sums.Length), sums);
        }

        // 1 - t / 8 = 1 + (2 sigma^2 - mean) / (8 (strength sigma)^2), clamped to [0, 1] and raised to the eighth power.
        private void Weigh(Span<float> sums)
        {
            int patch = ((2 * options.PatchRadius) + 1) * ((2 * options.PatchRadius) + 1) * padded.Channels;
            double fade = 8 * options.Strength * options.Strength * sigma * sigma;
            TensorPrimitives.Multiply(sums, (float)(-1 / (patch * fade)), sums);
            TensorPrimitives.Add(sums, (float)(1 + (2 * sigma * sigma / fade)), sums);
            TensorPrimitives.Min(sums, 1f, sums);
            TensorPrimitives.Max(sums, 0f, sums);
            for (int i = 0; i < 3; i++)
                TensorPrimitives.Multiply(sums, sums, sums);
        }

        private void Accumulate(int row, int dy, int dx, Span<float> weights, Span<float> product, Span<float> totals)
        {
            int width = weights.Length;
            int margin = options.SearchRadius + options.PatchRadius;
            TensorPrimitives.Add(totals[..width], weights, totals[..width]);
            for (int c = 0; c < padded.Channels; c++)
            {
                TensorPrimitives.Multiply(weights, padded.Row(c, row + margin + dy).Slice(margin + dx, width), product);
                Span<float> total = totals.Slice((c + 1) * width, width);
                TensorPrimitives.Add(total, product, total);
            }
        }
    }
}
