using Gir.Models.Tensors;

namespace Gir.Models.Backbones.AutoencoderKl;

/// <summary>What a tile reads and what of its result is kept; rectangles of the input, right and bottom exclusive.</summary>
internal readonly record struct AutoencoderTile(TileBounds Input, TileBounds Output);

/// <summary>A rectangle.</summary>
internal readonly record struct TileBounds(int Left, int Right, int Top, int Bottom)
{
    /// <summary>The part of a tensor's last two dimensions.</summary>
    public Tensor Of(Tensor x) => x.Narrow(2, Top, Bottom - Top).Narrow(3, Left, Right - Left);
}

/// <summary>How the tiled autoencoder of diffusion tools divides an image or latent (pkuliyi2015's multidiffusion-upscaler, as in DiffBIR).</summary>
internal static class AutoencoderTiles
{
    private const int LargestMultiple = 32;

    /// <summary>Pixels around a tile that the encoder reads.</summary>
    public const int EncoderPadding = 32;

    /// <summary>Elements of the latent around a tile that the decoder reads.</summary>
    public const int DecoderPadding = 11;

    /// <summary>The tiles, row by row; none where the longer side is not larger than one of them with its surroundings.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="size">Side of a tile without its surroundings.</param>
    /// <param name="padding">Rows and columns that a tile reads around it.</param>
    public static AutoencoderTile[] Of(int height, int width, int size, int padding)
    {
        if (Math.Max(height, width) <= (2 * padding) + size)
            return [];
        (int Start, int End, int From, int To)[] rows = [.. Axis(height, size, padding)];
        (int Start, int End, int From, int To)[] columns = [.. Axis(width, size, padding)];
        return [.. rows.SelectMany(r => columns.Select(c => new AutoencoderTile(new(c.Start, c.End, r.Start, r.End), new(c.From, c.To, r.From, r.To))))];
    }

    // What each tile reads and what is kept of it, along one side.
    private static IEnumerable<(int Start, int End, int From, int To)> Axis(int length, int size, int padding)
    {
        int inner = length - (2 * padding);
        int count = Math.Max(1, Ceiling(inner, size));
        int step = Rounded(Ceiling(inner, count), size);
        for (int i = 0; i < count; i++)
        {
            int from = Math.Min(padding + (i * step), length);
            int to = Math.Min(padding + ((i + 1) * step), length);
            yield return (Math.Max(0, from - padding), Math.Min(length, to + padding), from > padding ? from : 0, to < length - padding ? to : length);
        }
    }

    // Up to a multiple of 32, 16, .. 2 that is not larger than a tile: levels then divide it.
    private static int Rounded(int step, int size)
    {
        for (int multiple = LargestMultiple; multiple >= 2; multiple /= 2)
        {
            int raised = Ceiling(step, multiple) * multiple;
            if (raised == step || raised <= size)
                return raised;
        }

        return step;
    }

    private static int Ceiling(int a, int b) => (int)Math.Ceiling((double)a / b);
}
