using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>The sizes of a frame: ITU-T T.81 A.1 and A.2.</summary>
internal sealed class JpegLayout
{
    /// <summary>Lays out a frame.</summary>
    /// <param name="width">Pixels, 1..65535.</param>
    /// <param name="height">Pixels, 1..65535.</param>
    /// <param name="factors">Sampling factors (horizontal, vertical), each 1..4.</param>
    public JpegLayout(int width, int height, ReadOnlySpan<(int H, int V)> factors)
    {
        Width = width;
        Height = height;
        foreach ((int h, int v) in factors)
        {
            MaxH = Math.Max(MaxH, h);
            MaxV = Math.Max(MaxV, v);
        }

        McuColumns = Ceiling(width, 8 * MaxH);
        McuRows = Ceiling(height, 8 * MaxV);
        Components = new Component[factors.Length];
        for (int i = 0; i < factors.Length; i++)
            Components[i] = new Component(this, factors[i].H, factors[i].V);
    }

    public int Width { get; }

    public int Height { get; }

    public int MaxH { get; } = 1;

    public int MaxV { get; } = 1;

    public int McuColumns { get; }

    public int McuRows { get; }

    public Component[] Components { get; }

    /// <summary>Blocks of all components in whole MCUs.</summary>
    public long Blocks => Components.Sum(c => (long)c.H * c.V) * McuColumns * McuRows;

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;

    /// <summary>The sizes of one component.</summary>
    public sealed class Component
    {
        public Component(JpegLayout layout, int h, int v)
        {
            H = h;
            V = v;
            Width = Ceiling(layout.Width * h, layout.MaxH);
            Height = Ceiling(layout.Height * v, layout.MaxV);
            BlockColumns = Ceiling(Width, 8);
            BlockRows = Ceiling(Height, 8);
            PaddedBlockColumns = layout.McuColumns * h;
            // The extra words keep the rows of a block out of the same cache set where the width is a power of two.
            Stride = JpegTransform.RowLength(PaddedBlockColumns) + 32;
        }

        public int H { get; }

        public int V { get; }

        /// <summary>Samples per row.</summary>
        public int Width { get; }

        /// <summary>Rows of samples.</summary>
        public int Height { get; }

        /// <summary>Blocks that hold samples, per row.</summary>
        public int BlockColumns { get; }

        /// <summary>Rows of blocks that hold samples.</summary>
        public int BlockRows { get; }

        /// <summary>Blocks per row in whole MCUs.</summary>
        public int PaddedBlockColumns { get; }

        /// <summary>Words from one row of samples (or coefficients) in memory to the next.</summary>
        public int Stride { get; }
    }
}
