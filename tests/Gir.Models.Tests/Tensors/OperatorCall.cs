using System.Text.Json;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>One entry of the operator goldens, translated into a call.</summary>
internal sealed class OperatorCall(string name, JsonElement attributes, SafeTensors file, TensorBackend backend)
{
    public Dictionary<string, Tensor> Leaves { get; } = [];

    public Tensor[] Run()
    {
        string kind = name.Split('.')[0];
        string variant = name.Contains('.', StringComparison.Ordinal) ? name[(kind.Length + 1)..] : "";
        return kind switch
        {
            "conv2d" => [Convolution(variant)],
            "conv_transpose2d" => [In("x").ConvTranspose2d(In("weight"), Optional("bias"), Int("stride"), Int("padding"), Int("output_padding"), Int("groups"))],
            "linear" => [In("input").Linear(In("weight"), Optional("bias"))],
            "matmul" => [MatMul(variant)],
            "softmax" => [In("x").Softmax(Int("dim"))],
            "log_softmax" => [In("x").LogSoftmax(Int("dim"))],
            "cross_entropy" => [In("x").CrossEntropy(Array.ConvertAll(file.Int64s(name + ".in.target"), v => (int)v))],
            "layer_norm" or "layer_norm_with_bias" => [In("x").LayerNorm(Optional("weight"), Optional("bias"), Float("eps"))],
            "layer_norm_bias_free" => [In("x").LayerNorm(In("weight"), null, Float("eps"), subtractMean: false)],
            "layer_norm2d" => [In("x").LayerNorm2d(In("weight"), In("bias"), Float("eps"))],
            "instance_norm" => [In("x").InstanceNorm(Optional("weight"), Optional("bias"), Float("eps"))],
            "group_norm" => [In("x").GroupNorm(Int("groups"), In("weight"), In("bias"), Float("eps"))],
            "batch_norm" => BatchNorm(),
            "gelu" => [In("x").Gelu()],
            "relu" => [In("x").Relu()],
            "leaky_relu" => [In("x").LeakyRelu(Float("negative_slope"))],
            "prelu" => [In("x").Prelu(In("weight"))],
            "sigmoid" => [In("x").Sigmoid()],
            "tanh" => [In("x").Tanh()],
            "silu" => [In("x").Silu()],
            "softplus" => [In("x").Softplus(Float("beta"), Float("threshold"))],
            "relu6" => [In("x").Relu6()],
            "hardsigmoid" => [In("x").HardSigmoid()],
            "exp" => [In("x").Exp()],
            "log" => [In("x").Log()],
            "sqrt" => [In("x").Sqrt()],
            "rsqrt" => [In("x").ReciprocalSqrt()],
            "pow2" => [In("x").Square()],
            "erf" => [In("x").Erf()],
            "abs" => [In("x").Abs()],
            "clamp" => [In("x").Clamp(Float("min"), attributes.TryGetProperty("max", out _) ? Float("max") : float.PositiveInfinity)],
            "simple_gate" => [In("x").SimpleGate()],
            "add" => [In("a") + In("b")],
            "sub" => [In("a") - In("b")],
            "mul" => [In("a") * In("b")],
            "div" => [In("a") / In("b")],
            "pixel_shuffle" => [In("x").PixelShuffle(Int("factor"))],
            "pixel_unshuffle" => [In("x").PixelUnshuffle(Int("factor"))],
            "interpolate" => [Interpolate()],
            "roll" => [In("x").Roll(Ints("shifts"), Ints("dims"))],
            "window_partition" => [In("x").WindowPartition(Int("window"))],
            "window_reverse" => [In("x").WindowReverse(Int("window"), Int("height"), Int("width"))],
            "window" => [In("x").Roll([-2, -2], [1, 2]).WindowPartition(4).WindowReverse(4, 8, 12).Roll([2, 2], [1, 2])],
            "shift_mask" => [Windows.ShiftMask(Int("height"), Int("width"), Int("window"), Int("shift"), backend)],
            "relative_position_index" => [Index(Windows.RelativePositionIndex(Int("window")))],
            "relative_position_index_oca" => [Index(Windows.OverlappingRelativePositionIndex(Int("window"), Float("overlap_ratio")))],
            "unfold" => [In("x").Unfold(Int("kernel"), Int("stride"), Int("padding"), Int("dilation"))],
            "fold" => [In("x").Fold(Ints("output")[0], Ints("output")[1], Int("kernel"), 1, Int("padding"))],
            "pad" => [In("x").Pad2d(Enum.Parse<TensorPadMode>(Text("mode"), ignoreCase: true), Int("left"), Int("right"), Int("top"), Int("bottom"), attributes.TryGetProperty("value", out _) ? Float("value") : 0)],
            "adaptive_avg_pool" => [In("x").GlobalAveragePool2d()],
            "max_pool" => [In("x").MaxPool2d(Int("kernel"), OptionalInt("stride"), OptionalInt("padding") ?? 0)],
            "avg_pool" => [In("x").AveragePool2d(Int("kernel"), OptionalInt("stride"), OptionalInt("padding") ?? 0)],
            "normalize" => [In("x").NormalizeL2(Int("dim"), Float("eps"))],
            "cat" => [TensorOps.Concatenate(Int("dim"), Inputs("a", "b", "c"))],
            "split" => In("x").Split(Int("dim"), Ints("sizes")),
            "chunk" => In("x").Chunk(Int("chunks"), Int("dim")),
            "stack" => [TensorOps.Stack(Int("dim"), Inputs("a", "b"))],
            "mean" => [In("x").Mean(Ints("axes"), attributes.GetProperty("keepdim").GetBoolean())],
            "sum" => [variant == "all" ? In("x").Sum() : In("x").Sum(Ints("axes"), false)],
            "var" => [In("x").Variance([Int("axis")], file.Shape(name + ".out").Length == file.Shape(name + ".in.x").Length)],
            "max" => [In("x").Max(Int("axis"), attributes.TryGetProperty("keepdim", out JsonElement keep) && keep.GetBoolean())],
            "loss" => [Loss(variant)],
            "view" => [View(variant)],
            "attention" => [RestormerAttention()],
            _ => throw new NotSupportedException($"No translation for golden '{name}'."),
        };
    }

