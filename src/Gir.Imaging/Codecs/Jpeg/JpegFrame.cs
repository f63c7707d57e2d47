namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>How a frame is coded.</summary>
/// <param name="Progressive">By spectral selection and successive approximation.</param>
/// <param name="Arithmetic">With the arithmetic coder instead of Huffman codes.</param>
internal readonly record struct JpegProcess(bool Progressive, bool Arithmetic);

/// <summary>What a frame header says, and what is known of its components.</summary>
internal sealed class JpegFrame(JpegProcess process, JpegLayout layout, JpegFrame.ComponentInfo[] components)
{
    public JpegProcess Process { get; } = process;

    public JpegLayout Layout { get; } = layout;

    public ComponentInfo[] Components { get; } = components;

    /// <summary>A component of the frame.</summary>
    /// <param name="id">Its number in the file.</param>
    /// <param name="quantizationTable">The table's slot, 0..3.</param>
    public sealed class ComponentInfo(int id, int quantizationTable)
    {
        public int Id { get; } = id;

        public int QuantizationTable { get; } = quantizationTable;

        /// <summary>The table as it stood when the component's first scan began.</summary>
        public JpegQuantizer? Quantizer { get; set; }

        /// <summary>By zigzag index: bits still missing below those decoded; -1 where nothing was decoded yet.</summary>
        public sbyte[] MissingBits { get; } = [.. Enumerable.Repeat((sbyte)-1, JpegTables.BlockLength)];
    }
}

/// <summary>What a scan header says.</summary>
/// <param name="Components">Indices into the frame's components.</param>
/// <param name="DcTables">Their direct-current table slots.</param>
/// <param name="AcTables">Their alternating-current table slots.</param>
/// <param name="Start">First coefficient, zigzag index.</param>
/// <param name="End">Last coefficient.</param>
/// <param name="High">Bits missing before the scan; 0 for a first scan.</param>
/// <param name="Low">Bits missing after it.</param>
internal sealed record JpegScan(int[] Components, int[] DcTables, int[] AcTables, int Start, int End, int High, int Low)
{
    /// <summary>Rows of MCUs, or of blocks where there is only one component.</summary>
    public int Rows(JpegLayout layout) => Components.Length > 1 ? layout.McuRows : layout.Components[Components[0]].BlockRows;

    /// <summary>MCUs, or blocks, per row.</summary>
    public int Columns(JpegLayout layout) => Components.Length > 1 ? layout.McuColumns : layout.Components[Components[0]].BlockColumns;

    /// <summary>Blocks that the scan visits.</summary>
    public long Blocks(JpegLayout layout)
    {
        int perMcu = 0;
        foreach (int component in Components)
        {
            (int h, int v) = Factors(layout, component);
            perMcu += h * v;
        }

        return (long)perMcu * Rows(layout) * Columns(layout);
    }

    /// <summary>Blocks of a component in one MCU of the scan: across and down.</summary>
    public (int H, int V) Factors(JpegLayout layout, int component) =>
        Components.Length > 1 ? (layout.Components[component].H, layout.Components[component].V) : (1, 1);
}
