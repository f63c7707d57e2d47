using Gir.Models.Onnx.Format;
using Gir.Models.Onnx.Recording;
using Gir.Models.Tensors;

namespace Gir.Models.Onnx;

/// <content>Attention inside windows.</content>
internal sealed partial class GraphBuilder
{
    // Queries [n, h, w, at least c], keys and values [n, h, w, at least 2 c], to [n, h, w, c].
    private string WindowAttention(string[] x, WindowAttentionStep setting, IReadOnlyList<SizeFormula> sizes)
    {
        AttentionWindows windows = setting.Windows;
        (SizeFormula n, SizeFormula h, SizeFormula w) = (sizes[0], sizes[1], sizes[2]);
        (long queries, long keys) = (sizes[3].Fixed!.Value, sizes[7].Fixed!.Value);
        long width = keys == 2 * queries ? queries : queries / 3;
        (SizeFormula rows, SizeFormula columns) = (h / windows.Size, w / windows.Size);
        SizeFormula[] image = [n, h, w, width];

        string q = Windowed(Part(x[0], 3, 0, width), windows, image, rows, columns);
        string k = Keys(Part(x[1], 3, keys - (2 * width), keys - width), windows, image, rows, columns);
        string v = Keys(Part(x[1], 3, keys - width, keys), windows, image, rows, columns);
        string scores = _graph.Node("MatMul", [Scale(q, windows.Scale, 0), Permute(k, 0, 1, 3, 2)]);
        if (setting.HasBias)
            scores = _graph.Node("Add", [scores, x[2]]);
        if (setting.HasMask)
        {
            // Window w takes mask w mod k.
            SizeFormula count = sizes[8];
            SizeFormula[] flat = [n * rows * columns, windows.Heads, windows.Queries, windows.Keys];
            SizeFormula[] grouped = [n * rows * columns / count, count, windows.Heads, windows.Queries, windows.Keys];
            string mask = Reshape(x[^1], [count, windows.Queries, windows.Keys], [count, 1, windows.Queries, windows.Keys]);
            scores = Reshape(_graph.Node("Add", [Reshape(scores, flat, grouped), mask]), grouped, flat);
        }

        string attended = _graph.Node("MatMul", [_graph.Node("Softmax", [scores], new OnnxAttribute("axis", -1L)), v]);
        long head = width / windows.Heads;
        string cells = Reshape(
            attended, [n * rows * columns, windows.Heads, windows.Queries, head], [n, rows, columns, windows.Heads, windows.Size, windows.Size, head]);
        string joined = Reshape(Permute(cells, 0, 1, 4, 2, 5, 3, 6), [n, rows, windows.Size, columns, windows.Size, windows.Heads, head], image);
        return windows.Shift > 0 ? Rolled(Rolled(joined, 1, -windows.Shift), 2, -windows.Shift) : joined;
    }

    // [n, h, w, c] as [windows, heads, tokens, c / heads], after the image was rolled.
    private string Windowed(string x, AttentionWindows windows, SizeFormula[] image, SizeFormula rows, SizeFormula columns)
    {
        string rolled = windows.Shift > 0 ? Rolled(Rolled(x, 1, windows.Shift), 2, windows.Shift) : x;
        long head = image[3].Fixed!.Value / windows.Heads;
        string cells = Reshape(rolled, image, [image[0], rows, windows.Size, columns, windows.Size, windows.Heads, head]);
        return Tokens(cells, windows, windows.Queries, head);
    }

    private string Keys(string x, AttentionWindows windows, SizeFormula[] image, SizeFormula rows, SizeFormula columns)
    {
        if (windows.KeySize == windows.Size)
            return Windowed(x, windows, image, rows, columns);
        // Larger windows overlap: rows, then columns, are taken by their numbers in the image with zeros around it.
        long border = (windows.KeySize - windows.Size) / 2;
        string padded = _graph.Node("Pad", [x, _graph.Integers(0, border, border, 0, 0, border, border, 0), _graph.Real(0)], new OnnxAttribute("mode", "constant"));
        string bands = _graph.Node("Gather", [padded, Overlapping(rows, windows)], new OnnxAttribute("axis", 1L));
        string cells = _graph.Node("Gather", [bands, Overlapping(columns, windows)], new OnnxAttribute("axis", 3L));
        long head = image[3].Fixed!.Value / windows.Heads;
        SizeFormula[] gathered = [image[0], rows, windows.KeySize, columns, windows.KeySize, image[3]];
        string heads = Reshape(cells, gathered, [image[0], rows, windows.KeySize, columns, windows.KeySize, windows.Heads, head]);
        return Tokens(heads, windows, windows.Keys, head);
    }

    // [n, rows, size, columns, size, heads, d] as [windows, heads, size^2, d].
    private string Tokens(string cells, AttentionWindows windows, long count, long head) =>
        _graph.Node("Reshape", [Permute(cells, 0, 1, 3, 5, 2, 4, 6), _graph.Integers(-1, windows.Heads, count, head)]);

    // [windows, key size]: the numbers of the rows (or columns) of each window.
    private string Overlapping(SizeFormula count, AttentionWindows windows)
    {
        string limit = _graph.Node("Squeeze", [Size(count * windows.Size)]);
        string starts = _graph.Node("Range", [_graph.Integer(0), limit, _graph.Integer(windows.Size)]);
        string column = _graph.Node("Unsqueeze", [starts, _graph.Integers(1)]);
        return _graph.Node("Add", [column, _graph.Integers([.. Enumerable.Range(0, windows.KeySize).Select(i => (long)i)])]);
    }

    // The first rows (or columns) go to the end; those of a negative number go to the beginning.
    private string Rolled(string x, int dimension, long shift) =>
        _graph.Node("Concat", [Part(x, dimension, shift, ToTheEnd), Part(x, dimension, 0, shift)], new OnnxAttribute("axis", (long)dimension));
}