    private Tensor Convolution(string variant)
    {
        Tensor x = In("x");
        switch (variant)
        {
            case "permuted_input":
                return x.Permute(0, 3, 1, 2).Conv2d(In("weight"), In("bias"), padding: 1);
            case "sliced_input":
                return x.Slice([0, 1, 2, 0], [2, 3, 6, 6], [1, 1, 1, 1]).Conv2d(In("weight"), padding: 1);
            case "dynamic_depthwise":
                (int n, int c, int h, int w) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
                return x.Reshape(1, n * c, h, w).Conv2d(In("kernel").Reshape(n * c, 1, 3, 3), padding: 1, groups: n * c).Reshape(n, c, h, w);
        }

        string mode = Text("padding_mode");
        return x.Conv2d(
            In("weight"), Optional("bias"), Int("stride"), Int("padding"), Int("dilation"), Int("groups"),
            mode == "zeros" ? TensorPadMode.Constant : Enum.Parse<TensorPadMode>(mode, ignoreCase: true));
    }

    private Tensor MatMul(string variant)
    {
        switch (variant)
        {
            case "transposed_b":
                return In("a").MatMulTransposed(In("b"));
            case "qkv_permute":
                Tensor x = In("x");
                const int Heads = 2;
                int d = x.Shape[2] / 3 / Heads;
                Tensor qkv = x.Reshape(x.Shape[0], x.Shape[1], 3, Heads, d).Permute(2, 0, 3, 1, 4);
                Tensor[] parts = [.. qkv.Split(0, 1, 1, 1).Select(p => p.Reshape(p.Shape[1], p.Shape[2], p.Shape[3], p.Shape[4]))];
                return parts[0].MatMulTransposed(parts[1]).Softmax(-1).MatMul(parts[2]);
            default:
                return In("a").MatMul(In("b"));
        }
    }

    private Tensor[] BatchNorm()
    {
        Tensor mean = In("running_mean", leaf: false);
        Tensor variance = In("running_var", leaf: false);
        if (!attributes.GetProperty("training").GetBoolean())
            return [In("x").BatchNorm(mean, variance, In("weight"), In("bias"), Float("eps"))];
        Tensor y = In("x").BatchNormTraining(mean, variance, In("weight"), In("bias"), Float("momentum"), Float("eps"));
        return [y, mean, variance];
    }

