using Gir.Models.Onnx.Format;
using Gir.Models.Onnx.Recording;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Onnx;

/// <summary>Says a recorded forward pass in ONNX's operators.</summary>
/// <param name="program">The forward pass.</param>
/// <param name="weights">The network's weights by key.</param>
/// <param name="constants">Its other constants.</param>
/// <param name="weightType">Float32 or Float16.</param>
internal sealed partial class GraphBuilder(
    RecordedProgram program, IReadOnlyDictionary<string, Tensor> weights, ConstantPool constants, CheckpointDataType weightType)
{
    private const long ToTheEnd = long.MaxValue;

    private readonly OnnxGraph _graph = new();
    private readonly string[] _names = new string[program.Steps.Count];
    private readonly Dictionary<SizeFormula, string> _sizes = [];
    private string _image = "";

    /// <summary>Builds the graph; only what the result depends on goes into it.</summary>
    /// <param name="inputs">The inputs, the image first.</param>
    /// <param name="output">The output.</param>
    public OnnxGraph Build(IReadOnlyList<OnnxPort> inputs, OnnxPort output)
    {
        _graph.Inputs.AddRange(inputs);
        _graph.Outputs.Add(output);
        _image = inputs[0].Name;
        bool[] needed = Needed();
        for (int i = 0; i < needed.Length; i++)
        {
            if (needed[i])
                _names[i] = Emit(i);
        }

        _graph.Name(_names[program.Output], output.Name);
        return _graph;
    }

    private bool[] Needed()
    {
        var needed = new bool[program.Steps.Count];
        needed[program.Output] = true;
        for (int i = needed.Length - 1; i >= 0; i--)
        {
            if (!needed[i])
                continue;
            foreach (int input in program.Steps[i].Inputs)
                needed[input] = true;
        }

        return needed;
    }

    private string Emit(int index)
    {
        RecordedStep step = program.Steps[index];
        string[] x = [.. step.Inputs.Select(i => _names[i])];
        IReadOnlyList<SizeFormula> shape = program.Shapes[index];
        IReadOnlyList<SizeFormula> sizes = program.Sizes[index];
        switch (step.Operator)
        {
            case RecordedOperator.Input:
                return (string)step.Setting!;
            case RecordedOperator.Weight:
                string key = (string)step.Setting!;
                return Weight(key, shape, weights[key].ToArray);
            case RecordedOperator.Constant:
                return Constant((string)step.Setting!, shape);
            case RecordedOperator.Fill:
                return _graph.Node("ConstantOfShape", [Vector(shape)], new OnnxAttribute("value", new[] { step.Reals[0] }));
            case RecordedOperator.Reshape:
                return Reshape(x[0], program.Shapes[step.Inputs[0]], shape);
            case RecordedOperator.Scale:
                return Scale(x[0], step.Reals[0], step.Reals[1]);
            case RecordedOperator.Unary:
                return Unary(x[0], (UnaryOperation)step.Setting!);
            case RecordedOperator.Binary:
                return _graph.Node((BinaryOperation)step.Setting! switch { BinaryOperation.Add => "Add", BinaryOperation.Subtract => "Sub", BinaryOperation.Multiply => "Mul", _ => "Div" }, x);
            case RecordedOperator.Gate:
                int dimension = (int)step.Setting!;
                long half = step.Shape[dimension];
                return _graph.Node("Mul", [Part(x[0], dimension, 0, half), Part(x[0], dimension, half, 2 * half)]);
            case RecordedOperator.Expand:
                return _graph.Node("Expand", [x[0], Vector(shape)]);
            case RecordedOperator.Sum:
                return _graph.Node("ReduceSum", [x[0], _graph.Integers(((Axes)step.Setting!).ToArray())], new OnnxAttribute("keepdims", 1L));
            case RecordedOperator.Mean:
                return Mean(x[0], ((Axes)step.Setting!).ToArray());
            case RecordedOperator.Max:
                return _graph.Node("ReduceMax", [x[0]], new("axes", new long[] { (int)step.Setting! }), new("keepdims", 1L));
            case RecordedOperator.MatMul:
                return MatMul(x, step);
            case RecordedOperator.Convolution:
                return _graph.Node("Conv", x, [.. Window((Conv2dGeometry)step.Setting!)]);
            case RecordedOperator.TransposedConvolution:
                (Conv2dGeometry geometry, int more, int wider) = ((Conv2dGeometry, int, int))step.Setting!;
                return _graph.Node("ConvTranspose", x, [.. Window(geometry), new OnnxAttribute("output_padding", new long[] { more, wider })]);
            case RecordedOperator.Softmax:
                (int axis, bool logarithm) = ((int, bool))step.Setting!;
                return _graph.Node(logarithm ? "LogSoftmax" : "Softmax", x, new OnnxAttribute("axis", (long)axis));
            case RecordedOperator.Normalization:
                return Normalize(x, (NormalizationStep)step.Setting!, shape, sizes);
            case RecordedOperator.Permute:
                return Permute(x[0], ((Axes)step.Setting!).ToArray());
            case RecordedOperator.Slice:
                return Slice(x[0], program.Shapes[step.Inputs[0]], sizes);
            case RecordedOperator.Concatenate:
                return _graph.Node("Concat", x, new OnnxAttribute("axis", (long)(int)step.Setting!));
            case RecordedOperator.Pad:
                return Pad(x[0], (TensorPadMode)step.Setting!, sizes, step.Reals[0]);
            case RecordedOperator.Gather:
                return _graph.Node("Gather", [x[0], Indices((string)step.Setting!)], new OnnxAttribute("axis", 0L));
            case RecordedOperator.Resample:
                return Resample(x[0], (ResamplingStep)step.Setting!, shape, sizes, index);
            case RecordedOperator.WindowAttention:
                return WindowAttention(x, (WindowAttentionStep)step.Setting!, sizes);
            default:
                throw new InvalidOperationException($"{step.Operator} has no form in ONNX.");
        }
    }

    private string Weight(string name, IReadOnlyList<SizeFormula> shape, Func<float[]> read)
    {
        bool isHalf = weightType == CheckpointDataType.Float16 && SafeTensorsFile.FitsHalf(read());
        string constant = _graph.Constant(new OnnxTensor(name, isHalf ? OnnxType.Float16 : OnnxType.Float32, [.. shape.Select(s => s.Fixed!.Value)], read));
        return isHalf ? _graph.Node("Cast", [constant], new OnnxAttribute("to", (long)OnnxType.Float32)) : constant;
    }

    private string Constant(string name, IReadOnlyList<SizeFormula> shape)
    {
        string own = $"{(constants.IsFolded(name) ? "folded" : "constant")}:{name[..16]}:{string.Join('x', shape.Select(s => s.Fixed))}";
        return constants.IsFolded(name)
            ? Weight(own, shape, () => constants.Reals(name))
            : _graph.Constant(new OnnxTensor(own, OnnxType.Float32, [.. shape.Select(s => s.Fixed!.Value)], () => constants.Reals(name)));
    }

    private string Indices(string name)
    {
        int[] rows = constants.Integers(name);
        return _graph.Constant(new OnnxTensor("rows:" + name[..16], OnnxType.Int64, [rows.Length], () => Array.ConvertAll(rows, r => (long)r)));
    }

    private static IEnumerable<OnnxAttribute> Window(Conv2dGeometry geometry) =>
    [
        new("kernel_shape", new long[] { geometry.KernelHeight, geometry.KernelWidth }),
        new("strides", new long[] { geometry.Stride, geometry.Stride }),
        new("pads", new long[] { geometry.Padding, geometry.Padding, geometry.Padding, geometry.Padding }),
        new("dilations", new long[] { geometry.Dilation, geometry.Dilation }),
        new("group", (long)geometry.Groups),
    ];

    private string MatMul(string[] x, RecordedStep step)
    {
        (bool transposeA, bool transposeB) = ((bool, bool))step.Setting!;
        int rank = step.Shape.Length;
        if (rank == 2)
            return _graph.Node("Gemm", x, new OnnxAttribute("transA", transposeA ? 1L : 0), new OnnxAttribute("transB", transposeB ? 1L : 0));
        string product = _graph.Node("MatMul", [Turned(x[0], rank, transposeA), Turned(x[1], rank, transposeB)]);
        return x.Length > 2 ? _graph.Node("Add", [product, x[2]]) : product;
    }

    private string Turned(string x, int rank, bool isTransposed) =>
        isTransposed ? Permute(x, [.. Enumerable.Range(0, rank - 2).Select(d => (long)d), rank - 1, rank - 2]) : x;

    private string Permute(string x, params long[] order) => _graph.Node("Transpose", [x], new OnnxAttribute("perm", order));

    private string Mean(string x, long[] axes) => _graph.Node("ReduceMean", [x], new("axes", axes), new("keepdims", 1L));

    private string Scale(string x, float scale, float shift)
    {
        string scaled = scale == 1 ? x : _graph.Node("Mul", [x, _graph.Real(scale)]);
        return shift == 0 && scaled != x ? scaled : _graph.Node("Add", [scaled, _graph.Real(shift)]);
    }

    private string Unary(string x, UnaryOperation operation)
    {
        switch (operation.Function)
        {
            case UnaryFunction.LeakyRelu:
                return _graph.Node("LeakyRelu", [x], new OnnxAttribute("alpha", operation.A));
            case UnaryFunction.Gelu:
                string erf = _graph.Node("Erf", [_graph.Node("Div", [x, _graph.Real(MathF.Sqrt(2))])]);
                return _graph.Node("Mul", [_graph.Node("Mul", [x, _graph.Node("Add", [erf, _graph.Real(1)])]), _graph.Real(0.5f)]);
            case UnaryFunction.Silu:
                return _graph.Node("Mul", [x, _graph.Node("Sigmoid", [x])]);
            case UnaryFunction.Softplus:
                return _graph.Node("Div", [_graph.Node("Softplus", [_graph.Node("Mul", [x, _graph.Real(operation.A)])]), _graph.Real(operation.A)]);
            case UnaryFunction.HardSigmoid:
                return _graph.Node("HardSigmoid", [x], new("alpha", 1f / 6), new("beta", 0.5f));
            case UnaryFunction.Clamp:
                return _graph.Node("Clip", [x, float.IsInfinity(operation.A) ? "" : _graph.Real(operation.A), float.IsInfinity(operation.B) ? "" : _graph.Real(operation.B)]);
            case UnaryFunction.ReciprocalSqrt:
                return _graph.Node("Reciprocal", [_graph.Node("Sqrt", [x])]);
            case UnaryFunction.Square:
                return _graph.Node("Mul", [x, x]);
            default:
                // Relu, Sigmoid, Tanh, Abs, Exp, Log, Sqrt and Erf have the same names there.
                return _graph.Node(operation.Function.ToString(), [x]);
        }
    }

    private string Normalize(string[] x, NormalizationStep setting, IReadOnlyList<SizeFormula> shape, IReadOnlyList<SizeFormula> extent)
    {
        int last = shape.Count - 1;
        if (setting is { SubtractMean: true, HasWeight: true } && setting.Axes?.ToArray() is [long only] && only == last)
            return _graph.Node("LayerNormalization", x, new("axis", -1L), new("epsilon", setting.Epsilon));

        string seen = setting.Axes is null ? Reshape(x[0], shape, extent) : x[0];
        long[] axes = setting.Axes?.ToArray() ?? [1];
        string centered = _graph.Node("Sub", [seen, Mean(seen, axes)]);
        string variance = Mean(_graph.Node("Mul", [centered, centered]), axes);
        string deviation = _graph.Node("Sqrt", [_graph.Node("Add", [variance, _graph.Real(setting.Epsilon)])]);
        string y = _graph.Node("Div", [setting.SubtractMean ? centered : seen, deviation]);
        foreach ((bool exists, string operation) in new[] { (setting.HasWeight, "Mul"), (setting.HasBias, "Add") })
        {
            if (!exists)
                continue;
            string factor = x[operation == "Add" && setting.HasWeight ? 2 : 1];
            // [n] against [.., n, ..]: ones after it.
            long[] ones = [-1, .. Enumerable.Repeat(1L, (setting.Axes is null ? 2 : last) - (int)axes[^1])];
            y = _graph.Node(operation, [y, ones.Length == 1 ? factor : _graph.Node("Reshape", [factor, _graph.Integers(ones)])]);
        }

        return setting.Axes is null ? Reshape(y, extent, shape) : y;
    }
}
