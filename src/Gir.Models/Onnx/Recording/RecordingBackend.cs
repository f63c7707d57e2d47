using Gir.Models.Tensors;

namespace Gir.Models.Onnx.Recording;

/// <summary>
/// An engine that computes nothing and notes what it is asked for. Weights stay where they are, on their own engine: what a network computes from weights
/// alone is computed there, and enters the recording as a constant.
/// </summary>
/// <param name="weights">The network's weights and their keys, by their memory.</param>
/// <param name="constants">Where other values are kept.</param>
internal sealed partial class RecordingBackend(IReadOnlyDictionary<TensorStorage, KeyValuePair<string, Tensor>> weights, ConstantPool constants) : TensorBackend
{
    private readonly List<RecordedStep> _steps = [];
    private readonly Dictionary<(int Step, TensorShape Shape), int> _reshaped = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string Name => "recorder";

    /// <summary>What was asked for so far.</summary>
    public IReadOnlyList<RecordedStep> Steps => _steps;

    /// <summary>An input of the network.</summary>
    public Tensor Input(string name, TensorShape shape)
    {
        Tensor input = Tensor.Empty(shape, this);
        Set(input, Add(RecordedOperator.Input, name, [], shape));
        return input;
    }

    /// <summary>The number of the step that makes a tensor.</summary>
    public int StepOf(Tensor tensor) => Use(tensor);

    /// <inheritdoc/>
    public override TensorStorage Allocate(int length) => new RecordedStorage(this, length);

    /// <summary>Notes values that the network made on the host.</summary>
    public void Write(RecordedStorage storage, ReadOnlySpan<float> values) =>
        storage.Step = Add(RecordedOperator.Constant, constants.Add(values, isFolded: false), [], [values.Length]);

    /// <inheritdoc/>
    public override void Fill(Tensor y, float value) => Set(y, Add(RecordedOperator.Fill, null, [], y.Shape, reals: [value]));

    /// <inheritdoc/>
    public override void Copy(Tensor x, Tensor y) => Set(y, Reshaped(Use(x), y.Shape));

    /// <inheritdoc/>
    public override void AddScaled(Tensor x, float alpha, Tensor y)
    {
        int scaled = Reshaped(Use(x), y.Shape);
        if (alpha != 1)
            scaled = Add(RecordedOperator.Scale, null, [scaled], y.Shape, reals: [alpha, 0]);
        Set(y, Add(RecordedOperator.Binary, BinaryOperation.Add, [Use(y), scaled], y.Shape));
    }

    /// <inheritdoc/>
    public override void ScaleAndShift(Tensor x, float scale, float shift, Tensor y) =>
        Set(y, Add(RecordedOperator.Scale, null, [Use(x)], y.Shape, reals: [scale, shift]));

    /// <inheritdoc/>
    public override void Unary(UnaryOperation operation, Tensor x, Tensor y) => Set(y, Add(RecordedOperator.Unary, operation, [Use(x)], y.Shape));

    /// <inheritdoc/>
    public override void Binary(BinaryOperation operation, Tensor a, Tensor b, Tensor y) =>
        Set(y, Add(RecordedOperator.Binary, operation, [Use(a), Use(b)], y.Shape));

    /// <inheritdoc/>
    public override void Gate(Tensor x, int outer, Tensor y)
    {
        int dimension = Enumerable.Range(0, x.Rank).First(d => TensorShape.Create(x.Shape.Sizes[..d]).Length == outer && x.Shape[d] == 2 * y.Shape[d]);
        Set(y, Add(RecordedOperator.Gate, dimension, [Use(x)], y.Shape));
    }

    /// <inheritdoc/>
    public override void Broadcast(Tensor x, Tensor y) => Set(y, Add(RecordedOperator.Expand, null, [Use(x)], y.Shape));

