namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Decodes a whole file.</summary>
internal static class JpegDecoder
{
    // A run of empty blocks costs almost no data, so that a small file could ask for hundreds of passes over a large image.
    // Large images are held to as many passes as no encoder comes near to (libjpeg's default is 10 scans); small ones need no limit.
    private const long FreeVisits = 1L << 26;
    private const long VisitsPerBlock = 48;

    // Arithmetic data of an image with more blocks are run through once before room is made for it, unless they have a bit for each block.
    private const long TrustedBlocks = 1L << 16;

    /// <summary>What the headers up to the first scan say.</summary>
    public static ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions options)
    {
        var headers = new JpegHeaderReader(file, options, new DecodeWarnings(JpegCodec.FormatName, options));
        ReadFirstScan(ref headers);
        return Info(ref headers, options);
    }

    private static ImageFileInfo Info(ref JpegHeaderReader headers, ImageDecodeOptions options)
    {
        JpegLayout layout = headers.Frame!.Layout;
        (int height, int width) = (layout.Height, layout.Width);
        if (options.ApplyOrientation && JpegExif.Transposes(headers.Orientation))
            (height, width) = (width, height);
        int channels = layout.Components.Length == 1 ? 1 : 3;
        ImageMetadata metadata = headers.Metadata(channels);
        return new ImageFileInfo(JpegCodec.FormatName, channels, height, width, 8) { Metadata = metadata, Warnings = headers.Warnings.ToList() };
    }

    /// <summary>Decodes the image.</summary>
    public static DecodedImage Read(ReadOnlySpan<byte> file, ImageDecodeOptions options)
    {
        var headers = new JpegHeaderReader(file, options, new DecodeWarnings(JpegCodec.FormatName, options));
        JpegScan scan = ReadFirstScan(ref headers);
        JpegFrame frame = headers.Frame!;
        if (frame.Process.Arithmetic && frame.Layout.Blocks > Math.Max(TrustedBlocks, 8L * (file.Length - headers.Position)))
            Prove(file, ref headers, scan, options);
        bool streamed = !frame.Process.Progressive && scan.Components.Length == frame.Components.Length;
        JpegLayout layout = frame.Layout;
        var planes = new JpegPlane[layout.Components.Length];
        try
        {
            for (int c = 0; c < planes.Length; c++)
                planes[c] = new JpegPlane(layout.Components[c], streamed ? Math.Min(3, layout.McuRows) : layout.McuRows);
            ImageBuffer image;
            if (streamed)
            {
                image = DecodeStreamed(file, ref headers, scan, planes);
            }
            else
            {
                DecodeScans(file, ref headers, scan, planes);
                image = RenderAll(frame, headers.ColorModel, planes);
            }

            JpegCut.CheckEnd(file, headers.Position, headers.Warnings);
            image = options.ApplyOrientation ? JpegExif.Apply(image, headers.Orientation) : image;
            return new DecodedImage(image, Info(ref headers, options));
        }
        finally
        {
            foreach (JpegPlane? plane in planes)
                plane?.Dispose();
        }
    }

    private static JpegScan ReadFirstScan(ref JpegHeaderReader headers)
    {
        JpegScan? scan = headers.ReadToScan();
        if (scan is null)
            JpegError.Throw(headers.Position, "the image ends without a scan");
        return scan!;
    }

    /// <summary>Runs through the first scan, a row of MCUs at a time, to see whether there are data for all of it.</summary>
    private static void Prove(ReadOnlySpan<byte> file, ref JpegHeaderReader headers, JpegScan scan, ImageDecodeOptions options)
    {
        JpegLayout layout = headers.Frame!.Layout;
        var decoder = new JpegScanDecoder(new JpegArithmeticScanDecoder(
            file, headers.Position, headers.Frame, scan, headers.Conditioning, headers.RestartInterval, new DecodeWarnings(JpegCodec.FormatName, options)));
        JpegPlane[] planes = Array.ConvertAll(layout.Components, c => new JpegPlane(c, 1));
        try
        {
            int rows = scan.Rows(layout);
            for (int row = 0; row < rows; row++)
                decoder.DecodeRow(row, planes);
        }
        finally
        {
            foreach (JpegPlane plane in planes)
                plane.Dispose();
        }
    }

    private static ImageBuffer DecodeStreamed(ReadOnlySpan<byte> file, ref JpegHeaderReader headers, JpegScan scan, JpegPlane[] planes)
    {
        JpegFrame frame = headers.Frame!;
        JpegScanDecoder decoder = BeginScan(file, ref headers, scan);
        ImageBuffer image = CreateImage(frame);
        using var renderer = new JpegRenderer(frame.Layout, headers.ColorModel);
        int lag = renderer.NeedsNeighbors ? 1 : 0;
        int rows = frame.Layout.McuRows;
        for (int row = 0; row < rows + lag; row++)
        {
            if (row < rows)
            {
                foreach (JpegPlane plane in planes)
                    plane.Strip(row).Clear();
                decoder.DecodeRow(row, planes);
                Transform(frame, row, planes);
            }

            if (row >= lag)
                renderer.Render(row - lag, planes, image);
        }

        headers.Position = decoder.Position;
        return image;
    }

    private static void DecodeScans(ReadOnlySpan<byte> file, ref JpegHeaderReader headers, JpegScan first, JpegPlane[] planes)
    {
        JpegFrame frame = headers.Frame!;
        for (int row = 0; row < frame.Layout.McuRows; row++)
        {
            foreach (JpegPlane plane in planes)
                plane.Strip(row).Clear();
        }

        long budget = Math.Max(FreeVisits, VisitsPerBlock * frame.Layout.Blocks);
        for (JpegScan? scan = first; scan is not null; scan = headers.ReadToScan())
        {
            budget -= scan.Blocks(frame.Layout);
            if (budget < 0)
                JpegError.Throw(headers.Position, $"more scans than {VisitsPerBlock} over the whole of so large an image");
            JpegScanDecoder decoder = BeginScan(file, ref headers, scan);
            int rows = scan.Rows(frame.Layout);
            for (int row = 0; row < rows; row++)
                decoder.DecodeRow(row, planes);
            headers.Position = decoder.Position;
            // A sequential image is complete with its last component, a progressive one with the last bit of its last coefficient.
            if (Array.TrueForAll(frame.Components, c => c.Quantizer is not null && (!frame.Process.Progressive || Array.TrueForAll(c.MissingBits, b => b == 0))))
                return;
        }

        // Fewer scans than there could be, but an end mark: the picture is coarse and whole.
        headers.Position = headers.EndOffset;
        int missing = Array.FindIndex(frame.Components, c => c.Quantizer is null);
        if (missing >= 0)
            JpegError.Throw(headers.Position, $"the image ends without a scan of component {missing}");
    }

    private static JpegScanDecoder BeginScan(ReadOnlySpan<byte> file, ref JpegHeaderReader headers, JpegScan scan)
    {
        JpegFrame frame = headers.Frame!;
        int count = scan.Components.Length;
        (bool progressive, bool arithmetic) = frame.Process;
        bool needsDc = !progressive || (scan.Start == 0 && scan.High == 0);
        bool needsAc = !progressive || scan.Start > 0;
        var dc = new JpegHuffmanTable?[count];
        var ac = new JpegHuffmanTable?[count];
        for (int i = 0; i < count; i++)
        {
            JpegFrame.ComponentInfo component = frame.Components[scan.Components[i]];
            if (component.Quantizer is null)
            {
                ushort[]? steps = headers.QuantizationTables[component.QuantizationTable];
                if (steps is null)
                    JpegError.Throw(headers.Position, $"component {scan.Components[i]} needs quantization table {component.QuantizationTable}, which is not defined");
                component.Quantizer = new JpegQuantizer(steps);
            }

            if (arithmetic)
                continue;
            if (needsDc)
                dc[i] = Ready(headers.DcTables[scan.DcTables[i]], scan.DcTables[i], direct: true, headers.Position);
            if (needsAc)
                ac[i] = Ready(headers.AcTables[scan.AcTables[i]], scan.AcTables[i], direct: false, headers.Position);
        }

        return arithmetic
            ? new JpegScanDecoder(new JpegArithmeticScanDecoder(file, headers.Position, frame, scan, headers.Conditioning, headers.RestartInterval, headers.Warnings))
            : new JpegScanDecoder(new JpegHuffmanScanDecoder(file, headers.Position, frame, scan, dc, ac, headers.RestartInterval, headers.Warnings));
    }

    private static JpegHuffmanTable Ready(JpegHuffmanSpec? spec, int slot, bool direct, int offset)
    {
        string name = direct ? "direct-current" : "alternating-current";
        if (spec is null)
            JpegError.Throw(offset, $"{name} Huffman table {slot} is not defined");
        if (direct && !JpegHuffmanTable.IsValidForDc(spec!))
            JpegError.Throw(offset, $"{name} Huffman table {slot} has symbols above 15");
        if (!JpegHuffmanTable.TryCreate(spec!, out JpegHuffmanTable? table))
            JpegError.Throw(offset, $"{name} Huffman table {slot} has more codes than its lengths allow");
        return table!;
    }

    private static ImageBuffer RenderAll(JpegFrame frame, JpegColorModel model, JpegPlane[] planes)
    {
        ImageBuffer image = CreateImage(frame);
        using var renderer = new JpegRenderer(frame.Layout, model);
        int lag = renderer.NeedsNeighbors ? 1 : 0;
        int rows = frame.Layout.McuRows;
        for (int row = 0; row < rows + lag; row++)
        {
            if (row < rows)
                Transform(frame, row, planes);
            if (row >= lag)
                renderer.Render(row - lag, planes, image);
        }

        return image;
    }

    private static void Transform(JpegFrame frame, int mcuRow, JpegPlane[] planes)
    {
        for (int c = 0; c < planes.Length; c++)
        {
            JpegLayout.Component component = frame.Layout.Components[c];
            for (int v = 0; v < component.V; v++)
            {
                frame.Components[c].Quantizer!.Inverse(
                    planes[c].BlockRow((mcuRow * component.V) + v), component.Stride, component.PaddedBlockColumns);
            }
        }
    }

    private static ImageBuffer CreateImage(JpegFrame frame)
    {
        (int height, int width) = (frame.Layout.Height, frame.Layout.Width);
        int channels = frame.Components.Length == 1 ? 1 : 3;
        // Rendering fills every sample.
        return ImageConversion.Uninitialized(channels, height, width);
    }
}
