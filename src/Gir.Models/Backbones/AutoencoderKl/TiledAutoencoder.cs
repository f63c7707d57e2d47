using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.AutoencoderKl;

/// <summary>
/// Runs encoder and decoder in tiles that advance together, layer by layer: each group normalization takes the mean of the tiles' means and of their variances by area, attention
/// stays inside of a tile. Not equal to the whole image: measured on random weights, 6 to 14 % of the range. In inference alone.
/// </summary>
internal static class TiledAutoencoder
{
    /// <summary>What a half makes of images; null where they are too small for tiles.</summary>
    /// <param name="half">Encoder or decoder.</param>
    /// <param name="x">Images or latents.</param>
    /// <param name="size">Side of a tile.</param>
    public static Tensor? Run(AutoencoderHalf half, Tensor x, int size)
    {
        AutoencoderTile[] tiles = AutoencoderTiles.Of(x.Shape[2], x.Shape[3], size, half.Padding);
        if (tiles.Length == 0)
            return null;
        using TensorScope scope = TensorScope.Enter();
        Tensor[] y = Run(half.Steps, Array.ConvertAll(tiles, t => t.Input.Of(x)));
        Func<Tensor, Tensor> normalize = Normalization(half.Norm, y, activates: true);
        y = Map(y, t => half.Last.Call(normalize(t)));
        return scope.Keep(Joined(y, tiles, half.Scale, x.Shape[2], x.Shape[3]));
    }

    /// <summary>What modules one after another make of tiles; each result is handed back as soon as the next one is there.</summary>
    private static Tensor[] Run(IReadOnlyList<Module> steps, Tensor[] tiles)
    {
        Tensor[] first = tiles;
        foreach (Module step in steps)
        {
            Tensor[] next;
            using (TensorScope scope = TensorScope.Enter())
            {
                next = Run(step, tiles);
                foreach (Tensor tile in next)
                    scope.Keep(tile);
            }

            for (int i = 0; i < tiles.Length && !ReferenceEquals(tiles, first); i++)
            {
                if (!ReferenceEquals(tiles[i].Storage, next[i].Storage))
                    tiles[i].Storage.Release();
            }

            tiles = next;
        }

        return tiles;
    }

    /// <summary>Each tile by itself.</summary>
    public static Tensor[] Map(Tensor[] tiles, Func<Tensor, Tensor> step) => Array.ConvertAll(tiles, t => Scopes.Run((step, t), static s => s.step(s.t)));

    /// <summary>Group normalization by the statistics of all tiles, to be applied to each.</summary>
    public static Func<Tensor, Tensor> Normalization(GroupNorm norm, Tensor[] tiles, bool activates)
    {
        (int n, int groups) = (tiles[0].Shape[0], norm.Groups);
        var means = new double[n * groups];
        var variances = new double[n * groups];
        double area = tiles.Sum(t => (double)t.Shape[2] * t.Shape[3]);
        foreach (Tensor tile in tiles)
        {
            using TensorScope scope = TensorScope.Enter();
            Tensor rows = tile.Reshape(n * groups, tile.Length / (n * groups));
            float[] mean = rows.Mean([1], keepDimensions: false).ToArray();
            float[] variance = rows.Variance([1], keepDimensions: false).ToArray();
            double share = (double)tile.Shape[2] * tile.Shape[3] / area;
            for (int i = 0; i < means.Length; i++)
                (means[i], variances[i]) = (means[i] + (share * mean[i]), variances[i] + (share * variance[i]));
        }

        TensorBackend backend = tiles[0].Backend;
        var center = Tensor.From([.. means.Select(m => (float)m)], [n * groups, 1], backend);
        var reciprocal = Tensor.From([.. variances.Select(v => (float)(1 / Math.Sqrt(v + norm.Epsilon)))], [n * groups, 1], backend);
        return tile =>
        {
            int channels = tile.Shape[1];
            // No more than two maps of a tile at a time.
            Func<Tensor, Tensor>[] steps =
            [
                x => x.Reshape(n * groups, x.Length / (n * groups)) - center,
                x => (x * reciprocal).Reshape(tile.Shape),
                x => x * norm.Weight.Reshape(1, channels, 1, 1),
                x => x + norm.Bias.Reshape(1, channels, 1, 1),
                x => activates ? x.Silu() : x,
            ];
            return Scopes.Chain(tile, steps, static (step, x) => step(x));
        };
    }

    private static Tensor[] Run(Module step, Tensor[] tiles) => step switch
    {
        AutoencoderResidual residual => residual.RunTiles(tiles),
        AutoencoderAttention attention => attention.RunTiles(tiles),
        IChain chain => Run(chain.Steps, tiles),
        _ => Map(tiles, step.Call),
    };

    /// <summary>The kept parts of tiles' results, side by side.</summary>
    /// <param name="results">What was made of each tile.</param>
    /// <param name="tiles">The tiles.</param>
    /// <param name="scale">Size of a result divided by that of its input, as a fraction.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    private static Tensor Joined(Tensor[] results, AutoencoderTile[] tiles, (int Up, int Down) scale, int height, int width)
    {
        int Scaled(int value) => value * scale.Up / scale.Down;
        Tensor whole = Tensor.Zeros([results[0].Shape[0], results[0].Shape[1], Scaled(height), Scaled(width)], results[0].Backend);
        for (int i = 0; i < tiles.Length; i++)
        {
            (TileBounds input, TileBounds output) = (tiles[i].Input, tiles[i].Output);
            int left = Scaled(output.Left) - Scaled(input.Left);
            int top = Scaled(output.Top) - Scaled(input.Top);
            var kept = new TileBounds(left, left + Scaled(output.Right) - Scaled(output.Left), top, top + Scaled(output.Bottom) - Scaled(output.Top));
            Tensor part = kept.Of(results[i]);
            whole.Backend.PutSlice(part, [0, 0, Scaled(output.Top), Scaled(output.Left)], [1, 1, 1, 1], whole);
            GC.KeepAlive(part);
        }

        return whole;
    }
}

/// <summary>An encoder or decoder as <see cref="TiledAutoencoder"/> runs it.</summary>
/// <param name="Steps">The modules one after another, up to the last normalization.</param>
/// <param name="Norm">The last normalization.</param>
/// <param name="Last">The convolution after it.</param>
/// <param name="Padding">What a tile sees beyond its own part.</param>
/// <param name="Scale">Size of a result divided by that of its input, as a fraction.</param>
internal sealed record AutoencoderHalf(IReadOnlyList<Module> Steps, GroupNorm Norm, Conv2d Last, int Padding, (int Up, int Down) Scale);

/// <summary>A module that runs others one after another and does nothing else.</summary>
internal interface IChain
{
    /// <summary>The others.</summary>
    IReadOnlyList<Module> Steps { get; }
}