    /// <inheritdoc/>
    public override void Sum(Tensor x, Tensor y)
    {
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(d => x.Shape[d] != y.Shape[d])];
        // Over dimensions of size 1, as a whole picture's code may have: nothing is added.
        Set(y, axes.Length == 0 ? Reshaped(Use(x), y.Shape) : Add(RecordedOperator.Sum, Axes.Of(axes), [Use(x)], y.Shape));
    }

    /// <inheritdoc/>
    public override void Max(Tensor x, int dimension, Tensor y) => Set(y, Add(RecordedOperator.Max, dimension, [Use(x)], y.Shape));

    /// <inheritdoc/>
    public override void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor? bias, Tensor y) =>
        Set(y, Add(RecordedOperator.MatMul, (transposeA, transposeB), With([Use(a), Use(b)], bias), y.Shape));

    /// <inheritdoc/>
    public override void Conv2d(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor y) =>
        Set(y, Add(RecordedOperator.Convolution, geometry, With([Use(x), Use(weight)], bias), y.Shape));

    /// <inheritdoc/>
    public override void Conv2dInputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor dx)
    {
        (int more, int wider) = (Additional(dy.Shape[2], dx.Shape[2], geometry.KernelHeight, geometry), Additional(dy.Shape[3], dx.Shape[3], geometry.KernelWidth, geometry));
        Set(dx, Add(RecordedOperator.TransposedConvolution, (geometry, more, wider), With([Use(dy), Use(weight)], bias), dx.Shape));
    }

    /// <inheritdoc/>
    public override void Softmax(Tensor x, in AxisExtent extent, bool logarithm, Tensor y) =>
        Set(y, Add(RecordedOperator.Softmax, (AxesOf(x.Shape, extent)?.ToArray() is [long axis] ? (int)axis : throw NotRecorded("softmax over several dimensions"), logarithm), [Use(x)], y.Shape));

    /// <inheritdoc/>
    public override void Normalize(
        Tensor x, Tensor? weight, Tensor? bias, in AxisExtent extent, float epsilon, bool subtractMean, Tensor y, Tensor mean, Tensor reciprocal)
    {
        var setting = new NormalizationStep(AxesOf(x.Shape, extent), epsilon, subtractMean, weight is not null, bias is not null);
        Set(y, Add(RecordedOperator.Normalization, setting, With(With([Use(x)], weight), bias), y.Shape, [extent.Outer, extent.Count, extent.Inner]));
    }

    /// <inheritdoc/>
    public override void Permute(Tensor x, ReadOnlySpan<int> order, Tensor y) => Set(y, Add(RecordedOperator.Permute, Axes.Of(order.ToArray()), [Use(x)], y.Shape));

    /// <inheritdoc/>
    public override void Slice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y) =>
        Set(y, Add(RecordedOperator.Slice, null, [Use(x)], y.Shape, [.. starts, .. y.Shape.Sizes, .. steps]));

    /// <inheritdoc/>
    public override void PutSlice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y)
    {
        var storage = (RecordedStorage)y.Storage;
        int dimension = -1;
        for (int d = 0; d < y.Rank; d++)
        {
            if (starts[d] == 0 && x.Shape[d] == y.Shape[d] && steps[d] == 1)
                continue;
            if (dimension >= 0 || steps[d] != 1 || starts[d] != (storage.Parts ?? []).Sum(p => _steps[p.Step].Shape[d]))
                throw NotRecorded("writing into the middle of a tensor");
            dimension = d;
        }

        if (storage.Step >= 0 || (dimension >= 0 && storage.PartsDimension >= 0 && dimension != storage.PartsDimension))
            throw NotRecorded("writing into a tensor that is in use");
        storage.PartsDimension = dimension >= 0 ? dimension : storage.PartsDimension;
        (storage.Parts ??= []).Add((Use(x), x.Length));
    }

    /// <inheritdoc/>
    public override void Pad2d(Tensor x, in Padding2d padding, Tensor y) => Set(y, Add(
        RecordedOperator.Pad, padding.Mode, [Use(x)], y.Shape, [padding.Left, padding.Right, padding.Top, padding.Bottom], [padding.Value]));

    /// <inheritdoc/>
    public override void Gather(Tensor x, int[] rows, Tensor y) => Set(y, Add(RecordedOperator.Gather, constants.Add(rows), [Use(x)], y.Shape));

    /// <inheritdoc/>
    public override void Resample(Tensor x, ResamplingTaps rows, ResamplingTaps columns, Tensor y)
    {
        foreach (InterpolationMode mode in Enum.GetValues<InterpolationMode>())
        {
            foreach (bool aligns in new[] { false, true })
            {
                if (IsMadeBy(rows, mode, aligns) && IsMadeBy(columns, mode, aligns))
                {
                    Set(y, Add(RecordedOperator.Resample, new ResamplingStep(mode, aligns), [Use(x)], y.Shape, [rows.InputSize, columns.InputSize]));
                    return;
                }
            }
        }

        throw NotRecorded("resampling that is neither nearest, bilinear nor bicubic");
    }

    /// <inheritdoc/>
    public override void WindowAttention(Tensor queries, Tensor keysAndValues, in AttentionWindows windows, Tensor? bias, Tensor? mask, Tensor y)
    {
        int[] inputs = With(With([Use(queries), Use(keysAndValues)], bias), mask);
        Set(y, Add(RecordedOperator.WindowAttention, new WindowAttentionStep(windows, bias is not null, mask is not null), inputs, y.Shape, [.. queries.Shape.Sizes, .. keysAndValues.Shape.Sizes, mask?.Shape[0] ?? 1]));
    }

    // The weights are on the engine that they were made on.
    internal override bool Reads(TensorBackend other) => ReferenceEquals(this, other) || other is not RecordingBackend;

    private static bool IsMadeBy(ResamplingTaps taps, InterpolationMode mode, bool aligns)
    {
        ResamplingTaps made = InterpolationTaps.Create(taps.InputSize, taps.OutputSize, mode, aligns, null);
        return made.TapCount == taps.TapCount && made.Indices.AsSpan().SequenceEqual(taps.Indices) && made.Weights.AsSpan().SequenceEqual(taps.Weights);
    }

    private static int Additional(int size, int made, int kernel, in Conv2dGeometry geometry) =>
        made - (((size - 1) * geometry.Stride) - (2 * geometry.Padding) + (geometry.Dilation * (kernel - 1)) + 1);

    /// <summary>The dimensions that are seen as the middle of [outer, n, inner]; null where no whole dimensions are.</summary>
    private static Axes? AxesOf(TensorShape shape, AxisExtent extent)
    {
        for (int first = 0; first < shape.Rank; first++)
        {
            int count = 1;
            if (TensorShape.Create(shape.Sizes[..first]).Length != extent.Outer)
                continue;
            for (int last = first; last < shape.Rank; last++)
            {
                count *= shape[last];
                if (count == extent.Count && shape.Stride(last) == extent.Inner)
                    return Axes.Of(Enumerable.Range(first, last - first + 1));
            }
        }

        return null;
    }

    private int[] With(int[] inputs, Tensor? optional) => optional is null ? inputs : [.. inputs, Use(optional)];

    private void Set(Tensor y, int step) => (((RecordedStorage)y.Storage).Step, ((RecordedStorage)y.Storage).Parts) = (step, null);

    private int Add(RecordedOperator kind, object? setting, int[] inputs, TensorShape shape, int[]? sizes = null, float[]? reals = null)
    {
        _steps.Add(new RecordedStep(kind, setting, inputs, shape.Sizes.ToArray(), sizes ?? [], reals ?? []));
        return _steps.Count - 1;
    }

    /// <summary>The step that makes what a tensor holds now, in the tensor's shape.</summary>
    private int Use(Tensor x)
    {
        if (x.Storage is not RecordedStorage storage)
            return Reshaped(Known(x), x.Shape);
        if (storage.Parts is { } parts)
        {
            // A single image's first channels may be read before the last ones are written.
            int count = 0;
            int length = 0;
            while (count < parts.Count && length < x.Length)
                length += parts[count++].Length;
            while (count < parts.Count && parts[count].Length == 0)
                count++;
            if (length != x.Length)
                throw NotRecorded("reading a part of what was written together");
            return Reshaped(Joined([.. parts.Take(count).Select(p => p.Step)], storage.PartsDimension), x.Shape);
        }

        if (storage.Step < 0 || TensorShape.Create(_steps[storage.Step].Shape).Length != x.Length)
            throw NotRecorded("reading memory that no operator wrote");
        return Reshaped(storage.Step, x.Shape);
    }

    private int Joined(int[] parts, int dimension)
    {
        if (parts.Length == 1)
            return parts[0];
        int[] shape = [.. _steps[parts[0]].Shape];
        shape[dimension] = parts.Sum(p => _steps[p].Shape[dimension]);
        return Once($"join {dimension} {string.Join(' ', parts)}", () => Add(RecordedOperator.Concatenate, dimension, parts, TensorShape.Create(shape)));
    }

    private int Known(Tensor x)
    {
        if (weights.TryGetValue(x.Storage, out KeyValuePair<string, Tensor> weight))
            return Once("weight " + weight.Key, () => Add(RecordedOperator.Weight, weight.Key, [], weight.Value.Shape));
        string name = constants.Add(x.ToArray(), isFolded: true);
        return Once($"constant {name} {x.Shape}", () => Add(RecordedOperator.Constant, name, [], x.Shape));
    }

    private int Reshaped(int step, TensorShape shape)
    {
        if (shape.Sizes.SequenceEqual(_steps[step].Shape))
            return step;
        if (!_reshaped.TryGetValue((step, shape), out int reshaped))
            _reshaped[(step, shape)] = reshaped = Add(RecordedOperator.Reshape, null, [step], shape);
        return reshaped;
    }

    private int Once(string name, Func<int> add)
    {
        if (!_known.TryGetValue(name, out int step))
            _known[name] = step = add();
        return step;
    }

    private static OnnxExportException NotRecorded(string what) => new($"The network asks for {what}, which cannot be written as ONNX.");
}
