namespace Gir.Imaging.Codecs.Npy;

/// <summary>An array's dimensions as an image, and the distance in elements between neighbors along each.</summary>
internal readonly record struct NpyShape(int Channels, int Height, int Width, long ChannelStride, long RowStride, long ColumnStride)
{
    public static NpyShape Of(NpyHeader header, NpyLayout layout, ImageDecodeOptions options)
    {
        IReadOnlyList<long> d = header.Dimensions;
        if (d.Count is not (2 or 3))
            throw NpyHeader.Error(10, $"an array of shape ({string.Join(", ", d)}); expected H x W, C x H x W or H x W x C");
        bool channelsLast = d.Count == 3 && layout switch
        {
            NpyLayout.ChannelsFirst => false,
            NpyLayout.ChannelsLast => true,
            _ => d[2] is >= 1 and <= 4 && d[0] is not (>= 1 and <= 4),
        };
        // Positions of channel, row and column among the dimensions; a gray array has no position for the first.
        (int c, int y, int x) = d.Count == 2 ? (-1, 0, 1) : channelsLast ? (2, 0, 1) : (0, 1, 2);
        long channels = c < 0 ? 1 : d[c];
        if (channels is < 1 or > int.MaxValue)
            throw NpyHeader.Error(10, $"an array of shape ({string.Join(", ", d)}) with {channels} channels");
        DecodeLimits.Check(NpyCodec.FormatName, 10, (int)channels, d[y], d[x], options);

        long Stride(int position)
        {
            long stride = 1;
            for (int i = 0; i < d.Count; i++)
            {
                bool isInner = header.IsFortranOrder ? i < position : i > position;
                stride *= isInner ? d[i] : 1;
            }

            return stride;
        }

        return new NpyShape((int)channels, (int)d[y], (int)d[x], c < 0 ? 0 : Stride(c), Stride(y), Stride(x));
    }
}