    private Tensor Interpolate()
    {
        var mode = Enum.Parse<InterpolationMode>(Text("mode"), ignoreCase: true);
        bool align = attributes.GetProperty("align_corners").GetBoolean();
        if (attributes.TryGetProperty("scale_factor", out JsonElement scale) && scale.ValueKind == JsonValueKind.Number)
            return In("x").Interpolate(scale.GetDouble(), mode);
        return In("x").Interpolate(Ints("size")[0], Ints("size")[1], mode, align);
    }

    private Tensor Loss(string variant)
    {
        Tensor input = In("input");
        Tensor target = In("target");
        return variant switch
        {
            "l1_mean" => input.L1Loss(target),
            "l1_sum" => (input - target).Abs().Sum(),
            "mse_mean" => input.MeanSquaredErrorLoss(target),
            "charbonnier_mean" => input.CharbonnierLoss(target),
            "charbonnier_1e-3" => input.CharbonnierLoss(target, 1e-3f * 1e-3f),
            "psnr_nafnet" => input.PsnrLoss(target),
            "smooth_l1" => input.SmoothL1Loss(target),
            "bce_logits" => input.BinaryCrossEntropyWithLogits(target.Sigmoid()),
            _ => throw new NotSupportedException(name),
        };
    }

    private Tensor View(string variant)
    {
        switch (variant)
        {
            case "index_select_table":
                return In("table").GatherRows([0, 3, 3, -1, 2]);
            case "layer_norm_permuted":
                return In("x").Permute(0, 2, 3, 1).LayerNorm(In("weight"), In("bias"));
        }

        Tensor x = In("x");
        switch (variant)
        {
            case "permute_reshape":
                return x.Permute(0, 2, 3, 1).Reshape(x.Shape[0], x.Shape[2] * x.Shape[3], x.Shape[1]) * 2;
            case "flatten_transpose":
                return x.Flatten(2).Transpose(1, 2).Softmax(-1);
            case "transpose_sum":
                return x.Transpose(1, 3).Sum([-1], keepDimensions: false);
            case "expand_mul":
                return x.Expand([4, 3, 5]) * Tensor.From([.. Enumerable.Range(0, 60).Select(i => (float)i)], [4, 3, 5], backend);
            case "strided_slice":
                return x.Slice([0, 0, 1], [2, 4, 3], [1, 2, 3]).Square();
            case "reuse_twice":
                return (x * x.Transpose(0, 1)).Sum() + x.Mean();
            case "add_inplace_residual":
                Tensor y = x * 2;
                return (y + x).Relu() + y;
            default:
                throw new NotSupportedException(name);
        }
    }

    private Tensor RestormerAttention()
    {
        Tensor q = In("q").NormalizeL2(-1);
        Tensor k = In("k").NormalizeL2(-1);
        return (q.MatMulTransposed(k) * In("temperature")).Softmax(-1).MatMul(In("v"));
    }

    private Tensor Index(int[] values) =>
        Tensor.From(Array.ConvertAll(values, v => (float)v), TensorShape.Create(file.Shape(name + ".out")), backend);

    private Tensor[] Inputs(params string[] names) => [.. names.Where(n => file.Contains($"{name}.in.{n}")).Select(n => In(n))];

    private Tensor? Optional(string input) => file.Contains($"{name}.in.{input}") ? In(input) : null;

    private Tensor In(string input, bool leaf = true)
    {
        string key = $"{name}.in.{input}";
        Tensor tensor = Tensor.From(file.Floats(key), TensorShape.Create(file.Shape(key)), backend);
        tensor.RequiresGradient = leaf;
        return leaf ? Leaves[input] = tensor : tensor;
    }

    private int Int(string attribute) => attributes.GetProperty(attribute).GetInt32();

    private int? OptionalInt(string attribute) => attributes.TryGetProperty(attribute, out JsonElement value) ? value.GetInt32() : null;

    private float Float(string attribute) => (float)attributes.GetProperty(attribute).GetDouble();

    private string Text(string attribute) => attributes.GetProperty(attribute).GetString()!;

    private int[] Ints(string attribute) => [.. attributes.GetProperty(attribute).EnumerateArray().Select(e => e.GetInt32())];
}
