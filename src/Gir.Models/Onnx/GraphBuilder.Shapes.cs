using Gir.Models.Onnx.Format;
using Gir.Models.Onnx.Recording;
using Gir.Models.Tensors;

namespace Gir.Models.Onnx;

/// <content>Sizes that follow from the input's, and what moves values about.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>A whole number as a vector of one.</summary>
    private string Size(SizeFormula formula)
    {
        if (formula.Fixed is { } number)
            return _graph.Integers(number);
        if (_sizes.TryGetValue(formula, out string? known))
            return known;
        return _sizes[formula] = formula switch
        {
            SizeInput input => _graph.Node("Shape", [_image], new("start", Dimension(input)), new("end", Dimension(input) + 1)),
            SizeOperation operation => _graph.Node(
                operation.Sign switch { '+' => "Add", '-' => "Sub", '*' => "Mul", '/' => "Div", _ => "Max" }, [Size(operation.A), Size(operation.B)]),
            _ => throw new InvalidOperationException($"{formula} has no form in ONNX."),
        };
    }

    private static long Dimension(SizeInput input) => input.Dimension == 0 ? 0 : input.Dimension + 1;

    private string Vector(IReadOnlyList<SizeFormula> formulas) => formulas.All(f => f.Fixed is not null)
        ? _graph.Integers([.. formulas.Select(f => f.Fixed!.Value)])
        : _graph.Node("Concat", [.. formulas.Select(Size)], new OnnxAttribute("axis", 0L));

    private string Reshape(string x, IReadOnlyList<SizeFormula> from, IReadOnlyList<SizeFormula> to)
    {
        // 0 takes a size over and -1 finds one from the others: most shapes need no arithmetic.
        SizeFormula[] sizes = [.. to.Select((size, d) => size.Fixed is null && d < from.Count && from[d] == size ? 0 : size)];
        int[] open = [.. Enumerable.Range(0, sizes.Length).Where(d => sizes[d].Fixed is null)];
        if (open.Length > 0)
            sizes[open[0]] = -1;
        return _graph.Node("Reshape", [x, Vector(sizes)]);
    }

    private string Part(string x, int dimension, long start, long end) =>
        _graph.Node("Slice", [x, _graph.Integers(start), _graph.Integers(end), _graph.Integers(dimension)]);

    private string Slice(string x, IReadOnlyList<SizeFormula> from, IReadOnlyList<SizeFormula> sizes)
    {
        int rank = from.Count;
        var axes = new List<long>();
        var starts = new List<SizeFormula>();
        var ends = new List<SizeFormula>();
        var steps = new List<SizeFormula>();
        for (int d = 0; d < rank; d++)
        {
            (SizeFormula start, SizeFormula count, SizeFormula step) = (sizes[d], sizes[rank + d], sizes[(2 * rank) + d]);
            if (start.Fixed == 0 && step.Fixed == 1 && count == from[d])
                continue;
            axes.Add(d);
            starts.Add(start);
            ends.Add(start + ((count - 1) * step) + 1);
            steps.Add(step);
        }

        return axes.Count == 0 ? x : _graph.Node("Slice", [x, Vector(starts), Vector(ends), _graph.Integers([.. axes]), Vector(steps)]);
    }

    private string Pad(string x, TensorPadMode mode, IReadOnlyList<SizeFormula> sizes, float value)
    {
        (SizeFormula left, SizeFormula right, SizeFormula top, SizeFormula bottom) = (sizes[0], sizes[1], sizes[2], sizes[3]);
        if (mode == TensorPadMode.Circular)
            throw new OnnxExportException($"The network pads with the opposite side, which ONNX's operator set {OnnxGraph.OperatorSet} cannot.");
        if (sizes.All(s => s.Fixed == 0))
            return x;
        string pads = Vector([0, 0, top, left, 0, 0, bottom, right]);
        return mode == TensorPadMode.Constant
            ? _graph.Node("Pad", [x, pads, _graph.Real(value)], new OnnxAttribute("mode", "constant"))
            : _graph.Node("Pad", [x, pads], new OnnxAttribute("mode", mode == TensorPadMode.Reflect ? "reflect" : "edge"));
    }

    private string Resample(string x, ResamplingStep setting, IReadOnlyList<SizeFormula> shape, IReadOnlyList<SizeFormula> from, int step)
    {
        string coordinates = setting switch
        {
            { AlignsCorners: true } => "align_corners",
            { Mode: InterpolationMode.Nearest } => "asymmetric",
            _ => "half_pixel",
        };
        // By factors where they are whole or one over a whole number: sizes would have to be turned into them.
        RecordedStep seen = program.Steps[step];
        (double rows, double columns) = ((double)seen.Shape[2] / seen.Sizes[0], (double)seen.Shape[3] / seen.Sizes[1]);
        bool isFactor = !setting.AlignsCorners && IsFactor(rows, from[0], shape[2]) && IsFactor(columns, from[1], shape[3]);
        string scales = isFactor
            ? _graph.Constant(new OnnxTensor(FormattableString.Invariant($"scales:{rows}x{columns}"), OnnxType.Float32, [4], () => new[] { 1, 1, (float)rows, (float)columns }))
            : "";
        return _graph.Node(
            "Resize",
            isFactor ? [x, "", scales] : [x, "", "", Vector(shape)],
            new("coordinate_transformation_mode", coordinates),
            new("mode", setting.Mode switch { InterpolationMode.Nearest => "nearest", InterpolationMode.Bilinear => "linear", _ => "cubic" }),
            new("nearest_mode", "floor"),
            new("cubic_coeff_a", -0.75f));
    }

    private static bool IsFactor(double factor, SizeFormula from, SizeFormula to)
    {
        double whole = factor >= 1 ? factor : 1 / factor;
        if (whole != Math.Round(whole))
            return false;
        return factor >= 1 ? SameOn(from * (long)whole, to) : SameOn(to * (long)whole, from);
    }

    // Formulas may say the same in two ways.
    private static bool SameOn(SizeFormula a, SizeFormula b) =>
        new[] { new ProbeSize(1, 1536, 2560), new ProbeSize(1, 2560, 1536), new ProbeSize(1, 509, 761) }.All(s => a.Of(s) == b.Of(s));
}
